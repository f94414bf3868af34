// SPDX-License-Identifier: MIT
// What an X window can do and GLFW cannot ask for. Nothing of Xlib is in this header. UI thread.
#pragma once

#include "app/shell/place.h"

#include <memory>
#include <optional>

struct GLFWwindow;

namespace portside::shell {

class X11Window {
  public:
    // Null where the window is not on an X server. Lives no longer than the window.
    [[nodiscard]] static std::unique_ptr<X11Window> of(GLFWwindow* window);
    virtual ~X11Window() = default;

    // Asks the window manager to move or resize it with the pointer, whose left button is down; false where it cannot.
    // The button's release never arrives then. `from`: where on the screen it was pressed.
    [[nodiscard]] virtual bool drag(Grip grip, Point from) = 0;
    // The button was let go before the window manager took the pointer: it is not to drag anything.
    virtual void cancel_drag() = 0;
    // Where the pointer is on the screen, and whether its left button is down.
    struct Pointer {
        Point at;
        bool left_down = false;
    };
    [[nodiscard]] virtual std::optional<Pointer> pointer() const = 0;
    // The cursor for this grip, until GLFW sets another one.
    virtual void show_cursor(Grip grip) = 0;
    // Whether somebody blends windows: without that no window is translucent.
    [[nodiscard]] virtual bool has_compositor() const = 0;
    // Whether the server's resources were changed since the last time; then scale() may differ.
    [[nodiscard]] virtual bool take_resources_changed() = 0;
    [[nodiscard]] virtual float scale() const = 0;
};

} // namespace portside::shell
