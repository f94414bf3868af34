// SPDX-License-Identifier: MIT
// Reaching the display. Main thread.
#include "app/shell/display.h"

#include "app/shell/wayland_pointer.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <cstdlib>
#include <fmt/format.h>

namespace portside::shell {
namespace {

// The value of a variable that is set and not empty, or nothing.
std::string environment(const char* name) {
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nothing of ours changes the environment
    return value == nullptr ? std::string() : std::string(value);
}

bool init_glfw([[maybe_unused]] bool has_x11, [[maybe_unused]] bool has_wayland) {
#if GLFW_VERSION_MAJOR > 3 || GLFW_VERSION_MINOR >= 4
    // X11 first, also inside Wayland: only there a window may stay above others. By itself GLFW would try one platform
    // only, and give up where XDG_SESSION_TYPE names one that does not answer.
    if (has_x11) {
        glfwInitHint(GLFW_PLATFORM, GLFW_PLATFORM_X11);
        if (glfwInit() == GLFW_TRUE) {
            return true;
        }
        if (!has_wayland) {
            return false; // libwayland would print a line of its own about the display that was not named
        }
    }
    glfwInitHint(GLFW_PLATFORM, GLFW_ANY_PLATFORM);
#endif
    return glfwInit() == GLFW_TRUE;
}

} // namespace

std::string last_glfw_error() {
    const char* words = nullptr;
    return glfwGetError(&words) == GLFW_NO_ERROR || words == nullptr ? "no reason was given" : words;
}

base::Result<ReachedDisplay> ReachedDisplay::reach() {
    const std::string x11_display = environment("DISPLAY");
    const std::string wayland = environment("WAYLAND_DISPLAY");
    if (x11_display.empty() && wayland.empty()) {
        return base::failed(base::ErrorKind::unsupported,
                            "There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set "
                            "(portside list works without one).");
    }
    if (making_cursors_crashes()) {
        return base::failed(
            base::ErrorKind::unsupported,
            "This Wayland session has no mouse pointer, and GLFW 3.3 crashes there. Set DISPLAY to an X "
            "server and use GLFW for X11, or install GLFW 3.4 (portside list works without a window).");
    }
    if (!init_glfw(!x11_display.empty(), !wayland.empty())) {
        const std::string which = !x11_display.empty() ? "DISPLAY=" + x11_display : "WAYLAND_DISPLAY=" + wayland;
        return base::failed(
            base::ErrorKind::system,
            fmt::format("The display that {} names could not be opened: {} (portside list works without "
                        "one).",
                        which, last_glfw_error()));
    }
    ReachedDisplay display;
    display.reached_ = true;
    return display;
}

ReachedDisplay::~ReachedDisplay() {
    if (reached_) {
        glfwTerminate();
    }
}

} // namespace portside::shell
