// SPDX-License-Identifier: MIT
// Xlib behind plain values; nothing else includes it. UI thread.
#include "app/shell/x11.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <dlfcn.h>
#include <string>
#include <vector>

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xlibint.h>
#include <X11/cursorfont.h>

// Xlibint's macros.
#undef min
#undef max

namespace portside::shell {
namespace {

constexpr long kAllBytes = 1L << 20; // in units of four; a bound for what is read of a property

// Changes of the root window's RESOURCE_MANAGER are told to Xlib only: GLFW takes every event, and drops those of
// windows that are not its own. So they are noted where Xlib reads them.
struct ResourceWatch {
    std::atomic<bool> changed = false;
    ::Window root = 0;
    Bool (*next)(Display*, XEvent*, xEvent*) = nullptr;
};
ResourceWatch watch; // one window at a time in a process

Bool note_property(Display* display, XEvent* event, xEvent* wire) {
    const Bool taken = watch.next(display, event, wire);
    if (event->xproperty.window == watch.root && event->xproperty.atom == XA_RESOURCE_MANAGER) {
        watch.changed = true;
    }
    return taken;
}

// Of a window's property, in the property's own units: characters, or longs.
template <typename T>
std::vector<T> property(Display* display, ::Window window, Atom name, Atom type) {
    Atom found = 0;
    int format = 0;
    unsigned long count = 0;
    unsigned long left = 0;
    unsigned char* data = nullptr;
    std::vector<T> values;
    const int done =
        XGetWindowProperty(display, window, name, 0, kAllBytes, False, type, &found, &format, &count, &left, &data);
    if (done == Success && data != nullptr && found == type) {
        const T* const first = reinterpret_cast<const T*>(data);
        values.assign(first, first + count);
    }
    if (data != nullptr) {
        XFree(data);
    }
    return values;
}

// In Grip's order.
constexpr std::array<unsigned, 8> kCursors{XC_top_left_corner,     XC_top_side,    XC_top_right_corner,   XC_right_side,
                                           XC_bottom_right_corner, XC_bottom_side, XC_bottom_left_corner, XC_left_side};

class Xlib final : public X11Window {
  public:
    Xlib(Display* display, ::Window window) : display_(display), window_(window), root_(DefaultRootWindow(display)) {
        XWindowAttributes attributes{};
        XGetWindowAttributes(display_, root_, &attributes);
        former_mask_ = attributes.your_event_mask;
        XSelectInput(display_, root_, former_mask_ | PropertyChangeMask);
        watch.root = root_;
        watch.changed = false;
        watch.next = XESetWireToEvent(display_, PropertyNotify, note_property);
    }
    ~Xlib() override {
        XESetWireToEvent(display_, PropertyNotify, watch.next);
        XSelectInput(display_, root_, former_mask_);
        for (const Cursor cursor : cursors_) {
            if (cursor != 0) {
                XFreeCursor(display_, cursor);
            }
        }
    }
    Xlib(const Xlib&) = delete;
    Xlib& operator=(const Xlib&) = delete;

    bool drag(Grip grip, Point from) override {
        if (!supports(move_resize_)) {
            return false;
        }
        XUngrabPointer(display_, CurrentTime); // the press grabbed it for us
        return tell_manager(from, static_cast<long>(grip));
    }

    void cancel_drag() override { tell_manager({}, kCancel); }

    [[nodiscard]] std::optional<Pointer> pointer() const override {
        ::Window root = 0;
        ::Window child = 0;
        Pointer now;
        Point inside;
        unsigned state = 0;
        if (XQueryPointer(display_, root_, &root, &child, &now.at.x, &now.at.y, &inside.x, &inside.y, &state) ==
            False) {
            return std::nullopt; // it is on another screen
        }
        now.left_down = (state & Button1Mask) != 0;
        return now;
    }

    void show_cursor(Grip grip) override {
        const auto index = static_cast<std::size_t>(grip);
        if (index >= kCursors.size()) {
            return;
        }
        Cursor& cursor = cursors_.at(index);
        if (cursor == 0) {
            cursor = XCreateFontCursor(display_, kCursors.at(index));
        }
        XDefineCursor(display_, window_, cursor);
        XFlush(display_);
    }

    [[nodiscard]] bool has_compositor() const override {
        const std::string name = "_NET_WM_CM_S" + std::to_string(DefaultScreen(display_));
        return XGetSelectionOwner(display_, XInternAtom(display_, name.c_str(), False)) != 0;
    }

    bool take_resources_changed() override { return watch.changed.exchange(false); }

    [[nodiscard]] float scale() const override {
        const auto text = property<char>(display_, root_, XA_RESOURCE_MANAGER, XA_STRING);
        return scale_in({text.data(), text.size()});
    }

  private:
    static constexpr long kCancel = 11; // of _NET_WM_MOVERESIZE

    bool tell_manager(Point at, long what) {
        XEvent event{};
        event.xclient.type = ClientMessage;
        event.xclient.window = window_;
        event.xclient.message_type = move_resize_;
        event.xclient.format = 32;
        event.xclient.data.l[0] = at.x;
        event.xclient.data.l[1] = at.y;
        event.xclient.data.l[2] = what;
        event.xclient.data.l[3] = Button1;
        event.xclient.data.l[4] = 1; // from an application
        const Status sent =
            XSendEvent(display_, root_, False, SubstructureRedirectMask | SubstructureNotifyMask, &event);
        XFlush(display_);
        return sent != 0;
    }
    [[nodiscard]] bool supports(Atom atom) const {
        const auto atoms = property<Atom>(display_, root_, XInternAtom(display_, "_NET_SUPPORTED", False), XA_ATOM);
        return std::find(atoms.begin(), atoms.end(), atom) != atoms.end();
    }

    Display* display_;
    ::Window window_;
    ::Window root_;
    Atom move_resize_ = XInternAtom(display_, "_NET_WM_MOVERESIZE", False);
    long former_mask_ = 0;
    std::array<Cursor, kCursors.size()> cursors_{};
};

} // namespace

std::unique_ptr<X11Window> X11Window::of(GLFWwindow* window) {
    // GLFW for Wayland only has neither; one for both answers null where the window is on Wayland.
    const auto display_of = reinterpret_cast<Display* (*)()>(dlsym(RTLD_DEFAULT, "glfwGetX11Display"));
    const auto window_of = reinterpret_cast<::Window (*)(GLFWwindow*)>(dlsym(RTLD_DEFAULT, "glfwGetX11Window"));
    if (display_of == nullptr || window_of == nullptr) {
        return nullptr;
    }
    Display* const display = display_of();
    const ::Window own = display != nullptr ? window_of(window) : 0;
    return own != 0 ? std::make_unique<Xlib>(display, own) : nullptr;
}

} // namespace portside::shell
