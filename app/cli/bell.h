// SPDX-License-Identifier: MIT
// Lets the main thread sleep until scanner or jobs have something, or the person asks to stop (Ctrl-C). ring() may be
// called from any thread; all else is the main thread's.
#pragma once

#include "core/base/unique_fd.h"

#include <chrono>
#include <csignal>
#include <optional>

namespace portside::cli {

class Bell {
  public:
    // From here on SIGINT, SIGTERM and SIGHUP end a wait() instead of the program (those that were ignored stay so).
    // Made before any thread, so that all of them block these signals.
    Bell();
    // They do what they did before; one that came and was not waited for comes now.
    ~Bell();
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

    void ring();
    // 0, or the signal that asks to stop. Also 0 when nothing came within `limit`.
    [[nodiscard]] int wait(std::optional<std::chrono::milliseconds> limit = std::nullopt);

  private:
    sigset_t before_{};
    base::UniqueFd rung_;    // eventfd
    base::UniqueFd signals_; // signalfd
};

} // namespace portside::cli
