// SPDX-License-Identifier: MIT
// Which ways a row offers, and what rows and details say of units, containers and candidates. Without ImGui.
#include "app/ui/details_text.h"
#include "app/ui/row_text.h"
#include "app/ui/row_view.h"
#include "app/ui/ways.h"
#include "tests/ui/models.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace portside;
using namespace portside::ui;
using Actions = std::vector<RowAction>;

namespace {

Actions actions_of(const Model& model) {
    Actions actions;
    for (const Way& way : ways_of(model, 0)) {
        CHECK_FALSE(way.label.empty());
        CHECK_FALSE(way.meaning.empty());
        actions.push_back(way.action);
    }
    return actions;
}

pid_t process_parent(const snapshot::Snapshot& snapshot, pid_t pid) {
    const auto at = std::ranges::find(snapshot.processes, pid, [](const auto& process) { return process.id.pid; });
    return at == snapshot.processes.end() ? 0 : at->parent;
}

const canned::RowWords kOwned{.port = 3000, .pid = 10, .name = "node", .unit = "shop.service", .unit_of = canned::kMe};
const canned::RowWords kOwnerless{
    .port = 80, .user = "root", .unit = "nginx.service", .candidates = {{812, "nginx"}, {813, "nginx"}}};

} // namespace

TEST_CASE("ways - an own process in a unit") {
    CHECK(actions_of(model_with({kOwned})) ==
          Actions{RowAction::kill, RowAction::kill_tree, RowAction::stop_unit, RowAction::force_kill});
}

TEST_CASE("ways - a candidate is never offered a kill") {
    Model model = model_with({kOwnerless});
    CHECK(actions_of(model) == Actions{RowAction::reveal_owner, RowAction::stop_unit});
    CHECK(default_action(*model.snapshot, model.snapshot->rows[0], canned::kMe) == RowAction::reveal_owner);
    CHECK(default_action(*model.snapshot, model.snapshot->rows[0], 0) == RowAction::reveal_owner);
    model.revealing = true; // one prompt tells of every row
    CHECK(actions_of(model) == Actions{RowAction::stop_unit});
}

TEST_CASE("ways - another users process wants an administrator for each way that signals") {
    auto words = kOwned;
    words.user = "root";
    const Model model = model_with({words});
    const auto ways = ways_of(model, 0);
    CHECK(actions_of(model) == Actions{RowAction::kill_as_administrator, RowAction::kill_tree, RowAction::stop_unit,
                                       RowAction::force_kill_as_administrator});
    CHECK(ways[1].label.find("as administrator") != std::string::npos);
}

TEST_CASE("ways - the container behind a forwarder is stopped and a container of its own may be killed in") {
    canned::RowWords words{.port = 8080, .pid = 10, .name = "docker-proxy", .user = "root", .container = "web"};
    Model model = model_with({words});
    CHECK(actions_of(model) == Actions{RowAction::stop_container, RowAction::kill_as_administrator});
    CHECK(ways_of(model, 0)[0].label == "Stop container web");
    CHECK(default_action(*model.snapshot, model.snapshot->rows[0], canned::kMe) == RowAction::stop_container);
    words.name = "nginx";
    words.user = "me";
    model = model_with({words});
    CHECK(actions_of(model) ==
          Actions{RowAction::kill, RowAction::kill_tree, RowAction::stop_container, RowAction::force_kill});
    CHECK(default_action(*model.snapshot, model.snapshot->rows[0], canned::kMe) == RowAction::kill);
}

TEST_CASE("ways - only what is one thing may be stopped as a unit") {
    auto words = kOwned;
    const auto offers_unit = [&] {
        const Model model = model_with({words});
        return stoppable_unit(model.snapshot->rows[0]) != nullptr;
    };
    CHECK(offers_unit());
    words.unit = "nginx.socket";
    CHECK(offers_unit());
    for (const char* name : {"vte-spawn-1.scope", "user@1000.service", "user.slice", "session-2.scope"}) {
        words.unit = name;
        CHECK_FALSE(offers_unit());
    }
    words.unit = "docker.service";
    CHECK(offers_unit());
    words.container = "web"; // to stop the engine would stop every container
    CHECK_FALSE(offers_unit());
    words.unit = "web.service"; // a container that systemd runs
    CHECK(offers_unit());
}

TEST_CASE("ways - systemd that holds a socket for its unit is not killed") {
    auto words = kOwned;
    words.pid = 1;
    words.name = "systemd";
    words.user = "root";
    words.unit = "nginx.socket";
    const Model model = model_with({words});
    CHECK(default_action(*model.snapshot, model.snapshot->rows[0], canned::kMe) == RowAction::stop_unit);
    CHECK(actions_of(model) == Actions{RowAction::stop_unit});
    CHECK(ways_of(model, 0)[0].label == "Stop unit nginx.socket");
    words.unit.clear(); // only systemd knows for whom
    const Model nameless = model_with({words});
    CHECK(default_action(*nameless.snapshot, nameless.snapshot->rows[0], canned::kMe) == RowAction::stop_unit);
    CHECK(actions_of(nameless) == Actions{RowAction::stop_unit});
    CHECK(ways_of(nameless, 0)[0].label.starts_with("Stop socket unit"));
}

TEST_CASE("ways - a socket that systemd made for somebody else leads to its unit without a password") {
    auto words = kOwnerless;
    words.unit.clear();
    words.candidates = {{1, "systemd"}};
    const Model model = model_with({words});
    CHECK(actions_of(model) == Actions{RowAction::reveal_owner, RowAction::stop_unit});
    CHECK(default_action(*model.snapshot, model.snapshot->rows[0], canned::kMe) == RowAction::reveal_owner);
}

TEST_CASE("ways - nothing while a kill is under way or the row asks and force for the tree once it is due") {
    Model model = model_with({kOwned});
    canned::mark(model, 0).status.phase = KillPhase::asked;
    CHECK(actions_of(model).empty());
    canned::mark(model, 0).status.phase = KillPhase::still_running;
    CHECK(actions_of(model).back() == RowAction::force_kill_tree);
    canned::mark(model, 0).status.phase = KillPhase::none;
    model.question = Question{model.snapshot->rows[0].key, "End it?", {{RowAction::kill, "Kill"}}};
    CHECK(actions_of(model).empty());
}

TEST_CASE("ways - the process that would start it again is named") {
    Model model = model_with({kOwned});
    auto changed = std::make_shared<snapshot::Snapshot>(*model.snapshot);
    std::vector<snapshot::Process> processes(changed->processes.begin(), changed->processes.end());
    for (snapshot::Process& process : processes) {
        if (process.id.pid == process_parent(*changed, 10)) {
            process.name = "nodemon";
            process.command_line = {"nodemon"};
        }
    }
    changed->processes = snapshot::ProcessList(processes);
    model.snapshot = changed;
    const auto ways = ways_of(model, 0);
    REQUIRE(ways.size() == 5);
    CHECK(ways[2].action == RowAction::kill_respawner_tree);
    CHECK(ways[2].label == "Kill tree of nodemon (4100)");
    CHECK(text_of(facts_of(model, model.snapshot->rows[0]), "LOOKED AFTER BY").starts_with("nodemon (4100) "));
}

TEST_CASE("ways - a row without an owner is named by its unit or container and its candidates follow") {
    const Model model = model_with({kOwnerless});
    snapshot::Row row = model.snapshot->rows[0];
    CHECK(ownerless_title(row) == "unit nginx.service");
    CHECK(candidates_voice(*model.snapshot, row) == "nginx (812), nginx (813)");
    CHECK(candidates_badge(row) == "2 candidates");
    row.candidates.pop_back();
    CHECK(candidates_badge(row) == "candidate");
    row.candidates.clear();
    CHECK(candidates_badge(row).empty());
    CHECK(candidates_voice(*model.snapshot, row) == "owner not visible to you");
    row.container = platform::Container{platform::Engine::podman, "0123456789abcdef", {}};
    CHECK(ownerless_title(row) == "container 0123456789ab");
    row.container->id.clear();
    CHECK(ownerless_title(row) == "podman container");
    row.container.reset();
    row.unit.reset();
    CHECK(ownerless_title(row) == "owner not visible to you");
    CHECK(candidates_voice(*model.snapshot, row) == "usually a web server"); // a port that is known for something
    row.key.port = 4321;
    CHECK(candidates_voice(*model.snapshot, row).empty());
}

TEST_CASE("ways - a badge says only what the name does not") {
    snapshot::Row row;
    snapshot::Process process;
    const auto badge = [&](const char* unit, const char* name) {
        row.unit = platform::Unit{unit, std::nullopt};
        process.name = name;
        return keeper_badge(row, process);
    };
    CHECK(badge("nginx.service", "nginx").empty());
    CHECK(badge("ssh.service", "sshd").empty());
    CHECK(badge("NetworkManager.service", "networkmanager").empty());
    CHECK(badge("postgresql@15-main.service", "postgres").empty());
    CHECK(badge("shop.service", "node") == "shop.service");
    CHECK(badge("app-gnome-foo-12.scope", "node").empty());
    row.container = platform::Container{platform::Engine::docker, "", "web"};
    CHECK(badge("docker.service", "redis-server") == "container web");
    CHECK(badge("docker.service", "docker-proxy").empty()); // it is named beside it instead
    CHECK(container_title(*row.container) == "container web");
}

TEST_CASE("ways - details name unit container candidates and the user of the socket") {
    const Model ownerless = model_with({kOwnerless});
    auto facts = facts_of(ownerless, ownerless.snapshot->rows[0]);
    CHECK(text_of(facts, "OWNER") == "owner not visible to you");
    CHECK(text_of(facts, "UNIT") == "nginx.service, run by the system manager");
    CHECK(text_of(facts, "2 CANDIDATES") ==
          std::string("nginx (812) of root\nnginx (813) of root\n") + kWhatCandidatesAre);
    CHECK(text_of(facts, "USER OF THE SOCKET") == "root");
    auto words = kOwned;
    words.container = "web";
    words.workers = 2;
    const Model owned = model_with({words});
    facts = facts_of(owned, owned.snapshot->rows[0]);
    CHECK(text_of(facts, "UNIT") == "shop.service, run by the user manager of me");
    CHECK(text_of(facts, "CONTAINER") == "web (4c01db0b339c), of docker");
    CHECK(text_of(facts, "3 OWNERS").find("node (12), holds the socket") != std::string::npos);
    CHECK(text_of(facts, "USER OF THE SOCKET") == "me");
    CHECK(text_of(facts, "SOCKET").find("user me") != std::string::npos);
}
