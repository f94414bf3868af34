// SPDX-License-Identifier: MIT
// The project of an owner, from the disk to the filter and the JSON.
#include "core/snapshot/json.h"
#include "core/snapshot/query.h"
#include "core/snapshot/scanner.h"
#include "facts.h"
#include "scanner_on.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;

namespace {

struct ProjectTree : ProcTree {
    std::string disk = path() + "/disk";

    ProjectTree() {
        std::filesystem::create_directories(disk + "/shop/.git");
        std::filesystem::create_directories(disk + "/shop/web");
        std::filesystem::create_directories(disk + "/plain");
        put({.pid = 10, .sockets = {501}});
        be_of(10, ::geteuid());
        listen({{3000, 501}});
    }
    void be_of(pid_t pid, uid_t uid) const {
        std::ofstream(fmt::format("{}/{}/status", path(), pid)) << fmt::format("Uid:\t{0}\t{0}\t{0}\t{0}\n", uid);
    }
    void work_in(pid_t pid, const std::string& folder) const {
        const std::string link = fmt::format("{}/{}/cwd", path(), pid);
        std::filesystem::remove(link);
        std::filesystem::create_symlink(disk + "/" + folder, link);
    }
};

bool finds(const std::string& query, const Snapshot& snapshot) {
    const auto parsed = Query::parse(query);
    REQUIRE(parsed);
    return parsed->matches(snapshot, snapshot.rows.at(0));
}

} // namespace

TEST_CASE("project - a scan tells it and follows the process into another folder") {
    const ProjectTree tree;
    tree.work_in(10, "shop/web");
    Scanner scanner = scanner_on(tree);
    const auto first = scanned(scanner);
    REQUIRE(first->find_process({10, 100}) != nullptr);
    CHECK(first->find_process({10, 100})->project == tree.disk + "/shop");
    CHECK(scanned(scanner) == first);
    tree.work_in(10, "plain");
    const auto second = scanned(scanner);
    REQUIRE(second != first);
    CHECK_FALSE(second->find_process({10, 100})->project);
}

TEST_CASE("project - where other people work is not looked at") {
    const ProjectTree tree;
    tree.work_in(10, "shop/web");
    tree.be_of(10, ::geteuid() + 1);
    Scanner scanner = scanner_on(tree);
    CHECK_FALSE(scanned(scanner)->find_process({10, 100})->project);
}

TEST_CASE("project - the filter finds it and the listing tells it") {
    const ProjectTree tree;
    tree.work_in(10, "shop/web");
    Scanner scanner = scanner_on(tree);
    const auto snapshot = scanned(scanner);
    CHECK(finds("project:SHOP", *snapshot));
    CHECK(finds("disk/shop", *snapshot));
    CHECK_FALSE(finds("project:server", *snapshot));
    CHECK_FALSE(finds("name:shop", *snapshot));
    CHECK_FALSE(finds("-project:shop", *snapshot));
    CHECK(finds("project:", *snapshot)); // still being typed
    const std::string text = to_json(*snapshot, arrange(*snapshot, {}, {}));
    CHECK(text.find("\"project\":\"" + tree.disk + "/shop\"") != std::string::npos);
    CHECK(text.find("\"since\":\"") != std::string::npos);
}
