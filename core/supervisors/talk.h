// SPDX-License-Identifier: MIT
// A conversation with what keeps a process, in steps that never block: its owner waits for what wait() names, by
// whatever loop it has, and calls proceed(). One object belongs to one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace portside::supervisors {

using Clock = std::chrono::steady_clock;

struct Wait {
    int fd = -1;      // -1: none
    short events = 0; // of poll(2)
    std::optional<Clock::time_point> deadline;
};

// Why it was not done.
struct Trouble {
    enum class Kind : std::uint8_t {
        none,
        gone,           // there is no such unit or container (any more)
        changed,        // the process belongs to another one
        not_authorised, // polkit said no, or nobody could be asked
        not_permitted,  // the socket is not for this user
        unreachable,    // no manager or engine answers
        failed,         // it was asked, and could not do it
    };
    Kind kind = Kind::none;
    std::string sentence; // for a person, with the way out
};

enum class Phase : std::uint8_t {
    looking_up,
    looked_up,   // the facts are there; nothing was asked for yet
    authorising, // asked; a password prompt may be open
    stopping,    // accepted: it is under way
    stopped,     // the end
    failed,      // the end: see trouble()
};

class Talk {
  public:
    Talk() = default;
    Talk(const Talk&) = delete;
    Talk& operator=(const Talk&) = delete;
    virtual ~Talk() = default;

    // The first call begins the look-up.
    virtual void proceed() = 0;
    [[nodiscard]] virtual Wait wait() const = 0;
    // In Phase::looked_up: asks it to stop.
    virtual void stop() = 0;
    [[nodiscard]] Phase phase() const { return phase_; }
    [[nodiscard]] const Trouble& trouble() const { return trouble_; }

  protected:
    void enter(Phase phase) { phase_ = phase; }
    void fail(Trouble trouble) {
        trouble_ = std::move(trouble);
        phase_ = Phase::failed;
    }

  private:
    Phase phase_ = Phase::looking_up;
    Trouble trouble_;
};

} // namespace portside::supervisors
