// SPDX-License-Identifier: MIT
// Programs that a test starts, in another place where asked. One thread: the test's own.
#include "tests/support/child.h"

#include "tests/support/become.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <system_error>
#include <termios.h>

namespace portside::support {
namespace {

struct Streams {
    base::UniqueFd input, output, errors;                   // the test's ends
    base::UniqueFd child_input, child_output, child_errors; // the program's ends
};

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error(what + ": " + std::system_category().message(errno));
}

void make_pipe(base::UniqueFd& read_end, base::UniqueFd& write_end) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        fail("pipe2");
    }
    read_end.reset(ends[0]);
    write_end.reset(ends[1]);
}

// A terminal pair, from the place's own devpts: a bare chroot may have none of its own.
Streams terminal_streams(const Place& place) {
    Streams streams;
    const std::string multiplexer = place.elsewhere() ? place.files + "/dev/pts/ptmx" : "/dev/ptmx";
    streams.input.reset(open(multiplexer.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    int unlocked = 0;
    if (!streams.input || ioctl(streams.input.get(), TIOCSPTLCK, &unlocked) != 0) {
        fail("a terminal from " + multiplexer);
    }
    streams.child_input.reset(ioctl(streams.input.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!streams.child_input) {
        fail("the program's end of the terminal");
    }
    if (place.elsewhere() && fchown(streams.child_input.get(), place.uid, place.gid) != 0) {
        fail("the terminal's owner");
    }
    streams.output.reset(fcntl(streams.input.get(), F_DUPFD_CLOEXEC, 0));
    streams.child_output.reset(fcntl(streams.child_input.get(), F_DUPFD_CLOEXEC, 0));
    streams.child_errors.reset(fcntl(streams.child_input.get(), F_DUPFD_CLOEXEC, 0));
    return streams;
}

Streams pipe_streams() {
    Streams streams;
    make_pipe(streams.child_input, streams.input);
    make_pipe(streams.output, streams.child_output);
    make_pipe(streams.errors, streams.child_errors);
    return streams;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (const std::string& text : texts) {
        result.push_back(const_cast<char*>(text.c_str()));
    }
    result.push_back(nullptr);
    return result;
}

// Appends what can be read without waiting; closes the descriptor at its end.
void read_available(base::UniqueFd& fd, std::string& text) {
    std::array<char, 4096> buffer{};
    while (fd) {
        pollfd ready{fd.get(), POLLIN, 0};
        if (poll(&ready, 1, 0) <= 0) {
            return;
        }
        const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
        if (count > 0) {
            text.append(buffer.data(), static_cast<std::size_t>(count));
        } else if (count == 0 || errno != EINTR) { // a terminal whose program has ended says EIO
            fd.reset();
        }
    }
}

} // namespace

Child::Child(const Command& command) {
    Streams streams = command.terminal ? terminal_streams(command.place) : pipe_streams();
    std::vector<char*> arguments = pointers(command.argv);
    std::vector<char*> environment = pointers(command.environment);
    char** variables = command.environment.empty() ? environ : environment.data();
    pid_ = fork_in(command.place.processes);
    if (pid_ == 0) {
        become(command, {streams.child_input.get(), streams.child_output.get(), streams.child_errors.get()},
               arguments.data(), variables);
    }
    if (pid_ < 0) {
        fail("fork");
    }
    input_ = std::move(streams.input);
    output_fd_ = std::move(streams.output);
    errors_fd_ = std::move(streams.errors);
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), status_(other.status_), input_(std::move(other.input_)),
      output_fd_(std::move(other.output_fd_)), errors_fd_(std::move(other.errors_fd_)),
      output_(std::move(other.output_)), errors_(std::move(other.errors_)), expected_(other.expected_) {}

Child::~Child() {
    if (pid_ > 0 && !status_) {
        ::kill(pid_, SIGKILL); // not yet reaped, so the number is still its own
        reap(0);
    }
}

pid_t Child::inner_pid() const {
    std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
    std::string line;
    while (std::getline(status, line)) {
        if (line.rfind("NSpid:", 0) == 0) {
            std::istringstream numbers(line.substr(6));
            pid_t last = 0;
            for (pid_t number = 0; numbers >> number;) {
                last = number;
            }
            return last;
        }
    }
    return 0;
}

void Child::reap(int options) {
    int status = 0;
    pid_t done = -1;
    do {
        done = waitpid(pid_, &status, options);
    } while (done < 0 && errno == EINTR);
    if (done == pid_) {
        status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
}

bool Child::running() {
    drain();
    if (!status_) {
        reap(WNOHANG);
    }
    return !status_;
}

std::optional<int> Child::wait(std::chrono::milliseconds limit) {
    static_cast<void>(wait_until([this] { return !running(); }, limit));
    drain(); // what it wrote between the last look and its end
    return status_;
}

void Child::write(const std::string& text) {
    std::size_t written = 0;
    while (written < text.size()) {
        const ssize_t count = ::write(input_.get(), text.data() + written, text.size() - written);
        if (count < 0 && errno != EINTR) {
            fail("writing to a program");
        }
        written += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
}

void Child::drain() {
    read_available(output_fd_, output_);
    read_available(errors_fd_, errors_);
}

const std::string& Child::output() {
    drain();
    return output_;
}

const std::string& Child::errors() {
    drain();
    return errors_;
}

void Child::expect(const std::string& text, std::chrono::milliseconds limit) {
    const auto there = [&] { return output().find(text, expected_) != std::string::npos; };
    if (!wait_until([&] { return there() || !running(); }, limit) || !there()) {
        throw std::runtime_error("'" + text + "' did not come; there was: " + output() + errors());
    }
    expected_ = output_.find(text, expected_) + text.size();
}

void Child::expect_password_prompt(std::chrono::milliseconds limit) {
    expect("Password: ", limit);
    const auto silent = [this] {
        termios terminal{}; // the master's are the program's (ioctl_tty(2))
        return ::tcgetattr(input_.get(), &terminal) == 0 && (terminal.c_lflag & ECHO) == 0;
    };
    if (!wait_until(silent, limit)) {
        throw std::runtime_error("the terminal goes on echoing at the password prompt; there was: " + output());
    }
}

std::string Child::first_line(std::chrono::milliseconds limit) {
    expect("\n", limit);
    return output_.substr(0, output_.find('\n'));
}

void Child::send_signal(int number) {
    if (running()) {
        ::kill(pid_, number);
    }
}

std::vector<std::string> sanitizer_options() {
    std::vector<std::string> options;
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"}) {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in a test sets variables
        if (const char* value = std::getenv(name); value != nullptr) {
            options.push_back(std::string(name) + "=" + value);
        }
    }
    return options;
}

Outcome run(const Command& command, std::chrono::milliseconds limit) {
    Child child(command);
    child.close_input();
    const std::optional<int> status = child.wait(limit);
    return {status.value_or(-1), child.output(), child.errors()};
}

} // namespace portside::support
