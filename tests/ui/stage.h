// SPDX-License-Identifier: MIT
// A window without a window: ImGui frames of the whole interface on canned models, with a mouse, keys and a clock that
// the test moves. One thread; one Stage at a time.
#pragma once

#include "app/ui/draw.h"
#include "app/ui/layout.h"
#include "tests/support/canned_snapshots.h"

#include <chrono>
#include <string_view>
#include <variant>
#include <vector>

namespace portside::ui {

// Lines on the developer's machine.
inline constexpr int kVite = 3;
inline constexpr int kPreview = 4;
inline constexpr int kProxy = 10;

class Stage {
  public:
    static constexpr float kWidth = 1240;
    static constexpr float kHeight = 694;

    explicit Stage(Model first = canned::model_of(canned::developer_machine()));
    ~Stage();
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    // Replaces what is drawn; the clock goes on.
    void show(Model next);
    void pass(std::chrono::milliseconds time) { model.now += time; }

    // One frame; its intents are added to `intents`.
    void frame(const std::vector<base::KeyPress>& keys = {});
    // Frames until the field has the keyboard and everything has stood for more than 300 ms.
    void settle();
    void press(base::Key key, bool repeat = false) { frame({base::KeyPress{.key = key, .repeat = repeat}}); }
    void press_with_control(base::Key key) { frame({base::KeyPress{.key = key, .control = true}}); }
    void type(std::string_view characters); // arrives in the next frame
    void move_mouse(float x, float y);
    void mouse_down(int button = 0);
    void mouse_up(int button = 0);
    void click(float x, float y); // move, down, up: three frames
    void scroll(float wheel);

    // Places, in pixels.
    [[nodiscard]] Layout layout() const;
    [[nodiscard]] float row_y(int line) const;
    [[nodiscard]] float button_x() const; // at the end of a row
    [[nodiscard]] float left_of(std::string_view label,
                                std::string_view own) const; // the button left of the one so labelled
    [[nodiscard]] float button_width(std::string_view label) const;
    void click_button(int line) { click(button_x(), row_y(line)); }
    void click_row(int line) { click(layout().list.x0 + 34, row_y(line)); }
    [[nodiscard]] float title_x(Column column) const;
    [[nodiscard]] float title_y() const { return layout().header.middle_y(); }

    // Of the intents since they were last forgotten.
    template <typename T>
    [[nodiscard]] std::vector<T> all() const {
        std::vector<T> found;
        for (const Intent& intent : intents) {
            if (const T* one = std::get_if<T>(&intent)) {
                found.push_back(*one);
            }
        }
        return found;
    }
    template <typename T>
    [[nodiscard]] std::size_t count() const {
        return all<T>().size();
    }
    void forget() { intents.clear(); }
    [[nodiscard]] static int vertices();
    [[nodiscard]] const snapshot::Row& row(int line) const;

    Model model;
    UiState state;
    Look look;
    FrameResult last;
    Intents intents;
};

} // namespace portside::ui
