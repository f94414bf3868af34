// SPDX-License-Identifier: MIT
// Families from listings made by hand, and the real one of this process. One thread.
#include "core/platform/process_tree.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <unistd.h>

using namespace portside::platform;

namespace {

struct Made {
    pid_t pid;
    pid_t parent;
    std::uint64_t start_time;
    pid_t group = 900;
    pid_t session = 901;
};

std::vector<Relative> listing(const std::vector<Made>& all) {
    std::vector<Relative> made;
    for (const auto& one : all) {
        Relative process;
        process.stat.id = {one.pid, one.start_time};
        process.stat.parent = one.parent;
        process.group = one.group;
        process.session = one.session;
        made.push_back(process);
    }
    return made;
}

std::vector<pid_t> pids(const std::vector<Relative>& found) {
    std::vector<pid_t> result;
    for (const auto& process : found) {
        result.push_back(process.stat.id.pid);
    }
    return result;
}

using Pids = std::vector<pid_t>;

} // namespace

TEST_CASE("process_tree - parents come before their children and nobody else is taken") {
    ProcessTree tree({50, 5});
    const auto all = listing({{1, 0, 1}, {10, 60, 7}, {20, 1, 2}, {50, 20, 5}, {60, 50, 6}, {70, 20, 6}, {80, 10, 8}});
    CHECK(pids(tree.take_new(all)) == Pids{50, 60, 10, 80});
    CHECK(tree.take_new(all).empty());
    CHECK(tree.has({60, 6}));
    CHECK_FALSE(tree.has({60, 7}));
    CHECK_FALSE(tree.has({70, 6}));
}

TEST_CASE("process_tree - without the root nobody is taken") {
    ProcessTree tree({50, 5});
    CHECK(tree.take_new(listing({{1, 0, 1}, {60, 50, 6}})).empty());
    CHECK(tree.take_new(listing({{1, 0, 1}, {50, 1, 9}, {60, 50, 10}})).empty()); // another process by that number
}

TEST_CASE("process_tree - children that came later are found also where their parent has ended since") {
    ProcessTree tree({50, 5});
    // 40 is the other end of a pipe: in the root's group, and no descendant.
    CHECK(pids(tree.take_new(listing({{1, 0, 1}, {40, 1, 5, 50}, {50, 1, 5, 50}, {60, 50, 6, 50}}))) == Pids{50, 60});
    const auto later =
        listing({{1, 0, 1}, {40, 1, 5, 50}, {61, 60, 7, 50}, {60, 50, 6, 50}, {90, 1, 8, 50}, {91, 1, 8}});
    auto sorted = later;
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.stat.id < b.stat.id; });
    auto found = pids(tree.take_new(sorted));
    std::sort(found.begin(), found.end());
    CHECK(found == Pids{61, 90}); // 90: orphaned, in a group that the root led; 91: in another one
    // A session that a member led tells as well, and both numbers mean nothing once another process has them.
    CHECK(pids(tree.take_new(listing({{1, 0, 1}, {95, 1, 9, 95, 60}}))) == Pids{95});
    CHECK(tree.take_new(listing({{1, 0, 1}, {50, 1, 20, 50}, {96, 50, 21, 50}})).empty());
}

TEST_CASE("process_tree - nobody older than the root and no ring is followed") {
    ProcessTree tree({50, 5});
    CHECK(pids(tree.take_new(listing({{50, 60, 5}, {55, 50, 4}, {60, 50, 6}}))) == Pids{50, 60});
}

TEST_CASE("process_tree - stat lines with hostile names are parsed and cut ones are not") {
    const std::string head = "42 (a) b (c)";
    const std::string rest = " S 7 8 9 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 1234 0 0\n";
    const auto parsed = parse_relative(head + rest);
    REQUIRE(parsed.has_value());
    CHECK(parsed->stat.id == ProcessId{42, 1234});
    CHECK(parsed->stat.parent == 7);
    CHECK(parsed->group == 8);
    CHECK(parsed->session == 9);
    CHECK_FALSE(parse_relative("42 (a) S 7 8").has_value());
    CHECK_FALSE(parse_relative("").has_value());
    CHECK_FALSE(parse_relative("nothing").has_value());
    CHECK(label_of(parsed->stat) == "a) b (c (42)");
    CHECK(label_of({{43, 1}, "", 'S', 1, 0}) == "process 43");
}

TEST_CASE("process_tree - this process is among all and in its parents tree") {
    const auto all = read_relatives();
    REQUIRE(all.has_value());
    CHECK(std::is_sorted(all->begin(), all->end(), [](const auto& a, const auto& b) { return a.stat.id < b.stat.id; }));
    const auto parent = read_stat(::getppid());
    REQUIRE(parent.has_value());
    ProcessTree tree(parent->id);
    const auto found = pids(tree.take_new(*all));
    CHECK(found.front() == ::getppid());
    CHECK(std::find(found.begin(), found.end(), ::getpid()) != found.end());
    CHECK_FALSE(read_relatives("/nonexistent").has_value());
}
