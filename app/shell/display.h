// SPDX-License-Identifier: MIT
// The display that windows are opened on: GLFW itself, started once and ended once. Main thread.
#pragma once

#include "core/base/result.h"

#include <string>
#include <utility>

namespace portside::shell {

class ReachedDisplay {
  public:
    // Without DISPLAY and WAYLAND_DISPLAY: ErrorKind::unsupported, and no library was asked. Errors are whole sentences
    // that name the display and the way out. Best before the program's first thread: the X library reads the locale's
    // tables letter by letter, and from then on the C library takes a lock for each.
    [[nodiscard]] static base::Result<ReachedDisplay> reach();

    ReachedDisplay() = default; // reached by nobody
    ReachedDisplay(ReachedDisplay&& other) noexcept : reached_(std::exchange(other.reached_, false)) {}
    ReachedDisplay& operator=(ReachedDisplay&& other) noexcept {
        std::swap(reached_, other.reached_);
        return *this;
    }
    ReachedDisplay(const ReachedDisplay&) = delete;
    ReachedDisplay& operator=(const ReachedDisplay&) = delete;
    ~ReachedDisplay();

  private:
    bool reached_ = false;
};

// The last thing that GLFW said about a failure, or "no reason was given".
[[nodiscard]] std::string last_glfw_error();

} // namespace portside::shell
