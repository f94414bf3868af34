// SPDX-License-Identifier: MIT
// The overlay's window with its GL context and ImGui context: events, pacing, fonts, pixels. One at a time in a
// process. Everything on the thread that made it (the main thread), but for what waker() returns.
#pragma once

#include "app/shell/display.h"
#include "app/shell/fonts.h"
#include "app/shell/frame_policy.h"
#include "core/base/key_press.h"
#include "core/base/result.h"
#include "core/base/window_place.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace portside::shell {

struct WindowOptions {
    float width = 1240; // at scale 1; made smaller where the monitor is
    float height = 694;
    float min_width = 480;
    float min_height = 280;
    std::uint32_t background = 0x14161B; // 0xRRGGBB, shown until the first frame
    bool hidden = false;                 // until show() is called
    bool frame = true;                   // the desktop's title bar and border
    bool always_on_top = true;
    int opacity = 100;                       // percent
    std::vector<base::WindowPlace> places{}; // as places() told before, the newest first
    // Called at most once, mostly on another thread, while the window is being made and the fonts have been: when a
    // processor is likely to be idle.
    std::function<void()> beside{};
};

// Rows from top to bottom, three bytes a pixel.
struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb;
};

// A round of the main loop:
//   const bool draw = window->wait(next_frame);      // sleeps
//   ... take snapshots and outcomes from the mailboxes ...
//   if (draw) {
//       if (window->refresh_fonts()) ...set the style for window->scale() and the fonts again...
//       window->begin_frame();
//       ... ui::draw with window->keys() ...
//       window->render(background);
//       window->present();
//   }
class Window {
  public:
    // Opens and shows it on a display that was reached. Creates the current ImGui context, which lives as long as the
    // window.
    [[nodiscard]] static base::Result<std::unique_ptr<Window>> open(ReachedDisplay display,
                                                                    const WindowOptions& options = {});
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    // Sleeps until a frame is due (true), or until there is something else to do while no frame may be drawn (false:
    // woken or asked to close while hidden, or hidden just now). `next_frame`: what the last frame asked for; ignored
    // while hidden.
    [[nodiscard]] bool wait(std::optional<SteadyTime> next_frame);
    // False while iconified, or unmapped on another workspace; a covered window counts as visible, and so does every
    // window on Wayland, where nobody tells. As of the last wait().
    [[nodiscard]] bool visible() const;
    // Unmaps it: no frame is drawn and wait() sleeps until it is woken or shown again.
    void hide();
    // Maps it where it is hidden, brings it back where it is iconified, puts it above the others and asks for the
    // keyboard. A desktop that guards the focus may only mark it as wanting attention.
    void show();

    // At once, and again whenever it is shown. Where the desktop cannot do it (abilities()) nothing happens.
    void set_always_on_top(bool on);
    void set_opacity(int percent);
    void set_frame(bool on);
    struct Abilities {
        bool on_top = false;
        bool frameless = false; // it can be moved and resized without a frame
        bool place = false;     // it chooses where it is
        bool opacity = false;
    };
    [[nodiscard]] Abilities abilities() const; // asks the display server
    [[nodiscard]] bool frameless() const;
    // Of a window without a frame, after the left button was pressed on it: it moves with the pointer.
    void start_move();
    void toggle_maximised();

    // Where it was on each monitor, the newest first. Moved or resized by the person it is noted when it has stood
    // still for a moment (which wait() has to be called for), and when it is hidden.
    [[nodiscard]] const std::vector<base::WindowPlace>& places() const;
    [[nodiscard]] std::optional<SteadyTime> place_due() const; // when the next one is noted
    void note_place();                                         // now, where one is due

    // Ends the sleep. The function may be called by any thread, at any time, also after the window is gone.
    [[nodiscard]] std::function<void()> waker() const;

    // Between frames: builds the fonts again when the scale changed or code points were added. True at first and
    // whenever it did: the ImFont pointers are new then.
    [[nodiscard]] bool refresh_fonts();
    [[nodiscard]] const FontSet& fonts() const;
    [[nodiscard]] float scale() const; // of the monitor; everything in ImGui's coordinates is in pixels
    void add_code_points(std::span<const char32_t> code_points);

    void begin_frame();                                         // hands input to ImGui, then ImGui::NewFrame
    [[nodiscard]] std::span<const base::KeyPress> keys() const; // of this frame, in order with its characters
    void render(std::uint32_t background);                      // ImGui::Render, and draws on 0xRRGGBB
    [[nodiscard]] Picture read_pixels() const;                  // between render and present
    void present();
    [[nodiscard]] std::uint64_t frames() const; // begun so far

    // The close button or the window manager asked; true once for each time. The window stays until it is destroyed.
    [[nodiscard]] bool take_close_request();
    void copy_text(const std::string& text); // to the clipboard

  private:
    struct Impl;
    explicit Window(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace portside::shell
