// SPDX-License-Identifier: MIT
// One run of pkexec(1): a program as administrator, after a password prompt that may stay open for minutes. Job thread
// only.
#pragma once

#include "core/jobs/event_loop.h"
#include "core/jobs/running_job.h"
#include "core/platform/child_process.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace portside::jobs {

struct PkexecCommand {
    std::vector<std::string> arguments; // the program and its arguments
    bool internal_agent = false;        // it may ask on our own terminal
    bool capture_output = false;
    int input = -1; // a descriptor that the program gets as its standard input: pkexec keeps it
};

// What came back. `end` is nothing where the system could not tell.
struct PkexecEnd {
    std::optional<platform::ChildEnd> end;
    std::string output;
    std::string errors;    // raw: not yet safe to show
    bool too_much = false; // it printed more than the limit and was cut off
    [[nodiscard]] bool succeeded() const { return end && end->exit_code == 0 && !too_much; }
};

// The words that only the job knows.
struct PkexecWords {
    std::string nothing_done; // "nothing was sent"
    std::string without;      // the same as a command for a terminal: "sudo portside kill pid:12"
};

// An absolute path, or nothing where there is no pkexec.
[[nodiscard]] std::optional<std::string> find_pkexec(const JobSystem& system);
[[nodiscard]] RefusedJob no_pkexec(std::string_view what_happened, const PkexecWords& words);
// Why it did not succeed, by exit code (pkexec(1): 126, 127) and, for the wording only, by what it printed.
[[nodiscard]] RefusedJob explain(const PkexecEnd& end, const PkexecWords& words);

// Destroying it withdraws the prompt.
class PkexecRun {
  public:
    using Done = std::function<void(PkexecEnd)>;
    // `done` is called in the loop, once, when pkexec (or the program that it became) has ended.
    [[nodiscard]] static base::Result<std::unique_ptr<PkexecRun>>
    start(const std::string& pkexec, const PkexecCommand& command, JobContext& context, Done done);
    PkexecRun(const PkexecRun&) = delete;
    PkexecRun& operator=(const PkexecRun&) = delete;
    ~PkexecRun();

    // Asks it to end; `done` is still called. Without effect once the password was accepted: it runs as root then.
    void withdraw();

  private:
    PkexecRun(platform::ChildProcess child, JobContext& context, Done done);
    void read_output();
    void read_errors();
    void ended();

    JobContext& context_;
    std::optional<platform::ChildProcess> child_; // nothing after it was reaped
    Done done_;
    PkexecEnd result_;
    EventLoop::Watch output_watch_;
    EventLoop::Watch errors_watch_;
    EventLoop::Watch end_watch_;
};

} // namespace portside::jobs
