// SPDX-License-Identifier: MIT
// core/platform/checked_signal: the order of the steps on a fake system, then real children.
#include "job_support.h"

#include "core/platform/checked_signal.h"

#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <map>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace portside;
using platform::Holds;
using platform::ProcessId;
using platform::Refusal;
using platform::SignalTarget;

namespace {

// Answers as it is told to, and notes what it was asked, in order.
struct FakeSystem {
    std::vector<std::string> calls;
    base::ErrorKind open_error = base::ErrorKind::interrupted; // interrupted: none
    bool ended = false;                                        // what the pidfd says
    std::optional<base::Error> stat_error;
    std::uint64_t pidfd_id = 9001;
    platform::ProcessStat stat{{4000, 77}, "node", 'S', 1, 0};
    std::map<std::uint64_t, Holds> holds;
    std::string protected_because; // empty: it is not
    base::Result<void> send_result;

    [[nodiscard]] platform::SignalSystem system() {
        platform::SignalSystem system;
        system.open_pidfd = [this](pid_t pid) -> base::Result<base::UniqueFd> {
            calls.push_back(fmt::format("open {}", pid));
            if (open_error != base::ErrorKind::interrupted) {
                return base::failed(open_error, "Could not open it.");
            }
            return base::UniqueFd(::eventfd(ended ? 1 : 0, EFD_CLOEXEC)); // readable: ended
        };
        system.pidfd_id = [this](const base::UniqueFd& pidfd) {
            REQUIRE(pidfd.get() >= 0);
            calls.emplace_back("number");
            return pidfd_id;
        };
        system.read_stat = [this](pid_t) -> base::Result<platform::ProcessStat> {
            calls.emplace_back("stat");
            if (stat_error) {
                return base::failed(*stat_error);
            }
            return stat;
        };
        system.holds = [this](pid_t, std::uint64_t inode) {
            calls.push_back(fmt::format("holds {}", inode));
            return holds.contains(inode) ? holds[inode] : Holds::no;
        };
        system.why_protected = [this](const ProcessId&) {
            calls.emplace_back("why");
            return protected_because.empty() ? std::nullopt : std::optional(protected_because);
        };
        system.send = [this](const base::UniqueFd& pidfd, platform::Signal signal) {
            REQUIRE(pidfd.get() >= 0);
            calls.push_back(fmt::format("send {}", platform::name_of(signal)));
            return send_result;
        };
        return system;
    }
};

using Calls = std::vector<std::string>;

SignalTarget target_of(std::vector<std::uint64_t> inodes = {}) {
    return {ProcessId{4000, 77}, std::move(inodes), platform::Signal::term, false};
}

void check_refused(FakeSystem& fake, const SignalTarget& target, Refusal reason, const Calls& calls) {
    const auto result = platform::send_checked(target, fake.system());
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().reason == reason);
    INFO(result.error().sentence);
    CHECK(result.error().sentence.find("othing was sent") != std::string::npos);
    CHECK(fake.calls == calls);
}

} // namespace

TEST_CASE("checked_signal - all steps in their order") {
    FakeSystem fake;
    fake.holds[6] = Holds::yes;
    const auto sent = platform::send_checked(target_of({5, 6, 7}), fake.system());
    CHECK(sent.has_value());
    CHECK(fake.calls == Calls{"open 4000", "stat", "holds 5", "holds 6", "why", "send SIGTERM"});
}

TEST_CASE("checked_signal - a kill by pid asks for no socket and consent skips only the question") {
    FakeSystem fake;
    fake.protected_because = "It is the X display server.";
    auto target = target_of();
    target.consented = true;
    target.signal = platform::Signal::kill;
    CHECK(platform::send_checked(target, fake.system()).has_value());
    CHECK(fake.calls == Calls{"open 4000", "stat", "send SIGKILL"});
}

TEST_CASE("checked_signal - guard rails come before everything") {
    for (const pid_t pid : {0, 1, -1, -4000, static_cast<int>(::getpid())}) {
        FakeSystem fake;
        auto target = target_of();
        target.process.pid = pid;
        target.consented = true;
        check_refused(fake, target, Refusal::never_signalled, {});
    }
}

TEST_CASE("checked_signal - a kernel thread is never signalled") {
    FakeSystem fake;
    fake.stat.flags = 0x00200000; // PF_KTHREAD
    auto target = target_of();
    target.consented = true;
    check_refused(fake, target, Refusal::never_signalled, {"open 4000", "stat"});
}

TEST_CASE("checked_signal - no such process") {
    FakeSystem fake;
    fake.open_error = base::ErrorKind::not_found;
    check_refused(fake, target_of({5}), Refusal::gone, {"open 4000"});
}

TEST_CASE("checked_signal - a pidfd that cannot be opened is no reason to use the number") {
    for (const auto kind : {base::ErrorKind::unsupported, base::ErrorKind::system, base::ErrorKind::not_permitted}) {
        FakeSystem fake;
        fake.open_error = kind;
        check_refused(fake, target_of({5}), Refusal::failed, {"open 4000"});
    }
}

TEST_CASE("checked_signal - another start time is another process") {
    FakeSystem fake;
    fake.stat.id.start_time = 78;
    check_refused(fake, target_of({5}), Refusal::identity_changed, {"open 4000", "stat"});
}

TEST_CASE("checked_signal - another pidfd number is another process with the same start time") {
    FakeSystem same;
    auto target = target_of();
    target.pidfd_id = same.pidfd_id;
    CHECK(platform::send_checked(target, same.system()).has_value());
    CHECK(same.calls == Calls{"open 4000", "stat", "number", "why", "send SIGTERM"});
    for (const std::uint64_t other : {std::uint64_t{9002}, std::uint64_t{0}}) { // 0: it could not be read again
        FakeSystem fake;
        fake.pidfd_id = other;
        check_refused(fake, target, Refusal::identity_changed, {"open 4000", "stat", "number"});
    }
    FakeSystem unnumbered; // before Linux 6.9 there is nothing to compare
    unnumbered.pidfd_id = 0;
    CHECK(platform::send_checked(target_of(), unnumbered.system()).has_value());
}

TEST_CASE("checked_signal - ended between the pidfd and the identity") {
    FakeSystem fake;
    fake.ended = true;
    fake.stat_error = base::Error{base::ErrorKind::not_found, 0, "No such process."};
    check_refused(fake, target_of({5}), Refusal::gone, {"open 4000", "stat"});
}

TEST_CASE("checked_signal - an identity that is hidden while the process lives is not taken on trust") {
    FakeSystem fake;
    fake.stat_error = base::Error{base::ErrorKind::not_found, 0, "No such file."};
    check_refused(fake, target_of({5}), Refusal::not_permitted, {"open 4000", "stat"});
    FakeSystem broken;
    broken.stat_error = base::Error{base::ErrorKind::system, 5, "Input/output error."};
    check_refused(broken, target_of({5}), Refusal::failed, {"open 4000", "stat"});
}

TEST_CASE("checked_signal - a zombie has ended a main thread that ended before the others has not") {
    FakeSystem fake;
    fake.stat.state = 'Z';
    fake.ended = true;
    check_refused(fake, target_of(), Refusal::gone, {"open 4000", "stat"});
    FakeSystem threads_left;
    threads_left.stat.state = 'Z';
    CHECK(platform::send_checked(target_of(), threads_left.system()).has_value());
    CHECK(threads_left.calls.back() == "send SIGTERM");
}

TEST_CASE("checked_signal - it no longer holds the socket") {
    FakeSystem fake;
    check_refused(fake, target_of({5, 6}), Refusal::not_holding, {"open 4000", "stat", "holds 5", "holds 6"});
}

TEST_CASE("checked_signal - descriptors that may not be read pass only for an elevated kill") {
    FakeSystem fake;
    fake.holds = {{5, Holds::no}, {6, Holds::not_permitted}};
    check_refused(fake, target_of({5, 6}), Refusal::not_permitted, {"open 4000", "stat", "holds 5", "holds 6"});
    CHECK(platform::check_target(target_of({5, 6}), fake.system(), true).has_value());
    FakeSystem readable;
    const auto not_holding = platform::check_target(target_of({5, 6}), readable.system(), true);
    REQUIRE_FALSE(not_holding.has_value());
    CHECK(not_holding.error().reason == Refusal::not_holding);
}

TEST_CASE("checked_signal - a part of the session is asked about first") {
    FakeSystem fake;
    fake.protected_because = "It is the X display server: your whole desktop session would end.";
    const auto result = platform::send_checked(target_of(), fake.system());
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().reason == Refusal::needs_consent);
    CHECK(result.error().sentence.find("X display server") != std::string::npos);
    CHECK(result.error().sentence.find("node (4000)") != std::string::npos);
    CHECK(fake.calls == Calls{"open 4000", "stat", "why"});
}

TEST_CASE("checked_signal - what the kernel says to the signal") {
    const std::map<base::ErrorKind, Refusal> reasons{{base::ErrorKind::not_permitted, Refusal::not_permitted},
                                                     {base::ErrorKind::not_found, Refusal::gone},
                                                     {base::ErrorKind::unsupported, Refusal::failed},
                                                     {base::ErrorKind::system, Refusal::failed}};
    for (const auto& [kind, reason] : reasons) {
        FakeSystem fake;
        fake.send_result = base::failed(kind, "The kernel said no");
        check_refused(fake, target_of(), reason, {"open 4000", "stat", "why", "send SIGTERM"});
    }
}

TEST_CASE("checked_signal - check_target never sends") {
    FakeSystem fake;
    CHECK(platform::check_target(target_of(), fake.system()).has_value());
    CHECK(fake.calls == Calls{"open 4000", "stat", "why"});
}

TEST_CASE("checked_signal - process text in a sentence is made safe") {
    FakeSystem fake;
    fake.stat.comm = "a\x1b[31m\n\xff";
    const auto result = platform::send_checked(target_of({5}), fake.system());
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().sentence.find('\x1b') == std::string::npos);
    CHECK(result.error().sentence.find('\n') == std::string::npos);
    CHECK(result.error().sentence.find('\xff') == std::string::npos);
}

TEST_CASE("checked_signal - a real child is killed only as itself and only while it holds the socket") {
    const auto system = platform::SignalSystem::real();
    auto listener = tests::listen_on_loopback();
    const tests::TestChild child;
    listener.fd.reset(); // the child has it alone now
    const auto other = tests::listen_on_loopback();

    auto target = SignalTarget{child.id(), {listener.inode}, platform::Signal::term, false};
    auto wrong_time = target;
    wrong_time.process.start_time += 1;
    const auto changed = platform::send_checked(wrong_time, system);
    REQUIRE_FALSE(changed.has_value());
    CHECK(changed.error().reason == Refusal::identity_changed);

    const auto facts = platform::read_process(child.pid());
    REQUIRE(facts.has_value());
    auto wrong_number = target;
    wrong_number.pidfd_id = facts->pidfd_id + 1;
    const auto successor = platform::send_checked(wrong_number, system);
    REQUIRE_FALSE(successor.has_value());
    CHECK(successor.error().reason == Refusal::identity_changed);
    target.pidfd_id = facts->pidfd_id;

    auto wrong_socket = target;
    wrong_socket.inodes = {other.inode};
    const auto not_holding = platform::send_checked(wrong_socket, system);
    REQUIRE_FALSE(not_holding.has_value());
    CHECK(not_holding.error().reason == Refusal::not_holding);
    CHECK(child.runs());

    CHECK(platform::send_checked(target, system).has_value());
    REQUIRE(tests::wait_until([&] { return !child.runs(); }));
    CHECK(child.ended_by() == SIGTERM);

    const auto zombie = platform::send_checked(target, system); // it is not reaped yet
    REQUIRE_FALSE(zombie.has_value());
    CHECK(zombie.error().reason == Refusal::gone);
}

TEST_CASE("checked_signal - the real guard rails") {
    const auto system = platform::SignalSystem::real();
    for (const pid_t pid : {0, 1, -1, static_cast<int>(::getpid())}) {
        const auto stat = platform::read_stat(pid);
        const auto refused =
            platform::check_target({ProcessId{pid, stat ? stat->id.start_time : 0}, {}, {}, true}, system);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().reason == Refusal::never_signalled);
    }
    const auto thread = platform::read_stat(2); // kthreadd, but in a pid namespace of its own
    if (thread && platform::is_kernel_thread(*thread)) {
        const auto refused = platform::check_target({thread->id, {}, {}, true}, system);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().reason == Refusal::never_signalled);
    }
}

TEST_CASE("checked_signal - our own parent is asked about first") {
    const auto self = platform::read_stat(::getpid());
    REQUIRE(self.has_value());
    const int outcome = tests::in_child([&] { // its parent is this test
        const auto system = platform::SignalSystem::real();
        const auto asked = platform::check_target({self->id, {}, {}, false}, system);
        const bool refused = !asked && asked.error().reason == Refusal::needs_consent &&
                             asked.error().sentence.find("parent of Portside") != std::string::npos;
        const bool passes = platform::check_target({self->id, {}, {}, true}, system).has_value();
        return refused && passes ? 0 : 1;
    });
    CHECK(outcome == 0);
}

TEST_CASE("checked_signal - whose process it is") {
    CHECK(platform::is_owned_by_current_user(::geteuid()));
    CHECK(platform::is_owned_by_current_user(::geteuid() + 1) == (::geteuid() == 0));
}

TEST_SUITE("root") {
    TEST_CASE("checked_signal - a second users process is not permitted and lives on") {
        REQUIRE(::geteuid() == 0);
        auto listener = tests::listen_on_loopback();
        const tests::TestChild child; // root's
        listener.fd.reset();
        const int outcome = tests::in_child([&] {
            if (::setgid(65534) != 0 || ::setuid(65534) != 0) {
                return 10;
            }
            const auto system = platform::SignalSystem::real();
            if (platform::is_owned_by_current_user(0)) {
                return 11;
            }
            const auto by_pid = platform::send_checked({child.id(), {}, platform::Signal::kill, false}, system);
            if (by_pid || by_pid.error().reason != Refusal::not_permitted) {
                return 12;
            }
            const SignalTarget by_port{child.id(), {listener.inode}, platform::Signal::kill, false};
            const auto unreadable = platform::send_checked(by_port, system);
            if (unreadable || unreadable.error().reason != Refusal::not_permitted) {
                return 13;
            }
            return platform::check_target(by_port, system, true) ? 0 : 14; // an elevated kill may go on to ask
        });
        CHECK(outcome == 0);
        CHECK(child.runs());
    }
}
