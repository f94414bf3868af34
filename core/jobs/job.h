// SPDX-License-Identifier: MIT
// Kill request in, outcomes out: plain values. Any thread.
#pragma once

#include "core/platform/checked_signal.h"
#include "core/platform/kill_helper.h"
#include "core/platform/port_use.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
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

// Kill tree: the process of `kill` and all its descendants.
struct TreeRequest {
    KillRequest kill;
    // Where the root itself holds nothing (a parent that brings its child back): the descendant that must still be one
    // and hold its inodes.
    std::optional<platform::SignalTarget> holder{};
};

// "Who holds it?": asks the installed helper as administrator and brings back the owners that it told; where none is
// installed, runs `pkexec PROGRAM list --json` and brings back what it printed.
struct RevealRequest {
    std::string program; // absolute path of portside
    bool internal_agent = false;
};

// Looks at a port now, and again after each of these times (from now), until somebody who was not there at first holds
// it. Tells of the first look, of such a holder, and of the last look.
struct PortWatchRequest {
    platform::Protocol protocol = platform::Protocol::tcp;
    std::uint16_t port = 0;
    platform::SourceChoice source = platform::SourceChoice::automatic;
    std::vector<std::chrono::milliseconds> again{}; // ascending; none: one look
    bool name_holders = false;                      // `left` of the first look says who holds it
};

struct LookedUp;       // supervisor_requests.h
struct NamedContainer; // supervisor_requests.h

enum class Stage : std::uint8_t {
    authorising,   // a password prompt may be open
    asked,         // the signal was sent
    still_running, // patience is over and it has not ended
    ended,         // the end of the job: the process has ended
    refused,       // the end of the job: nothing was sent (or not known to be); see problem and sentence. With
                   // `signal_sent` (a tree): nothing more was sent, and the sentence says who got the signal
    revealed,      // the end of a reveal: `owners`, or else `output`, holds the answer
    port_seen,     // of a port watch: `port_use`; its end where `last` is set
    looked_up,     // the end of a look-up: `facts` holds what was told
    named,         // engines told names of containers: `named`; its end where `last` is set
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
    std::string sentence{}; // of refused: for a person; of a stopped unit or container, of still_running and ended
    std::string output{};   // of revealed, where no helper is installed: a listing in JSON
    std::optional<std::vector<platform::SocketOwner>> owners{}; // of revealed, by the helper
    // Of still_running and ended, in a tree: what is left of it, "node (4243)". Of port_seen: who holds the port.
    std::vector<std::string> left{};
    std::size_t members = 0; // of asked, still_running and ended, in a tree: how many were asked to end; of
                             // authorising: how many have got the signal already
    std::optional<platform::PortUse> port_use{}; // of port_seen; nothing where it could not be seen
    bool last = false;                           // of port_seen and named
    std::shared_ptr<const LookedUp> facts{};     // of looked_up
    std::shared_ptr<const std::vector<NamedContainer>> named{};
};

} // namespace portside::jobs
