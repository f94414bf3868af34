// SPDX-License-Identifier: MIT
// Kill request in, outcomes out: plain values. Any thread.
#pragma once

#include "core/platform/checked_signal.h"
#include "core/platform/kill_helper.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace portside::jobs {

using JobId = std::uint64_t; // never 0, never used twice in one run

struct KillRequest {
    platform::SignalTarget target;
    bool elevate = false;                     // by pkexec, as administrator
    bool internal_agent = false;              // with elevate: pkexec may ask on our terminal (the command line only)
    std::chrono::milliseconds patience{5000}; // after this the job says "still running"; it goes on waiting for the end
};

// "Who holds it?": asks the installed helper as administrator and brings back the owners that it told; where none is
// installed, runs `pkexec PROGRAM list --json` and brings back what it printed.
struct RevealRequest {
    std::string program; // absolute path of portside
    bool internal_agent = false;
};

enum class Stage : std::uint8_t {
    authorising,   // a password prompt may be open
    asked,         // the signal was sent
    still_running, // patience is over and it has not ended
    ended,         // the end of the job: the process has ended
    refused,       // the end of the job: nothing was sent (or not known to be); see problem and sentence
    revealed,      // the end of a reveal: `owners`, or else `output`, holds the answer
};

enum class Problem : std::uint8_t {
    none,
    never_signalled,
    gone,
    identity_changed,
    not_holding,
    needs_consent,
    not_permitted,
    dismissed,      // pkexec 126: the dialog was closed
    not_authorised, // pkexec 127: refused, no agent, or another error
    no_pkexec,      // pkexec could not be started
    failed,
};

// A refusal before the signal, as the problem that a job reports.
[[nodiscard]] Problem problem_of(platform::Refusal reason);

struct JobEvent {
    JobId job = 0;
    Stage stage = Stage::asked;
    Problem problem = Problem::none;
    std::chrono::milliseconds since_asked{0}; // of asked, still_running, ended: since the signal was sent
    bool signal_sent = false;                 // of ended: false when it ended by itself before our signal
    std::string sentence{};                   // of refused: for a person
    std::string output{};                     // of revealed, where no helper is installed: a listing in JSON
    std::optional<std::vector<platform::SocketOwner>> owners{}; // of revealed, by the helper
};

} // namespace portside::jobs
