// SPDX-License-Identifier: MIT
// Starts a program by posix_spawn with an argument array and an absolute path, never a shell. One thread an object.
#pragma once

#include "core/base/result.h"
#include "core/base/unique_fd.h"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace portside::platform {

struct ChildCommand {
    std::string program;                // absolute path
    std::vector<std::string> arguments; // without argv[0]
    bool capture_output = false; // stdout and stderr by pipes; else stdout goes to /dev/null and stderr is captured
    bool inherit_stdin = false;  // else /dev/null: a child never reads the window's terminal
    int input = -1;              // a descriptor that becomes its standard input, whatever inherit_stdin says
};

// How a child ended.
struct ChildEnd {
    std::optional<int> exit_code; // nothing when a signal ended it
    int signal = 0;
};

// A running child: its pidfd is readable when it ended. Destroying the object reaps a child that has ended and leaves a
// running one to end by itself; a program that goes on for long keeps the object until then (see jobs::Reaper), or a
// zombie stays behind.
class ChildProcess {
  public:
    ChildProcess(ChildProcess&&) noexcept = default;
    ChildProcess& operator=(ChildProcess&& other) noexcept;
    ~ChildProcess();

    // Not found: ErrorKind::not_found with the program's name in the sentence.
    [[nodiscard]] static base::Result<ChildProcess> start(const ChildCommand& command);

    [[nodiscard]] const base::UniqueFd& pidfd() const { return pidfd_; }
    [[nodiscard]] const base::UniqueFd& output() const {
        return output_;
    } // non-blocking; invalid without capture_output
    [[nodiscard]] const base::UniqueFd& errors() const { return errors_; } // non-blocking
    [[nodiscard]] pid_t pid() const { return pid_; }
    // After the pidfd became readable: reaps it. Never blocks; an error while it runs.
    [[nodiscard]] base::Result<ChildEnd> reap();
    // SIGTERM by pidfd; an error where it now runs as another user (pkexec after authorisation).
    [[nodiscard]] base::Result<void> terminate();

    // Closes our end of the pipe for its output: it gets SIGPIPE when it writes more.
    void close_output() { output_.reset(); }

  private:
    ChildProcess() = default;

    base::UniqueFd pidfd_; // invalid in an object that was moved from
    base::UniqueFd output_;
    base::UniqueFd errors_;
    pid_t pid_ = 0;
    bool reaped_ = false;
};

// The absolute path of `program` by $PATH (default /usr/local/bin:/usr/bin:/bin), or nothing.
[[nodiscard]] std::optional<std::string> find_program(const std::string& program);

} // namespace portside::platform
