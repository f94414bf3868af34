// SPDX-License-Identifier: MIT
// core/platform/kernel_events: messages made by hand, and what the kernel tells of this test's own children and
// sockets.
#include "core/platform/kernel_events.h"

#include "tests/owners/elsewhere.h"
#include "tests/platform/puppet.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <doctest/doctest.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace portside;
using namespace portside::platform;
using test::must;

namespace {

using Bytes = std::vector<std::uint8_t>;

// enum proc_cn_event of linux/cn_proc.h, which has moved between versions of that header.
constexpr std::uint32_t kFork = 0x1;
constexpr std::uint32_t kExec = 0x2;
constexpr std::uint32_t kUid = 0x4;
constexpr std::uint32_t kGid = 0x40;
constexpr std::uint32_t kComm = 0x200;
constexpr std::uint32_t kExit = 0x80000000;

// One event of thread 77 of process 70.
Bytes message_of(std::uint32_t what, std::int32_t process = 70) {
    Bytes bytes(sizeof(nlmsghdr) + sizeof(cn_msg) + sizeof(proc_event));
    nlmsghdr header{};
    header.nlmsg_len = static_cast<std::uint32_t>(bytes.size());
    header.nlmsg_type = NLMSG_DONE;
    cn_msg connector{};
    connector.id = {CN_IDX_PROC, CN_VAL_PROC};
    connector.len = sizeof(proc_event);
    std::memcpy(bytes.data(), &header, sizeof header);
    std::memcpy(bytes.data() + sizeof header, &connector, sizeof connector);
    std::uint8_t* const event = bytes.data() + sizeof header + sizeof connector;
    const std::array<std::int32_t, 2> ids{77, process};
    std::memcpy(event, &what, sizeof what);
    std::memcpy(event + offsetof(proc_event, event_data), ids.data(), sizeof ids);
    return bytes;
}

// Whether an order made a puppet one of those that changed. All that the kernel has to tell of it, it tells while it
// carries the order out. (Nothing else may tell much meanwhile, so these cases run alone.)
bool tells(ProcessEvents& events, test::Puppet& puppet, char order) {
    static_cast<void>(events.drain());
    puppet.order(order);
    static_cast<void>(events.drain());
    const auto changed = events.changed();
    return std::find(changed.begin(), changed.end(), puppet.pid()) != changed.end();
}

} // namespace

TEST_CASE("process events - an exec and another name or user are changes of the process") {
    for (const std::uint32_t what : {kExec, kComm, kUid}) {
        CHECK(changed_process(message_of(what)) == 70);
    }
    for (const std::uint32_t what : {0U, kFork, kGid, 0x80U, 0x100U, 0x40000000U, kExit, 0xFFFFFFFFU, kExec | kComm}) {
        CHECK(changed_process(message_of(what)) == 0);
    }
    CHECK(changed_process(message_of(kExec, 0)) == 0);
    CHECK(changed_process(message_of(kExec, -70)) == 0);
}

TEST_CASE("process events - truncated and hostile messages mean nobody") {
    const Bytes whole = message_of(kExec);
    constexpr std::size_t kNeeded =
        sizeof(nlmsghdr) + sizeof(cn_msg) + offsetof(proc_event, event_data) + 2 * sizeof(std::int32_t);
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)); // so that a reader beyond
        REQUIRE(changed_process(part) == (length < kNeeded ? 0 : 70));                        // its end is found out
    }
    for (const std::size_t at : {sizeof(nlmsghdr), sizeof(nlmsghdr) + offsetof(cb_id, val)}) { // another connector
        Bytes other = whole;
        ++other[at];
        CHECK(changed_process(other) == 0);
    }
    CHECK(changed_process(Bytes(400, 0xFF)) == 0);
    CHECK(changed_process(Bytes(400, 0)) == 0);
}

TEST_CASE("process events - what the kernel tells of a child or that it tells nothing") {
    ProcessEvents events;
    if (!events.is_told()) { // another pid or network namespace, or an older kernel and not root
        CHECK_FALSE(events.drain());
        CHECK(events.changed().empty());
        return;
    }
    test::Puppet child([](char order) {
        if (order == 'n') {
            ::prctl(PR_SET_NAME, "another name");
        } else if (order == 'e') {
            ::execl("/bin/sleep", "sleep", "1000", nullptr);
        } else if (order == 'f') {
            const pid_t pid = ::fork();
            if (pid == 0) {
                ::_exit(0);
            }
            while (::waitpid(pid, nullptr, 0) != pid) {
            }
        }
    });
    CHECK_FALSE(tells(events, child, 'f')); // a fork alone
    CHECK_FALSE(tells(events, child, '-')); // nothing
    CHECK(tells(events, child, 'n'));
    CHECK_FALSE(tells(events, child, '-')); // each is told once
    CHECK(tells(events, child, 'e'));
    CHECK(events.drain()); // nothing was lost
}

TEST_CASE("process events - a queue that overran is not a silent one") {
    ProcessEvents events;
    if (!events.is_told()) {
        CHECK_FALSE(events.drain());
        return;
    }
    CHECK(events.drain());
    test::Puppet child([](char) {
        for (int i = 0; i < 20'000; ++i) {
            ::prctl(PR_SET_NAME, i % 2 == 0 ? "one name" : "another name");
        }
    });
    child.order('n');
    CHECK_FALSE(events.drain());
    child.end();
    test::Puppet later([](char) { ::prctl(PR_SET_NAME, "later"); });
    CHECK(support::wait_until([&] { return events.drain(); })); // it goes on
    CHECK(tells(events, later, 'n'));
}

TEST_CASE("fork and exit events - a process that begins or ends is told and a thread is not") {
    ForkExitEvents events;
    if (!events.is_told()) {
        CHECK_FALSE(events.quiet());
        return;
    }
    test::Puppet child([](char order) {
        if (order == 'b') {
            if (::fork() == 0) {
                ::pause();
            }
        } else if (order == 'e') {
            ::kill(0, SIGKILL); // its own group, see below
        } else if (order == 't') {
            std::thread([] {}).join();
        }
    });
    REQUIRE(::setpgid(child.pid(), 0) == 0);
    const auto becomes_quiet = [&] { return support::wait_until([&] { return events.quiet(); }); };
    REQUIRE(becomes_quiet());
    child.order('b');
    CHECK_FALSE(events.quiet());
    // Others on the machine may begin and end at any time, but hardly between each of these.
    CHECK(support::wait_until([&] {
        static_cast<void>(becomes_quiet());
        child.order('t');
        return events.quiet();
    }));
    REQUIRE(becomes_quiet());
    child.order('e');
    CHECK(support::wait_until([&] { return !events.quiet(); })); // its end is told a moment later
}

TEST_CASE("fork and exit events - a queue that overran is not quiet and goes on") {
    ForkExitEvents events;
    if (!events.is_told()) {
        return;
    }
    test::Puppet child([](char) {
        for (int i = 0; i < 500; ++i) {
            const pid_t pid = ::fork();
            if (pid == 0) {
                ::_exit(0);
            }
            ::waitpid(pid, nullptr, 0);
        }
    });
    child.order('f');
    CHECK_FALSE(events.quiet());
    CHECK(support::wait_until([&] { return events.quiet(); }));
    child.order('f');
    CHECK_FALSE(events.quiet());
}

TEST_SUITE("root") {
    TEST_CASE("process events - another user is told as a change") {
        ProcessEvents events;
        if (!events.is_told()) {
            CHECK_FALSE(events.drain());
            return;
        }
        test::Puppet child([](char) { ::setresuid(65534, 65534, 65534) == 0 ? void() : ::_exit(1); });
        CHECK(tells(events, child, 'u'));
    }

    TEST_CASE("process events - in a pid and network namespace of its own nobody tells") {
        const std::string wrong = owners::in_own_processes([] {
            ProcessEvents events;
            must(!events.is_told() && !events.drain() && events.changed().empty(), "nobody tells");
            ForkExitEvents fork_exit;
            must(!fork_exit.is_told() && !fork_exit.quiet() && !fork_exit.quiet(), "nobody is quiet");
        });
        CHECK(wrong == "");
    }
}
