// SPDX-License-Identifier: MIT
// bench_load: a machine full of sockets and descriptors, on loopback, in children of its own. Stays until its standard
// input ends or a SIGTERM comes, then takes everything down; the children die with it in any case. One thread.
//   bench_load small|medium|large|big-fd|established [--sockets N] [--processes N] [--others N]
// Prints "ready PROCESSES" when the load stands. Lines on standard input: "new-listener" lets one of the children open
// one more (answer "opened PORT PID"), "close-listener" closes it again (answer "closed PORT").
#include "core/base/parse.h"
#include "core/base/unique_fd.h"
#include "tests/bench/load_child.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <random>
#include <string>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <vector>

namespace {

using namespace portside;
using namespace portside::bench;

constexpr int kPatience = 120'000; // milliseconds without any sign of progress, while the load is made

int complain(const std::string& sentence) {
    std::fprintf(stderr, "bench_load: %s\n", sentence.c_str());
    return 1;
}

void say(const std::string& line) {
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

class Master {
  public:
    explicit Master(Load load) : load_(std::move(load)) {}
    Master(const Master&) = delete;
    Master& operator=(const Master&) = delete;
    ~Master() { take_down(); }

    int run();

  private:
    enum class Event { report, command, end, trouble };
    bool prepare();
    bool fork_all();
    bool wait_until_ready();
    Event next_event();
    Event read_report();
    Event read_command();
    bool obey();
    void take_down();

    Load load_;
    base::UniqueFd reports_, report_end_, signals_;
    std::vector<pid_t> children_;
    Report report_;
    std::string input_, command_;
    bool stands_ = false;
    pid_t listener_ = 0; // the child that has one listener more
    std::minstd_rand random_{std::random_device{}()};
};

bool Master::prepare() {
    sigset_t blocked;
    sigemptyset(&blocked);
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) {
        sigaddset(&blocked, number);
    }
    signals_.reset(::signalfd(-1, &blocked, SFD_CLOEXEC));
    sigaddset(&blocked, kOpenSignal);
    sigaddset(&blocked, kCloseSignal);
    std::array<int, 2> ends{};
    if (!signals_ || ::sigprocmask(SIG_BLOCK, &blocked, nullptr) != 0 || ::pipe2(ends.data(), O_CLOEXEC) != 0) {
        complain(std::string("cannot prepare: ") + std::strerror(errno));
        return false;
    }
    reports_.reset(ends[0]);
    report_end_.reset(ends[1]);
    return true;
}

bool Master::fork_all() {
    const pid_t self = ::getpid();
    const bool ipv6 = has_ipv6_loopback();
    children_.reserve(process_count(load_));
    for (std::uint32_t i = 0; i < process_count(load_); ++i) {
        const pid_t child = ::fork();
        if (child == 0) {
            run_child(share_of(load_, i, ipv6), report_end_.get(), self);
        }
        if (child < 0) {
            complain("process number " + std::to_string(i + 1) + " could not be made: " + std::strerror(errno) + ". " +
                     needs_of(load_));
            return false;
        }
        children_.push_back(child);
    }
    report_end_.reset();
    return true;
}

Master::Event Master::read_report() {
    if (::read(reports_.get(), &report_, sizeof report_) != static_cast<ssize_t>(sizeof report_)) {
        complain("the load's processes have ended by themselves.");
        return Event::trouble;
    }
    if (report_.what == Report::What::failed) {
        complain(std::string("one of the processes could not ") + report_.tried.data() + ": " +
                 std::strerror(report_.error) + ". " + needs_of(load_));
        return Event::trouble;
    }
    return Event::report;
}

Master::Event Master::read_command() {
    std::array<char, 256> buffer{};
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count <= 0) {
        return Event::end;
    }
    input_.append(buffer.data(), static_cast<std::size_t>(count));
    return next_event();
}

// Blocks until there is one. A child's report comes before anything else, so that the sentence of a child that failed
// is read before the notice of its end.
Master::Event Master::next_event() {
    if (const auto line_end = input_.find('\n'); line_end != std::string::npos) {
        command_ = input_.substr(0, line_end);
        input_.erase(0, line_end + 1);
        return Event::command;
    }
    std::array<pollfd, 3> ready{{{reports_.get(), POLLIN, 0}, {signals_.get(), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
    int count = 0;
    do {
        count = ::poll(ready.data(), ready.size(), stands_ ? -1 : kPatience);
    } while (count < 0 && errno == EINTR);
    if (count == 0) {
        complain("the load's processes take too long. " + needs_of(load_));
    }
    if (ready[0].revents != 0) {
        return read_report();
    }
    if (ready[1].revents != 0) {
        signalfd_siginfo signal{};
        if (::read(signals_.get(), &signal, sizeof signal) != static_cast<ssize_t>(sizeof signal)) {
            return Event::trouble;
        }
        if (signal.ssi_signo == SIGCHLD) {
            complain("one of the load's processes has ended by itself.");
            return Event::trouble;
        }
        return Event::end;
    }
    return ready[2].revents != 0 ? read_command() : Event::trouble;
}

bool Master::wait_until_ready() {
    for (std::size_t waiting = children_.size(); waiting > 0;) {
        switch (next_event()) {
        case Event::report:
            --waiting;
            break;
        case Event::command:
            complain("a command came before the load stood.");
            return false;
        case Event::end:
            complain("told to end before the load stood.");
            return false;
        case Event::trouble:
            return false;
        }
    }
    return true;
}

// Sends the order and prints the child's answer.
bool Master::obey() {
    const bool open = command_ == "new-listener";
    if ((!open && command_ != "close-listener") || open != (listener_ == 0)) {
        complain("unknown here: '" + command_ + "' (new-listener and close-listener, in turn).");
        return false;
    }
    if (open) {
        listener_ = children_[std::uniform_int_distribution<std::size_t>(0, children_.size() - 1)(random_)];
    }
    if (::kill(listener_, open ? kOpenSignal : kCloseSignal) != 0 || next_event() != Event::report) {
        return false;
    }
    say(open ? "opened " + std::to_string(report_.port) + " " + std::to_string(report_.pid)
             : "closed " + std::to_string(report_.port));
    listener_ = open ? listener_ : 0;
    return true;
}

int Master::run() {
    if (!prepare() || !fork_all() || !wait_until_ready()) {
        return 1;
    }
    stands_ = true;
    say("ready " + std::to_string(children_.size()));
    for (;;) {
        switch (next_event()) {
        case Event::command:
            if (!obey()) {
                return 1;
            }
            break;
        case Event::end:
            return 0;
        case Event::report:
        case Event::trouble:
            return 1;
        }
    }
}

// None was reaped before, so each number is still the child's own.
void Master::take_down() {
    for (const pid_t child : children_) {
        ::kill(child, SIGKILL);
    }
    for (const pid_t child : children_) {
        while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
}

} // namespace

int main(int count, char** words) {
    std::optional<Load> load = count > 1 ? load_named(words[1]) : std::nullopt;
    bool good = load.has_value() && count % 2 == 0;
    for (int i = 2; good && i + 1 < count; i += 2) {
        const std::string option = words[i];
        const auto number = base::parse_number<std::uint32_t>(words[i + 1]);
        std::uint32_t* const field = option == "--sockets"     ? &load->sockets
                                     : option == "--processes" ? &load->processes
                                     : option == "--others"    ? &load->others
                                                               : nullptr;
        good = field != nullptr && number.has_value() && (*number > 0 || field != &load->processes);
        if (good) {
            *field = *number;
        }
    }
    if (!good) {
        std::fprintf(stderr, "usage: bench_load small|medium|large|big-fd|established [--sockets N] [--processes N] "
                             "[--others N]\n");
        return 2;
    }
    if (const auto sentence = fit_to_limits(*load)) {
        return complain(*sentence);
    }
    return Master(std::move(*load)).run();
}
