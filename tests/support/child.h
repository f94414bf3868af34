// SPDX-License-Identifier: MIT
// Programs that a test starts: here, or inside a sandbox's namespaces as another user. One thread: the test's own, and
// it must outlive its children (they are killed when the thread that started them ends).
#pragma once

#include "core/base/unique_fd.h"
#include "tests/support/wait.h"

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace portside::support {

// Where a program runs. The default is here, as this user. The descriptors belong to the sandbox.
struct Place {
    int mounts = -1;    // a mount namespace
    int processes = -1; // a pid namespace
    int network = -1;   // a network namespace
    int root = -1;      // the root folder in that mount namespace
    uid_t uid = 0;
    gid_t gid = 0;
    std::string files; // what this process puts before a path to reach that place's file; empty: the same files
    [[nodiscard]] bool elsewhere() const { return root >= 0; }
};

struct Command {
    std::vector<std::string> argv;             // argv[0] is an absolute path, or is looked for in PATH
    std::vector<std::string> environment = {}; // NAME=value; empty: this process's own
    Place place = {};
    bool terminal = false;       // the three standard descriptors are a terminal of its own, its controlling one
    bool private_mounts = false; // a mount namespace of its own, from which nothing spreads
    std::string directory = "/";
};

// A started program. Not copied; the destructor kills and reaps it.
class Child {
  public:
    // Throws std::runtime_error where the program cannot be started.
    explicit Child(const Command& command);
    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child();

    [[nodiscard]] pid_t pid() const { return pid_; }
    // The pid as its own pid namespace counts; 0 when it is gone.
    [[nodiscard]] pid_t inner_pid() const;
    // Whether it still runs. Reaps it when it has ended.
    [[nodiscard]] bool running();
    // The exit code, or 128 + the signal's number; nothing when it still runs after `limit`.
    [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds limit = kPatience);
    void write(const std::string& text);
    void close_input() { input_.reset(); }
    // What it has written so far: standard output (with a terminal: everything), standard error.
    [[nodiscard]] const std::string& output();
    [[nodiscard]] const std::string& errors();
    // Waits until the output holds `text` after what was expected before; throws std::runtime_error with all output
    // when it does not come.
    void expect(const std::string& text, std::chrono::milliseconds limit = kPatience);
    // On a terminal: waits for "Password: " and until the terminal has stopped to echo. The program prints first and
    // throws away with the echo what was typed before (TCSAFLUSH), so a password must come after both.
    void expect_password_prompt(std::chrono::milliseconds limit = kPatience);
    // A line of output without its line break; throws as expect does.
    [[nodiscard]] std::string first_line(std::chrono::milliseconds limit = kPatience);
    void send_signal(int number);

  private:
    void drain();
    void reap(int options);

    pid_t pid_ = -1;
    std::optional<int> status_;
    base::UniqueFd input_, output_fd_, errors_fd_;
    std::string output_, errors_;
    std::size_t expected_ = 0; // how much of the output earlier expectations have used
};

// The sanitizers' options in this process's environment, NAME=value, for programs that get an environment of their own.
[[nodiscard]] std::vector<std::string> sanitizer_options();

struct Outcome {
    int status = -1; // as Child::wait; -1 when the time ran out
    std::string output;
    std::string errors;
};

// Runs the program to its end with nothing on its standard input.
[[nodiscard]] Outcome run(const Command& command, std::chrono::milliseconds limit = kPatience);

} // namespace portside::support
