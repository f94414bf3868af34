// SPDX-License-Identifier: MIT
// `portside list` as a person runs it, and its table.
#include "app/cli/list_command.h"

#include "tests/support/child.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace portside;
using support::run;

namespace {

const std::string kPortside = PORTSIDE_BUILD "/portside";

snapshot::Row row(std::uint16_t port, const char* address) {
    snapshot::Row made;
    made.key.port = port;
    made.port_text = std::to_string(port);
    made.address_text = address;
    made.user = "me";
    made.sockets.resize(1);
    return made;
}

} // namespace

TEST_CASE("the table is aligned by characters and shows the state only where one is bound") {
    snapshot::Snapshot canned;
    snapshot::Process process;
    process.id = {42, 1};
    process.name = "n\u00f6de";
    canned.processes.push_back(process);
    canned.rows = {row(80, "*"), row(3000, "127.0.0.1")};
    canned.rows[0].owners.push_back({process.id, snapshot::Knowledge::holds, {}});
    canned.rows[0].owners.push_back({{43, 1}, snapshot::Knowledge::holds, {}});
    canned.rows[1].unknown = snapshot::Unknown::not_permitted;
    const auto all = snapshot::arrange(canned, snapshot::Query(), {});
    CHECK(cli::table_text(canned, all) == "PORT  PROTO  PROCESS        PID  USER  ADDRESS\n"
                                          "  80  tcp    n\u00f6de +1         42  me    *\n"
                                          "3000  tcp    (not visible)    -  me    127.0.0.1\n");
    canned.rows[1].state = platform::SocketState::bound;
    CHECK(cli::table_text(canned, all).find("127.0.0.1  BOUND\n") != std::string::npos);
}

TEST_CASE("labels have a column where one of the rows has one") {
    snapshot::Snapshot canned;
    canned.rows = {row(80, "*"), row(3000, "127.0.0.1")};
    const snapshot::PortBook book{{{platform::Protocol::tcp, 3000}, {false, "shop fr\u00f6nt"}},
                                  {{platform::Protocol::udp, 80}, {false, "another protocol"}}};
    const auto tags = snapshot::tags_of(canned, book, {1000, 1000});
    const auto table = [&](std::vector<std::uint32_t> rows) {
        snapshot::Arrangement some;
        some.rows = std::move(rows);
        return cli::table_text(canned, some, tags.get());
    };
    CHECK(table({0, 1}).find("ADDRESS    LABEL\n") != std::string::npos);
    CHECK(table({0, 1}).find("127.0.0.1  shop fr\u00f6nt\n") != std::string::npos);
    CHECK(table({0}).find("LABEL") == std::string::npos);
    canned.rows[0].state = platform::SocketState::bound;
    CHECK(table({0, 1}).find("LABEL       STATE\n") != std::string::npos);
}

TEST_CASE("a view prints its rows only and says what is wrong with the file of labels") {
    support::Child child({{PORTSIDE_BUILD "/tests/test_listener"}});
    const auto port = child.first_line();
    const auto in_view = [&](const char* view) {
        const auto listed = run({{kPortside, "list", "--view", view, "port:" + port}});
        CHECK(listed.status == 0);
        return listed.output.find("test_listener") != std::string::npos;
    };
    CHECK(in_view("all"));
    CHECK(in_view("mine"));
    CHECK_FALSE(in_view("db"));
    CHECK_FALSE(in_view("exposed"));
    std::string folder = "/tmp/portside-cli-XXXXXX";
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    std::filesystem::create_directories(folder + "/portside");
    const auto listed = [&](const std::string& notes) {
        std::ofstream(folder + "/portside/ports.toml") << notes;
        return run({{kPortside, "list", "label:kiosk"}, {"PATH=/usr/bin:/bin", "XDG_CONFIG_HOME=" + folder}});
    };
    const auto good = listed("[tcp." + port + "]\nlabel = \"Kiosk\"\n");
    CHECK(good.output.find("Kiosk\n") != std::string::npos);
    CHECK(good.errors.find("ports.toml") == std::string::npos);
    const auto bad = listed("[tcp." + port + "]\nlabel = Kiosk\n");
    CHECK(bad.status == 0);
    CHECK(bad.output.find("Kiosk") == std::string::npos);
    CHECK(bad.errors.find("ports.toml, line 2: ") != std::string::npos);
    std::filesystem::remove_all(folder);
}

TEST_CASE("a row without owner says what its cgroup says") {
    snapshot::Snapshot canned;
    for (const pid_t pid : {812, 813}) {
        snapshot::Process process;
        process.id = {pid, 1};
        process.name = "nginx";
        canned.processes.push_back(process);
    }
    canned.rows.assign(1, row(80, "*"));
    auto& shown = canned.rows[0];
    shown.unknown = snapshot::Unknown::not_permitted;
    shown.unit = platform::Unit{"nginx.service", {}};
    const auto process_cell = [&] {
        const auto text = cli::table_text(canned, snapshot::arrange(canned, snapshot::Query(), {}));
        const auto line = text.substr(text.find('\n') + 1);
        return line.substr(line.find("tcp    ") + 7,
                           line.find("  ", line.find("tcp    ") + 7) - line.find("tcp    ") - 7);
    };
    CHECK(process_cell() == "unit nginx.service (not visible)");
    shown.candidates = {{{812, 1}, snapshot::Knowledge::candidate, {}}};
    CHECK(process_cell() == "unit nginx.service (candidate: nginx 812)");
    shown.candidates.push_back({{813, 1}, snapshot::Knowledge::candidate, {}});
    CHECK(process_cell() == "unit nginx.service (candidates: nginx 812 +1)");
    shown.unit.reset();
    CHECK(process_cell() == "(candidates: nginx 812 +1)");
    shown.candidates.clear();
    shown.container = platform::Container{platform::Engine::docker, "0123456789abcdef", ""};
    CHECK(process_cell() == "container 0123456789ab (not visible)");
    shown.container->name = "web";
    shown.unknown = snapshot::Unknown::not_found;
    CHECK(process_cell() == "container web (no process)");
    shown.candidates = {{{999, 1}, snapshot::Knowledge::candidate, {}}}; // not in the snapshot
    CHECK(process_cell() == "container web (candidate: ? 999)");
}

TEST_CASE("list finds a listener by its exact port and names its process") {
    support::Child child({{PORTSIDE_BUILD "/tests/test_listener"}});
    const auto port = child.first_line();
    const auto listed = run({{kPortside, "list", "port:" + port}});
    CHECK(listed.status == 0);
    CHECK(listed.output.find("test_listener") != std::string::npos);
    CHECK(listed.output.find(std::to_string(child.pid())) != std::string::npos);
    const auto excluded = run({{kPortside, "list", "port:" + port, "--", "-test_listener"}});
    CHECK(excluded.status == 0);
    CHECK(excluded.output.find("test_listener") == std::string::npos);
}

TEST_CASE("list prints one JSON object with the keys of the schema") {
    support::Child child({{PORTSIDE_BUILD "/tests/test_listener"}});
    const auto port = child.first_line();
    for (const char* source : {"--source=auto", "--source=netlink", "--source=proc"}) {
        CAPTURE(source);
        const auto listed = run({{kPortside, "list", "--json", source, "port:" + port}});
        REQUIRE(listed.status == 0);
        const auto json = nlohmann::json::parse(listed.output);
        CHECK(json.at("version") == 1);
        REQUIRE(json.at("rows").size() == 1);
        const auto& found = json.at("rows").at(0);
        CHECK(found.at("protocol") == "tcp");
        CHECK(found.at("port") == std::stoi(port));
        CHECK(found.at("state") == "LISTEN");
        CHECK(found.at("exposure") == "loopback");
        CHECK(found.at("owner_unknown").is_null());
        CHECK(found.at("owners").at(0).at("pid") == child.pid());
        CHECK(found.at("owners").at(0).at("knowledge") == "holds");
        CHECK(found.at("sockets").at(0).at("local_address") == "127.0.0.1");
        CHECK(json.at("sources").at("tcp4") == (std::string(source) == "--source=proc" ? "proc" : "sock_diag"));
    }
}

TEST_CASE("a query that matches nothing exits 0 with the header alone") {
    const auto listed = run({{kPortside, "list", "name:there-is-no-such-program"}});
    CHECK(listed.status == 0);
    CHECK(listed.output.find('\n') == listed.output.size() - 1);
}

TEST_CASE("a full disk below standard output is an error") {
    const auto listed = run({{"/bin/sh", "-c", kPortside + " list --json > /dev/full"}});
    CHECK(listed.status == 1);
    CHECK(listed.errors.find("could not be written") != std::string::npos);
}

TEST_CASE("without a display the overlay is refused in one sentence that names the way out") {
    const auto opened = run({{kPortside}, {"PATH=/usr/bin:/bin", "HOME=/nonexistent"}});
    CHECK(opened.status == 1);
    CHECK(opened.output.empty());
    CHECK(opened.errors.find("portside list") != std::string::npos);
    CHECK(opened.errors.find('\n') == opened.errors.size() - 1);
    const auto overlay = run({{PORTSIDE_BUILD "/portside-overlay"}, {"PATH=/usr/bin:/bin", "HOME=/nonexistent"}});
    CHECK(overlay.status == 1);
    CHECK(overlay.errors.find("portside list") != std::string::npos);
}

TEST_CASE("the command line loads no library of the window or the bus") {
    const auto libraries = run({{"/usr/bin/ldd", kPortside}});
    CHECK(libraries.status == 0);
    for (const char* library : {"libGL", "libX11", "libglfw", "libfontconfig", "libwayland", "libsystemd"}) {
        CHECK(libraries.output.find(library) == std::string::npos);
    }
}

#ifdef PORTSIDE_STATIC_RUNTIME
TEST_CASE("the command line brings its own runtime along and loads libmnl and libc only") {
    const auto libraries = run({{"/usr/bin/ldd", kPortside}});
    CHECK(libraries.status == 0);
    for (const char* library : {"libstdc++", "libgcc", "libfmt", "libm.so"}) {
        CHECK(libraries.output.find(library) == std::string::npos);
    }
}
#endif
