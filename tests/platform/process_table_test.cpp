// SPDX-License-Identifier: MIT
// core/platform/process_table: who is new, who has ended, and whose descriptors changed in number. Of the real /proc
// only what this test's own children do is asserted.
#include "core/platform/process_table.h"

#include "tests/owners/elsewhere.h"
#include "tests/platform/fake_proc.h"
#include "tests/platform/puppet.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <memory>
#include <optional>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace portside::platform;
using portside::platform::test::must;

namespace {

// A table, and what the owner index does to it after a whole look.
class Watched {
  public:
    explicit Watched(const std::string& path) : root_(path), table(root_) {}
    [[nodiscard]] bool refresh() { return table.refresh(++update, workers_); }
    // Nobody began and nobody ended, as far as the kernel told.
    [[nodiscard]] bool refresh_quietly() { return table.refresh(++update, workers_, true); }
    void look_at_all() {
        for (KnownProcess& process : table.processes()) {
            look_at(process);
        }
    }
    // Refreshes until the folder of this process is kept, and says how often.
    [[nodiscard]] int keep(pid_t pid) {
        int times = 0;
        for (; times < 100 && !table.find(pid)->table; ++times) {
            must(refresh(), "a listing");
            look_at_all();
        }
        return times;
    }
    void look_at(KnownProcess& process) const {
        process.changed_at = 0;
        process.looked_at = update;
        process.looked_count = process.count;
        process.looked_table_uid = process.table_uid;
    }
    [[nodiscard]] bool has_ended(pid_t pid) const {
        const auto ended = table.ended();
        return std::binary_search(ended.begin(), ended.end(), pid);
    }
    [[nodiscard]] std::optional<std::uint64_t> changed_at(pid_t pid) const {
        const KnownProcess* const process = table.find(pid);
        return process == nullptr ? std::nullopt : std::optional(process->changed_at);
    }

  private:
    ProcRoot root_;
    TwoWorkers workers_;

  public:
    ProcessTable table;
    std::uint64_t update = 0;
};

} // namespace

TEST_CASE("process table - a made-up tree has everybody new at each time") {
    const test::TemporaryFolder proc;
    for (const pid_t pid : {30, 4, 1}) {
        test::add_process(proc, pid, 10, {});
    }
    proc.write("meminfo", "");
    proc.write("007/stat", "");
    proc.write("12x/stat", "");
    Watched watched(proc.path());
    REQUIRE(watched.refresh());
    std::vector<pid_t> pids;
    for (const KnownProcess& process : watched.table.processes()) {
        pids.push_back(process.pid);
        CHECK(process.changed_at == 1);
    }
    CHECK(pids == std::vector<pid_t>{1, 4, 30});
    CHECK(watched.table.ended().empty());
    watched.look_at_all();
    std::filesystem::remove_all(proc.path() + "/4");
    test::add_process(proc, 5, 10, {});
    REQUIRE(watched.refresh());
    CHECK(watched.table.changed());
    CHECK(watched.has_ended(4));
    CHECK(watched.table.find(4) == nullptr);
    CHECK(watched.changed_at(5) == 2);
    // Nothing says that a folder is still the same process.
    CHECK(watched.has_ended(1));
    CHECK(watched.changed_at(1) == 2);
    CHECK(watched.table.counts_read() == 0);
}

TEST_CASE("process table - a tree that cannot be listed says so and forgets nobody") {
    Watched nowhere("/nowhere");
    CHECK_FALSE(nowhere.refresh());
    CHECK(nowhere.table.processes().empty());
}

TEST_CASE("process table - a new process is changed and one that ended has ended once") {
    Watched watched("/proc");
    REQUIRE(watched.refresh());
    watched.look_at_all();
    test::Puppet child([](char) {});
    const pid_t pid = child.pid();
    CHECK(watched.table.find(pid) == nullptr);
    REQUIRE(watched.refresh());
    CHECK(watched.table.changed());
    REQUIRE(watched.table.find(pid) != nullptr);
    CHECK(watched.changed_at(pid) == 2);
    CHECK(watched.table.find(pid)->folder != 0);
    watched.look_at_all();
    child.kill_without_reaping();
    REQUIRE(watched.refresh());
    CHECK_FALSE(watched.has_ended(pid)); // a zombie is still there
    child.end();
    REQUIRE(watched.refresh());
    CHECK(watched.table.changed());
    CHECK(watched.has_ended(pid));
    CHECK(watched.table.find(pid) == nullptr);
    REQUIRE(watched.refresh());
    CHECK_FALSE(watched.has_ended(pid));
}

TEST_CASE("process table - while nobody begins or ends it is not listed but now and then") {
    Watched watched("/proc");
    REQUIRE(watched.refresh_quietly()); // there is no list yet
    watched.look_at_all();
    test::Puppet child([](char) {});
    const pid_t pid = child.pid();
    std::uint64_t updates = 0;
    for (; watched.table.find(pid) == nullptr && updates < 20; ++updates) {
        REQUIRE(watched.refresh_quietly());
        // (Another process of the machine may have ended, which alone makes it listed.)
    }
    CHECK(updates <= 8);
    REQUIRE(watched.table.find(pid) != nullptr);
    CHECK(watched.table.changed());
    CHECK(watched.changed_at(pid) == watched.update);
}

TEST_CASE("process table - one that ended is missed without a word of the kernel") {
    Watched watched("/proc");
    test::Puppet child([](char) {});
    const pid_t pid = child.pid();
    REQUIRE(watched.refresh());
    watched.look_at_all();
    for (int i = 0; i < 3; ++i) {
        REQUIRE(watched.refresh_quietly());
        REQUIRE(watched.table.find(pid) != nullptr);
        REQUIRE_FALSE(watched.has_ended(pid));
    }
    child.end();
    REQUIRE(watched.refresh_quietly());
    CHECK(watched.has_ended(pid));
    CHECK(watched.table.find(pid) == nullptr);
    REQUIRE(watched.refresh_quietly());
    CHECK_FALSE(watched.has_ended(pid));
}

TEST_CASE("process table - one that stays as it is does not change") {
    const test::Puppet child([](char) {});
    Watched watched("/proc");
    REQUIRE(watched.refresh());
    watched.look_at_all();
    const std::uint64_t folder = watched.table.find(child.pid())->folder;
    for (int i = 0; i < 40; ++i) {
        REQUIRE(watched.refresh());
        REQUIRE(watched.changed_at(child.pid()) == 0U);
        REQUIRE(watched.table.find(child.pid())->folder == folder);
    }
}

TEST_CASE("process table - more or fewer descriptors are a change until they are looked at") {
    test::Puppet child([](char order) { static_cast<void>(order == '+' ? ::dup2(0, 77) : ::close(77)); });
    const pid_t pid = child.pid();
    Watched watched("/proc");
    REQUIRE(watched.refresh());
    watched.look_at_all();
    const std::uint64_t count = watched.table.find(pid)->count;
    child.order('+');
    REQUIRE(watched.refresh());
    CHECK(watched.changed_at(pid) == 2);
    CHECK(watched.table.find(pid)->count == count + 1);
    REQUIRE(watched.refresh());
    CHECK(watched.changed_at(pid) == 2); // since when
    watched.look_at(*watched.table.find(pid));
    REQUIRE(watched.refresh());
    CHECK(watched.changed_at(pid) == 0);
    child.order('-');
    REQUIRE(watched.refresh());
    CHECK(watched.changed_at(pid) == 5);
    CHECK(watched.table.find(pid)->count == count);
}

TEST_CASE("process table - the folder of one that lives on is kept and tells what its path tells") {
    const auto act = [](char order) {
        if (order == 'u') { // another owner of its folder (proc(5)): another user, or one that may not be looked at
            static_cast<void>(::geteuid() == 0 ? ::setresuid(65534, 65534, 65534) : 0);
            ::prctl(PR_SET_DUMPABLE, ::geteuid() == 65534 ? 1 : 0);
        } else {
            static_cast<void>(order == '+' ? ::dup2(0, 77) : ::close(77));
        }
    };
    test::Puppet child(act);
    const pid_t pid = child.pid();
    Watched watched("/proc");
    REQUIRE(watched.refresh());
    CHECK_FALSE(watched.table.find(pid)->table); // one listing alone keeps nothing
    watched.look_at_all();
    REQUIRE(watched.keep(pid) <= 16);
    const std::uint64_t count = watched.table.find(pid)->count;
    for (const char order : {'+', '-'}) {
        child.order(order);
        REQUIRE(watched.refresh());
        CHECK(watched.changed_at(pid) == watched.update);
        CHECK(watched.table.find(pid)->count == count + (order == '+' ? 1 : 0));
        watched.look_at(*watched.table.find(pid));
    }
    child.order('u');
    for (int i = 0; i < 16 && watched.changed_at(pid) == 0U; ++i) {
        REQUIRE(watched.refresh());
    }
    CHECK(watched.changed_at(pid) == watched.update);
    CHECK(watched.table.find(pid)->table_uid != watched.table.find(pid)->looked_table_uid);
    child.end();
    REQUIRE(watched.refresh_quietly()); // without a word of the kernel
    CHECK(watched.has_ended(pid));
    CHECK(watched.table.find(pid) == nullptr);
}

TEST_CASE("process table - no more is kept than leaves descriptors for everybody else") {
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit few = before;
    few.rlim_cur = 30;
    std::vector<std::unique_ptr<test::Puppet>> children;
    for (int i = 0; i < 12; ++i) {
        children.push_back(std::make_unique<test::Puppet>([](char) {}));
    }
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
    Watched watched("/proc");
    const auto kept = [&watched] {
        const auto processes = watched.table.processes();
        return std::count_if(processes.begin(), processes.end(), [](const auto& one) { return bool{one.table}; });
    };
    for (int i = 0; i < 20; ++i) {
        CHECK(watched.refresh());
        CHECK((i == 0 || watched.changed_at(::getpid()) == 0U)); // what is kept is no change of ours
        watched.look_at_all();
        CHECK(kept() <= 10);
    }
    CHECK(kept() > 0);
    CHECK(::setrlimit(RLIMIT_NOFILE, &before) == 0);
}

TEST_CASE("process table - one that denies itself is not asked again for a count") {
    test::Puppet child([](char) { ::dup2(0, 77); });
    Watched watched("/proc");
    REQUIRE(watched.refresh());
    watched.look_at_all();
    KnownProcess* const process = watched.table.find(child.pid());
    process->is_denied = true;
    child.order('+');
    REQUIRE(watched.refresh());
    CHECK(watched.changed_at(child.pid()) == 0);
    watched.table.find(child.pid())->looked_table_uid = 12345; // another owner of its folder: it may be seen now
    REQUIRE(watched.refresh());
    CHECK(watched.changed_at(child.pid()) == 3);
}

TEST_CASE("process table - tables of threads are looked at each time") {
    const test::Puppet child([](char) {});
    Watched watched("/proc");
    REQUIRE(watched.refresh());
    watched.look_at_all();
    watched.table.find(child.pid())->has_own_tables = true;
    REQUIRE(watched.refresh());
    CHECK(watched.changed_at(child.pid()) == 2);
}

TEST_SUITE("root") {
    TEST_CASE("process table - a number that is used again is another process") {
        const std::string wrong = portside::owners::in_own_processes([] {
            Watched watched("/proc");
            std::optional<test::Puppet> child(std::in_place, [](char) {});
            const pid_t pid = child->pid();
            must(watched.refresh(), "the first listing");
            watched.look_at_all();
            const std::uint64_t folder = watched.table.find(pid)->folder;
            must(watched.keep(pid) <= 16, "it is kept");
            child.reset();
            portside::owners::choose_next_pid(pid);
            child.emplace([](char) {});
            must(child->pid() == pid, "the same number");
            must(watched.refresh(), "the second listing");
            must(watched.table.changed() && watched.has_ended(pid), "the first one has ended");
            must(watched.changed_at(pid) == watched.update, "the second one is new");
            must(watched.table.find(pid)->folder != folder, "another folder");
            must(watched.table.ended().size() == 1, "nobody else has ended");
            watched.look_at_all();
            must(watched.refresh() && !watched.table.changed() && watched.changed_at(pid) == 0U, "peace");
        });
        CHECK(wrong == "");
    }

    TEST_CASE("process table - a process stays itself where the kernel forgot its folder") {
        const std::string wrong = portside::owners::in_own_processes([] {
            Watched watched("/proc");
            const test::Puppet known([](char) {});
            const test::Puppet unknown([](char) {});
            must(watched.refresh(), "the first listing");
            watched.look_at_all();
            KnownProcess* const process = watched.table.find(known.pid());
            const std::uint64_t folder = process->folder;
            const auto stat = read_stat(known.pid());
            must(stat.has_value(), "its start time");
            process->start_time = stat->id.start_time;
            // Of what is mounted anew nothing is kept but what is in use (reconfigure_super in fs/super.c).
            must(::mount(nullptr, "/proc", nullptr, MS_REMOUNT, nullptr) == 0, "our own /proc is mounted anew");
            must(watched.refresh() && watched.table.changed(), "the second listing");
            must(watched.table.find(known.pid())->folder != folder, "the folder was forgotten");
            must(!watched.has_ended(known.pid()), "the one with a known start time has not ended");
            must(watched.table.find(known.pid())->start_time == stat->id.start_time, "it is the same");
            must(watched.changed_at(known.pid()) == watched.update, "it is looked at again");
            must(watched.has_ended(unknown.pid()), "the other one may be anybody");
            must(watched.changed_at(unknown.pid()) == watched.update, "and is looked at");
            watched.look_at_all();
            must(watched.refresh() && !watched.table.changed(), "peace");
        });
        CHECK(wrong == "");
    }

    TEST_CASE("process table - many processes are counted by two threads as by one") {
        const std::string wrong = portside::owners::in_own_processes([] {
            std::vector<std::unique_ptr<test::Puppet>> children;
            for (int i = 0; i < 420; ++i) { // from 400 on there are two
                children.push_back(std::make_unique<test::Puppet>([](char) {}));
            }
            Watched watched("/proc");
            must(watched.refresh(), "a listing");
            must(watched.table.processes().size() >= 420, "all of them");
            for (const KnownProcess& process : watched.table.processes()) {
                const auto entries =
                    std::filesystem::directory_iterator("/proc/" + std::to_string(process.pid) + "/fd");
                const auto count = static_cast<std::uint64_t>(std::distance(begin(entries), end(entries)));
                must(process.pid == 1 || process.count == count, "the count of " + std::to_string(process.pid));
            }
        });
        CHECK(wrong == "");
    }
}
