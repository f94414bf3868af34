// SPDX-License-Identifier: MIT
// What is inside a Window; only for the files window*.cpp. UI thread, but for WakeGate.
#pragma once

#include "app/shell/display.h"
#include "app/shell/font_start.h"
#include "app/shell/input_queue.h"
#include "app/shell/place.h"
#include "app/shell/window.h"
#include "app/shell/x11.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cfloat>
#include <imgui.h>
#include <memory>
#include <mutex>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

namespace portside::shell {

// What wakers share with the window and outlive it by. Provides its own synchronization.
class WakeGate {
  public:
    void open();
    void close(); // after this, wake() does nothing and touches no library
    void wake();
    // Whether wake() was called since the last time this was asked.
    [[nodiscard]] bool take() { return woken_.exchange(false); }

  private:
    std::mutex mutex_;  // held while GLFW's pipe or connection is written to, so that close() cannot come between
    bool open_ = false; // guarded by mutex_
    std::atomic<bool> woken_ = false;
};

struct Window::Impl {
    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl();

    // window_open.cpp; errors are whole sentences
    void start_fonts();
    [[nodiscard]] base::Result<void> make_window();
    [[nodiscard]] base::Result<void> start_drawing();
    void show();

    // window_place.cpp
    [[nodiscard]] float unit() const; // what a unit of scale 1 is in the window's own
    void limit_size() const;
    void place(Point on_monitor_of);
    void place_for_show();
    void follow_resources();
    void window_changed(); // it was moved or resized
    void keep_place();
    void apply_on_top() const;
    void apply_opacity() const;

    // window_edges.cpp
    void start_drag(Grip grip, Point from);
    [[nodiscard]] bool take_edge_press(bool down); // the left button's; true: it was for an edge, or for a drag
    [[nodiscard]] bool follow_drag();
    [[nodiscard]] Grip edge_under(double x, double y) const;
    void show_edge(Grip grip);
    void let_go(); // the pointer is somebody else's now

    // window_events.cpp
    static Impl& of(GLFWwindow* window) { return *static_cast<Impl*>(glfwGetWindowUserPointer(window)); }
    void install_callbacks();
    void install_input_callbacks();
    void set_scale(float content_scale);
    void push(const InputEvent& event);
    void tell_imgui(const InputEvent& event);
    void tell_key(const InputEvent& event);
    void override_backend_input() const; // between the backend's NewFrame and ImGui's

    ReachedDisplay display; // the first to be made, the last to go
    GLFWwindow* window = nullptr;
    std::unique_ptr<X11Window> x11; // null on Wayland
    WindowOptions options;
    ImGuiContext* context = nullptr;
    bool platform_started = false;
    bool renderer_started = false;
    const char* glsl_version = nullptr;
    int max_texture_side = 8192;

    std::shared_ptr<WakeGate> gate = std::make_shared<WakeGate>();
    FramePolicy policy;
    std::uint64_t frames = 0;
    bool close_requested = false; // waits to be taken
    bool hidden_news = false;     // ends a wait in which no frame may be drawn: asked to close, or hidden just now

    // Where it is.
    std::optional<base::WindowPlace> settled_place; // as it was when it last stood still
    std::optional<SteadyTime> moved_at;             // it has not stood still for long enough since then
    Area normal;                                    // while not maximised

    // By its edges, where it has no frame.
    struct Drag {
        Grip grip = Grip::move;
        Point from;
        Area window;
    };
    Point last_seen;                // the pointer, in the window
    Point pressed_at;               // where on the screen the left button was pressed last
    std::optional<Point> move_from; // pressed where it can be moved, and not moved yet
    bool given_away = false;        // the window manager drags it
    bool maximise_when_shown = false;
    std::optional<Drag> drag;           // where no window manager does it for us
    Grip edge = Grip::none;             // under the pointer
    std::array<bool, 5> held_buttons{}; // buttons, as GLFW told

    InputQueue input;
    std::vector<base::KeyPress> keys;
    // As ImGui was told, which may be behind what GLFW knows.
    ImVec2 pointer{-FLT_MAX, -FLT_MAX}; // in pixels
    static constexpr int kButtons = 5;
    std::array<bool, kButtons> buttons{};
    std::array<bool, 8> modifiers{}; // from GLFW_KEY_LEFT_SHIFT to GLFW_KEY_RIGHT_SUPER

    std::optional<FontStart> font_start; // from the display's answer until there is a window
    StartedFonts fonts;
    float scale = 1;        // of the monitor
    bool new_fonts = false; // not told of yet
    bool more_glyphs = false;
    bool texture_made = false; // by the renderer, in its first frame
};

} // namespace portside::shell
