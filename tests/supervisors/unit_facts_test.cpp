// SPDX-License-Identifier: MIT
// core/supervisors/unit_facts, unit_errors: words and guard rails.
#include "core/supervisors/unit_errors.h"
#include "core/supervisors/unit_facts.h"

#include <doctest/doctest.h>

using namespace portside::supervisors;
using portside::platform::Unit;

namespace {
UnitFacts nginx(std::string restart = "no") {
    UnitFacts facts;
    facts.unit = {"nginx.service", std::nullopt};
    facts.restart = std::move(restart);
    return facts;
}
} // namespace

TEST_CASE("unit_facts - a unit with Restart or a socket comes back") {
    CHECK_FALSE(comes_back(nginx()));
    CHECK_FALSE(comes_back(nginx("")));
    CHECK(why_stop(nginx()).empty());
    CHECK(comes_back(nginx("always")));
    CHECK(why_stop(nginx("always")) == "nginx.service has Restart=always: systemd will start it again.");
    CHECK(why_stop(nginx("on-failure")) == "nginx.service has Restart=on-failure: systemd may start it again.");
    auto facts = nginx();
    facts.sockets = {"nginx.socket"};
    CHECK(comes_back(facts));
    CHECK(why_stop(facts).find("nginx.socket, which keeps the port") != std::string::npos);
    CHECK(what_is_stopped(facts) == "stop nginx.service and nginx.socket, which keeps the port for it");
    facts.other_starters = {"nginx.timer"};
    CHECK(stopped_sentence(facts) ==
          "nginx.service was stopped, and nginx.socket with it; nginx.timer can start it again");
}

TEST_CASE("unit_facts - a socket unit says what it does and what is stopped with it") {
    UnitFacts facts;
    facts.unit = {"web.socket", std::nullopt};
    CHECK(why_stop(facts) == "web.socket is a socket unit: systemd holds the port for it, and starts a service when "
                             "somebody connects. Stopping it frees the port.");
    facts.starts = {"web.service"};
    CHECK(why_stop(facts).find("starts web.service when") != std::string::npos);
    CHECK(what_is_stopped(facts) == "stop web.socket");
    facts.services = facts.starts;
    facts.also_listening = {"web6.socket"};
    CHECK(what_is_stopped(facts) ==
          "stop web.socket and web6.socket, which keeps the port too and web.service, which it started");
    CHECK(stopped_sentence(facts) == "web.socket was stopped, and web6.socket with it, and web.service with it");
}

TEST_CASE("unit_facts - commands for a terminal") {
    CHECK(list_sockets_command(std::nullopt, 1000) == "systemctl list-sockets");
    CHECK(list_sockets_command(1000, 1000) == "systemctl --user list-sockets");
    CHECK(list_sockets_command(1001, 1000) == "sudo systemctl --user --machine=1001@.host list-sockets");
    CHECK(stop_command({"nginx.service", std::nullopt}, 1000) == "sudo systemctl stop nginx.service");
    CHECK(stop_command({"nginx.service", std::nullopt}, 0) == "systemctl stop nginx.service");
    CHECK(stop_command({"a\\x2db.service", 1000}, 1000) == "systemctl --user stop 'a\\x2db.service'");
    CHECK(stop_command({"a.service", 1001}, 1000) == "sudo systemctl --user --machine=1001@.host stop a.service");
}

TEST_CASE("unit_facts - names of units") {
    CHECK(is_unit_name("nginx.service"));
    CHECK(is_unit_name("app-gnome-a\\x2db@1.service"));
    CHECK(is_unit_name("run-u5.scope"));
    for (const char* const name :
         {"", ".service", "nginx", "a b.service", "a/b.service", "a;b.service", "a'b.service"}) {
        CHECK_FALSE(is_unit_name(name));
    }
    CHECK_FALSE(is_unit_name(std::string(300, 'a') + ".service"));
}

TEST_CASE("unit_facts - what is never stopped") {
    const std::string cgroup = "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-term.scope\n";
    const auto never = [&](const char* name, std::optional<uid_t> manager = std::nullopt) {
        const auto why = why_never_stopped({name, manager}, cgroup);
        CHECK((!why || !why->empty()));
        return why.has_value();
    };
    CHECK_FALSE(never("nginx.service"));
    CHECK_FALSE(never("nginx.socket"));
    CHECK_FALSE(never("app-other.scope", 1000));
    CHECK(never("init.scope"));
    CHECK(never("session-2.scope"));
    CHECK(never("user@1001.service"));
    CHECK(never("system.slice"));
    CHECK(never("multi-user.target"));
    CHECK(never("app-term.scope", 1000)); // Portside itself runs there
    CHECK(never("user@1000.service"));
    CHECK(never("no unit"));
}

TEST_CASE("unit_errors - each refusal says what to do") {
    const Unit unit{"nginx.service", std::nullopt};
    const auto agentless =
        trouble_of_error("org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", "x", unit, 1000);
    CHECK(agentless.kind == Trouble::Kind::not_authorised);
    CHECK(agentless.sentence.find("sudo systemctl stop nginx.service") != std::string::npos);
    CHECK(agentless.sentence.find("authentication agent") != std::string::npos);
    CHECK(trouble_of_error("org.freedesktop.DBus.Error.AccessDenied", "", unit, 1000).kind ==
          Trouble::Kind::not_authorised);
    CHECK(trouble_of_error("org.freedesktop.systemd1.NoSuchUnit", "", unit, 1000).kind == Trouble::Kind::gone);
    CHECK(trouble_of_error("org.freedesktop.DBus.Error.NoReply", "", unit, 1000).kind == Trouble::Kind::unreachable);
    const auto other = trouble_of_error("org.x.Strange", "bad\nthing", unit, 1000);
    CHECK(other.kind == Trouble::Kind::failed);
    CHECK(other.sentence.find("bad thing") != std::string::npos);
    CHECK(trouble_of_job("failed", unit, 1000).sentence.find("systemctl status nginx.service") != std::string::npos);
    CHECK(trouble_of_job("canceled", unit, 1000).sentence.find("cancelled") != std::string::npos);
}
