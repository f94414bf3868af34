// SPDX-License-Identifier: MIT
// Numbers are given out by clone3(2) with set_tid, so that no round depends on luck. One thread, and forks of it.
#include "tests/live/reused_number.h"

#include "core/base/file.h"
#include "core/base/parse.h"
#include "core/platform/kill_helper.h"
#include "core/platform/process.h"
#include "tests/support/become.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <linux/sched.h>
#include <optional>
#include <sched.h>
#include <stdexcept>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace portside::live {

namespace {

using platform::HelperExit;
using platform::SignalTarget;

constexpr pid_t kNumber = 20'000; // far from what the kernel gives out by itself in a fresh pid namespace

void must(bool holds, const char* what) {
    if (!holds) {
        throw std::runtime_error(std::string(what) + ": " + std::strerror(errno)); // NOLINT(concurrency-mt-unsafe)
    }
}

// A process with that number that waits for ever, with every signal blocked: what is sent stays to be seen.
void take_number() {
    pid_t number = kNumber;
    clone_args arguments{};
    arguments.exit_signal = SIGCHLD;
    arguments.set_tid = reinterpret_cast<std::uintptr_t>(&number);
    arguments.set_tid_size = 1;
    const long made = ::syscall(SYS_clone3, &arguments, sizeof(arguments));
    if (made == 0) { // raw system calls only: a sanitizer's own state was not told of this process
        for (;;) {
            ::syscall(SYS_ppoll, nullptr, 0, nullptr, nullptr, 0);
        }
    }
    must(made == kNumber, "clone3 with set_tid");
}

void free_number() {
    must(::kill(kNumber, SIGKILL) == 0 && ::waitpid(kNumber, nullptr, 0) == kNumber, "the holder of the number ends");
}

// "ShdPnd:\t0000000000004000" of /proc/PID/status (proc_pid_status(5)): a signal is there the moment it was sent.
bool has_signal_pending() {
    const auto status = base::read_file(AT_FDCWD, ("/proc/" + std::to_string(kNumber) + "/status").c_str());
    must(status.has_value(), "the status of the innocent process");
    for (const auto line : base::split_at(*status, '\n')) {
        if (line.starts_with("ShdPnd:")) {
            const auto mask = base::parse_hex(base::split_words(line).at(1));
            must(mask.has_value(), "the pending signals");
            return (*mask & (1U << (SIGTERM - 1))) != 0;
        }
    }
    must(false, "the pending signals are listed");
    return false;
}

std::uint64_t start_time() {
    const auto stat = platform::read_stat(kNumber);
    must(stat.has_value(), "the start time");
    return stat->id.start_time;
}

HelperExit run_helper(const SignalTarget& target, const std::string& helper, int input) {
    std::vector<std::string> words = platform::helper_kill_arguments(target);
    words.insert(words.begin(), helper);
    std::vector<char*> pointers;
    for (auto& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(input, STDIN_FILENO);
        ::execv(helper.c_str(), pointers.data());
        ::_exit(125);
    }
    int status = 0;
    must(child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status), "the helper ends");
    return static_cast<HelperExit>(WEXITSTATUS(status));
}

class Machine {
  public:
    Machine(Sender sender, std::string helper) : sender_(sender), helper_(std::move(helper)) {
        // Process 1 ignores what is not for it; whoever is made here blocks all signals.
        sigset_t all;
        ::sigfillset(&all);
        must(::sigprocmask(SIG_BLOCK, &all, nullptr) == 0, "signals");
        support::leave_shared_mounts();
        must(::mount("proc", "/proc", "proc", 0, nullptr) == 0, "a /proc of its own");
        null_.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    }

    void round(Moment moment) {
        take_number();
        const auto facts = platform::read_process(kNumber);
        must(facts.has_value(), "the first process is read");
        SignalTarget target{facts->stat.id, {}, platform::Signal::term, true, facts->pidfd_id};
        result_.numbered = facts->pidfd_id != 0;
        taken_ = false;
        if (sender_ == Sender::plain_kill) {
            swap(target);
            static_cast<void>(::kill(target.process.pid, SIGTERM));
        } else if (moment == Moment::before_helper || moment == Moment::before_helper_bare) {
            send_by_helper(target, moment == Moment::before_helper);
        } else {
            send_checked(target, moment);
        }
        ++result_.rounds;
        result_.innocents_hit += has_signal_pending() ? 1 : 0;
        free_number();
    }

    [[nodiscard]] const Torture& result() const { return result_; }

  private:
    // The one that was meant ends, and an innocent process takes its number. Where the kernel does not number pidfds a
    // start time is all there is, so the two have different ones there.
    void swap(const SignalTarget& target) {
        if (std::exchange(taken_, true)) {
            return;
        }
        free_number();
        take_number();
        while (target.pidfd_id == 0 && start_time() == target.process.start_time) {
            free_number();
            take_number();
        }
        result_.same_start += start_time() == target.process.start_time ? 1 : 0;
    }

    void send_checked(const SignalTarget& target, Moment moment) {
        auto system = platform::SignalSystem::real();
        if (moment == Moment::before_request) {
            swap(target);
        } else if (moment == Moment::after_pidfd) {
            system.open_pidfd = [&](pid_t pid) {
                auto pidfd = platform::open_pidfd(pid);
                swap(target);
                return pidfd;
            };
        } else {
            system.send = [&](const base::UniqueFd& pidfd, platform::Signal signal) {
                swap(target);
                return platform::send_signal(pidfd, signal);
            };
        }
        const auto sent = platform::send_checked(target, system);
        must(taken_, "the number was taken before the end");
        if (sent) {
            ++result_.other;
        } else {
            count(sent.error().reason == platform::Refusal::gone,
                  sent.error().reason == platform::Refusal::identity_changed);
        }
    }

    void send_by_helper(const SignalTarget& target, bool hand_over) {
        const auto pidfd = platform::check_target(target, platform::SignalSystem::real(), true); // the click
        must(pidfd.has_value(), "the click's own checks");
        swap(target); // while the password is typed
        const auto exit = run_helper(target, helper_, hand_over ? pidfd->get() : null_.get());
        count(exit == HelperExit::gone, exit == HelperExit::identity_changed);
    }

    void count(bool gone, bool changed) {
        ++(gone ? result_.gone : changed ? result_.identity_changed : result_.other);
    }

    Sender sender_;
    std::string helper_;
    base::UniqueFd null_;
    bool taken_ = false;
    Torture result_;
};

// In the first process of the pid namespace.
int run_rounds(Sender sender, int rounds_each, const std::string& helper, int answer) {
    try {
        Machine machine(sender, helper);
        for (int round = 0; round < rounds_each; ++round) {
            for (const auto moment : {Moment::before_request, Moment::after_pidfd, Moment::after_identity,
                                      Moment::before_helper, Moment::before_helper_bare}) {
                machine.round(moment);
            }
        }
        return ::write(answer, &machine.result(), sizeof(Torture)) == sizeof(Torture) ? 0 : 1;
    } catch (const std::exception& error) {
        static_cast<void>(::dprintf(STDERR_FILENO, "pid reuse: %s\n", error.what()));
        return 1;
    }
}

} // namespace

Torture torture(Sender sender, int rounds_each, const std::string& helper) {
    std::array<int, 2> ends{};
    must(::pipe2(ends.data(), O_CLOEXEC) == 0, "a pipe");
    const base::UniqueFd reader(ends[0]);
    base::UniqueFd writer(ends[1]);
    const pid_t outside = ::fork();
    if (outside == 0) { // it stays outside the pid namespace that it makes; its child is the first process inside
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const pid_t inside = ::unshare(CLONE_NEWPID) == 0 ? ::fork() : -1;
        if (inside == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::_exit(run_rounds(sender, rounds_each, helper, writer.get()));
        }
        int status = 1;
        ::_exit(inside > 0 && ::waitpid(inside, &status, 0) == inside && status == 0 ? 0 : 1);
    }
    writer.reset();
    int status = 1;
    must(outside > 0 && ::waitpid(outside, &status, 0) == outside, "the machine ends");
    Torture result;
    if (status != 0 || ::read(reader.get(), &result, sizeof(result)) != sizeof(result)) {
        throw std::runtime_error("the machine for reused numbers broke; it said why on standard error");
    }
    return result;
}

} // namespace portside::live
