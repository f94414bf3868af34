// SPDX-License-Identifier: MIT
// core/platform/control_groups: ids to paths and members, in a made-up hierarchy. tests/live has a real one.
#include "core/platform/control_groups.h"

#include "tests/platform/fake_proc.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <sys/stat.h>

using namespace portside::platform;

namespace {

// A /proc with a hierarchy beside it; both folders are ordinary ones.
class Tree {
  public:
    Tree() { mount("/"); }

    void mount(const std::string& root) const {
        proc_.write("self/mountinfo", "1 2 0:1 / / rw - tmpfs t rw\n" + (root.empty() ? "" : mount_line(root)));
    }
    // Makes it, with these members.
    std::uint64_t put(const std::string& group, const std::vector<pid_t>& members = {}) const {
        std::string text;
        for (const pid_t pid : members) {
            text += fmt::format("{}\n", pid);
        }
        return put_text(group, text);
    }
    std::uint64_t put_text(const std::string& group, const std::string& members) const {
        groups_.write(group + "/cgroup.procs", members);
        return id(group);
    }
    [[nodiscard]] std::uint64_t id(const std::string& group) const {
        struct stat status {};
        REQUIRE(::stat((groups_.path() + "/" + group).c_str(), &status) == 0);
        return status.st_ino;
    }
    void remove(const std::string& group) const { std::filesystem::remove_all(groups_.path() + "/" + group); }
    [[nodiscard]] const test::TemporaryFolder& proc() const { return proc_; }

  private:
    [[nodiscard]] std::string mount_line(const std::string& root) const {
        return fmt::format("3 2 0:2 {} {} rw - cgroup2 c rw\n", root, groups_.path());
    }
    test::TemporaryFolder proc_;
    test::TemporaryFolder groups_;
};

struct GroupReading {
    explicit GroupReading(const Tree& tree) : index(tree.proc().path()), groups(index, tree.proc().path()) {}
    bool update(std::vector<std::uint64_t> wanted) {
        std::sort(wanted.begin(), wanted.end());
        static_cast<void>(index.update({}));
        return groups.update(wanted);
    }
    // "/path 10@100 11@101", each with a line break
    [[nodiscard]] std::string told() const {
        std::string text;
        for (const ControlGroup& group : groups.groups()) {
            text += group.path;
            for (const ProcessId& member : group.members) {
                text += fmt::format(" {}@{}", member.pid, member.start_time);
            }
            text += '\n';
        }
        return text;
    }
    OwnerIndex index;
    ControlGroups groups;
};

} // namespace

TEST_CASE("control groups - a unit is found with its members") {
    const Tree tree;
    test::add_process(tree.proc(), 10, 100, {});
    test::add_process(tree.proc(), 11, 101, {});
    const auto id = tree.put("system.slice/nginx.service", {11, 10});
    const auto reading = std::make_unique<GroupReading>(tree);
    CHECK(reading->update({id}));
    REQUIRE(reading->groups.groups().size() == 1);
    CHECK(reading->groups.groups()[0].id == id);
    CHECK(reading->told() == "/system.slice/nginx.service 10@100 11@101\n");
    CHECK_FALSE(reading->groups.hierarchy_is_missing());
    CHECK_FALSE(reading->update({id}));
}

TEST_CASE("control groups - nobody is named of what is not one thing or of very many") {
    const Tree tree;
    std::vector<pid_t> many;
    for (pid_t pid = 10; pid < 43; ++pid) {
        test::add_process(tree.proc(), pid, 100, {});
        many.push_back(pid);
    }
    const auto root = tree.put(".", {10});
    const auto slice = tree.put("system.slice", {10});
    const auto session = tree.put("user.slice/user-1.slice/session-1.scope", {10});
    const auto service = tree.put("system.slice/a.service", many);
    const auto reading = std::make_unique<GroupReading>(tree);
    CHECK(reading->update({root, slice, session, service}));
    CHECK(reading->groups.groups().size() == 4);
    for (const ControlGroup& group : reading->groups.groups()) {
        CHECK(group.members.empty());
    }
    many.pop_back();
    tree.put("system.slice/a.service", many);
    CHECK(reading->update({root, slice, session, service}));
    CHECK(reading->told().find("/system.slice/a.service 10@100 11@100") != std::string::npos);
}

TEST_CASE("control groups - members that come and go and numbers that are used again") {
    const Tree tree;
    test::add_process(tree.proc(), 10, 100, {});
    const auto id = tree.put("a.service", {10});
    const auto reading = std::make_unique<GroupReading>(tree);
    CHECK(reading->update({id}));
    CHECK(reading->told() == "/a.service 10@100\n");
    test::add_process(tree.proc(), 11, 101, {});
    CHECK_FALSE(reading->update({id})); // not in there
    tree.put("a.service", {10, 11});
    CHECK(reading->update({id}));
    CHECK(reading->told() == "/a.service 10@100 11@101\n");
    std::filesystem::remove_all(tree.proc().path() + "/10");
    test::add_process(tree.proc(), 10, 500, {});
    CHECK(reading->update({id}));
    CHECK(reading->told() == "/a.service 10@500 11@101\n");
    tree.put("a.service", {});
    CHECK(reading->update({id}));
    CHECK(reading->told() == "/a.service\n");
}

TEST_CASE("control groups - hostile member lists") {
    const Tree tree;
    test::add_process(tree.proc(), 10, 100, {});
    const auto id = tree.put("a.service");
    const auto reading = std::make_unique<GroupReading>(tree);
    CHECK(reading->update({id}));
    CHECK(reading->told() == "/a.service\n");
    tree.put("a.service", {0, -5, 10, 10, 99}); // of another pid namespace, never so, twice, gone
    CHECK(reading->update({id}));
    CHECK(reading->told() == "/a.service 10@100\n");
    for (const char* nobody : {"", "\n\n", "10 \n", "x10\n", "99999999999999999999\n", "10\r\n"}) {
        CAPTURE(nobody);
        tree.put_text("a.service", nobody);
        static_cast<void>(reading->update({id}));
        CHECK(reading->told() == "/a.service\n");
    }
    tree.put_text("a.service", std::string(100'000, '\n') + "10\n"); // longer than any that is taken
    static_cast<void>(reading->update({id}));
    CHECK(reading->told() == "/a.service\n");
    tree.put_text("a.service", "10");
    CHECK(reading->update({id}));
    CHECK(reading->told() == "/a.service 10@100\n");
}

TEST_CASE("control groups - what was removed is nothing and is walked for once") {
    const Tree tree;
    test::add_process(tree.proc(), 10, 100, {});
    const auto id = tree.put("system.slice/a.service", {10});
    const auto reading = std::make_unique<GroupReading>(tree);
    CHECK(reading->update({id}));
    tree.remove("system.slice/a.service");
    CHECK(reading->update({id}));
    CHECK(reading->told().empty());
    const auto walked = reading->groups.directories_read();
    for (int i = 0; i < 200; ++i) {
        REQUIRE_FALSE(reading->update({id}));
    }
    CHECK(reading->groups.directories_read() == walked);
    const auto fresh = std::make_unique<GroupReading>(tree); // never saw it
    static_cast<void>(fresh->update({id}));
    CHECK(fresh->told().empty());
    CHECK_FALSE(fresh->update({id}));
    CHECK(fresh->groups.directories_read() == 2);
}

TEST_CASE("control groups - ids that are never found cost less and less and delay nobody for ever") {
    const Tree tree;
    const auto id = tree.put("a.service");
    const auto reading = std::make_unique<GroupReading>(tree);
    std::uint64_t unheard_of = 1ULL << 60;
    for (int i = 0; i < 1000; ++i) {
        static_cast<void>(reading->update({++unheard_of}));
    }
    CHECK(reading->groups.directories_read() < 2 * 30);
    int updates = 0;
    while (reading->groups.groups().empty() && updates < 1000) {
        static_cast<void>(reading->update({id, ++unheard_of}));
        ++updates;
    }
    CHECK(updates <= 66);
    CHECK(reading->told() == "/a.service\n");
}

TEST_CASE("control groups - one that comes later is found at once") {
    const Tree tree;
    const auto first = tree.put("system.slice/a.service");
    const auto reading = std::make_unique<GroupReading>(tree);
    CHECK(reading->update({first}));
    CHECK_FALSE(reading->update({first}));
    const auto second = tree.put("system.slice/b.service");
    CHECK(reading->update({first, second}));
    CHECK(reading->groups.groups().size() == 2);
    CHECK(reading->update({second}));
    CHECK(reading->told() == "/system.slice/b.service\n");
    CHECK(reading->update({}));
    CHECK(reading->groups.groups().empty());
}

TEST_CASE("control groups - a walk goes no further than it must") {
    const Tree tree;
    const auto id = tree.put("system.slice/z.service");
    for (int i = 0; i < 50; ++i) {
        tree.put(fmt::format("system.slice/a{}.service/below", i));
    }
    const auto reading = std::make_unique<GroupReading>(tree);
    CHECK(reading->update({id}));
    CHECK(reading->groups.directories_read() == 2);
    CHECK(reading->update({id, tree.id("system.slice/a49.service/below")}));
    CHECK(reading->groups.groups().size() == 2);
}

TEST_CASE("control groups - without a hierarchy all are nothing") {
    const Tree tree;
    const auto id = tree.put("a.service");
    tree.mount("");
    const auto reading = std::make_unique<GroupReading>(tree);
    CHECK_FALSE(reading->update({}));
    CHECK_FALSE(reading->groups.hierarchy_is_missing()); // nobody asked
    static_cast<void>(reading->update({id}));
    CHECK(reading->told().empty());
    CHECK(reading->groups.hierarchy_is_missing());
    CHECK_FALSE(reading->update({id}));
    std::filesystem::remove_all(tree.proc().path() + "/self");
    const auto blind = std::make_unique<GroupReading>(tree);
    static_cast<void>(blind->update({id}));
    CHECK(blind->groups.hierarchy_is_missing());
}

TEST_CASE("control groups - a part of the hierarchy is mounted") {
    const Tree tree;
    const auto top = tree.put(".");
    const auto id = tree.put("inner");
    tree.mount("/system.slice/a.service");
    const auto reading = std::make_unique<GroupReading>(tree);
    CHECK(reading->update({top, id}));
    std::vector<std::string> paths;
    for (const ControlGroup& group : reading->groups.groups()) {
        paths.push_back(group.path);
    }
    std::sort(paths.begin(), paths.end());
    CHECK(paths == std::vector<std::string>{"/system.slice/a.service", "/system.slice/a.service/inner"});
}
