// SPDX-License-Identifier: MIT
// The words of rows, status bar and details, without ImGui.
#include "app/ui/details_text.h"
#include "app/ui/row_text.h"
#include "tests/ui/models.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <doctest/doctest.h>

using namespace portside;
using namespace portside::ui;

namespace {

snapshot::Process process(std::optional<std::string> cwd, std::vector<std::string> command_line) {
    snapshot::Process made;
    made.cwd = std::move(cwd);
    made.command_line = std::move(command_line);
    made.executable = "/usr/bin/node";
    return made;
}

} // namespace

TEST_CASE("words - the second voice tells one instance from another") {
    CHECK(second_voice(process("/home/me/src/shop", {"node", "x.js"}), "/home/me") == "~/src/shop");
    CHECK(second_voice(process("/home/me", {"node", "x.js", "-v"}), "/home/me") == "x.js -v");
    CHECK(second_voice(process("/home/mere/src", {"node", "x.js"}), "/home/me") == "x.js");
    CHECK(second_voice(process("/", {"node", "x.js"}), "/") == "x.js");
    CHECK(second_voice(process(std::nullopt, {"node"}), "/home/me") == "/usr/bin/node");
    CHECK(second_voice(process("/srv", {}), "") == "/usr/bin/node");
    CHECK(second_voice(process(std::nullopt, {"x", std::string(100000, 'a'), "b"}), "").size() < 200000);
}

TEST_CASE("words - which source served what") {
    snapshot::Snapshot snapshot;
    const auto set = [&snapshot](platform::Source a, platform::Source b, platform::Source c, platform::Source d) {
        snapshot.tables = {{{a, ""}, {b, ""}, {c, ""}, {d, ""}}};
        return sources_in_short(snapshot);
    };
    using platform::Source;
    CHECK(set(Source::sock_diag, Source::sock_diag, Source::sock_diag, Source::sock_diag) == "sock_diag");
    CHECK(set(Source::proc, Source::proc, Source::proc, Source::proc) == "/proc/net");
    CHECK(set(Source::sock_diag, Source::sock_diag, Source::proc, Source::proc) == "sock_diag, UDP by /proc/net");
    CHECK(set(Source::proc, Source::proc, Source::sock_diag, Source::none) == "/proc/net, UDP by sock_diag");
    CHECK(set(Source::sock_diag, Source::none, Source::sock_diag, Source::none) == "sock_diag");
    CHECK(set(Source::sock_diag, Source::proc, Source::sock_diag, Source::sock_diag) ==
          "sock_diag, TCP IPv6 by /proc/net");
    CHECK(set(Source::none, Source::none, Source::none, Source::none) == "no source");
    snapshot.tables[2] = {Source::proc, "The module udp_diag is missing."};
    CHECK(sources_in_full(snapshot).find("UDP IPv4: /proc/net. The module udp_diag is missing.") != std::string::npos);
}

TEST_CASE("words - what a scan cost") {
    CHECK(cost_text(std::chrono::microseconds{480}) == "0.5 ms");
    CHECK(cost_text(std::chrono::microseconds{12400}) == "12 ms");
}

TEST_CASE("words - details name owners parents sockets and source") {
    const Model model = canned::model_of(canned::developer_machine());
    const auto gunicorn = facts_of(model, row_of(model, 4000));
    CHECK(text_of(gunicorn, "COMMAND LINE") == "gunicorn api.wsgi --workers 4");
    CHECK(text_of(gunicorn, "WORKING DIRECTORY") == "~/src/api");
    CHECK(text_of(gunicorn, "PID") == "47112");
    CHECK(text_of(gunicorn, "STARTED") == "at tick 4711200 since boot");
    CHECK(text_of(gunicorn, "WHY IT IS RUNNING") == "child of bash (4100)\nchild of systemd (1)");
    CHECK(text_of(gunicorn, "5 OWNERS").find("gunicorn (47116), holds the socket") != std::string::npos);
    CHECK(text_of(gunicorn, "SOCKET").find("127.0.0.1:4000\n  LISTEN, inode") == 0);
    CHECK(text_of(gunicorn, "SOCKET").find("by sock_diag") != std::string::npos);
    const auto ssh = facts_of(model, row_of(model, 22));
    CHECK(text_of(ssh, "OWNER") == "owner not visible to you");
    CHECK(text_of(ssh, "USER OF THE SOCKET") == "root");
    CHECK(text_of(ssh, "SOCKETS").find("[::]:22") != std::string::npos);
}

TEST_CASE("words - parents that run in a circle end") {
    Model model = canned::model_of(canned::developer_machine());
    auto changed = std::make_shared<snapshot::Snapshot>(*model.snapshot);
    std::vector<snapshot::Process> processes(changed->processes.begin(), changed->processes.end());
    for (snapshot::Process& each : processes) {
        each.parent = each.id.pid == 4100 ? 1 : 4100;
    }
    changed->processes = snapshot::ProcessList(processes);
    model.snapshot = changed;
    const std::string parents = text_of(facts_of(model, row_of(model, 3000)), "WHY IT IS RUNNING");
    CHECK(std::ranges::count(parents, '\n') < 40);
}

TEST_CASE("words - a row without an owner is copied as its port") {
    const Model model = canned::model_of(canned::developer_machine());
    CHECK(copy_text(*model.snapshot, row_of(model, 22)) == "22");
    CHECK(copy_text(*model.snapshot, row_of(model, 6379)) == "6379 redis-server 39001");
}

TEST_CASE("words - how an owner is known is written beside it") {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    snapshot::Row row;
    row.owners.push_back({{7, 1}, snapshot::Knowledge::holds, {}});
    CHECK(knowledge_text(row).empty());
    row.owners[0].knowledge = snapshot::Knowledge::administrator;
    row.owners[0].seen_at = snapshot::WallTime(std::chrono::hours(12) + std::chrono::minutes(3));
    CHECK(knowledge_text(row) == "seen as administrator, 12:03");
    row.owners.clear();
    row.unknown = snapshot::Unknown::not_permitted;
    CHECK(knowledge_text(row) == "owner not visible to you");
}
