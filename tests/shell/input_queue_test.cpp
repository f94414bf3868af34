// SPDX-License-Identifier: MIT
// Input reaches ImGui one change a frame, in order, and nothing is lost.
#include "app/shell/input_queue.h"

#include <doctest/doctest.h>
#include <string>

using portside::shell::InputEvent;
using portside::shell::InputQueue;
using Kind = InputEvent::Kind;

namespace {

InputEvent letter(char c, bool down) {
    return {.kind = Kind::key, .down = down, .code = c, .press_counts = down};
}
InputEvent acting(int code, bool down) {
    return {.kind = Kind::key, .down = down, .own_frame = true, .code = code, .press_counts = down};
}
InputEvent text(char c) {
    return {.kind = Kind::text, .text = static_cast<char32_t>(c)};
}
InputEvent pointer(double x) {
    return {.kind = Kind::pointer, .x = x};
}
InputEvent button(bool down) {
    return {.kind = Kind::button, .down = down};
}

void type(InputQueue& queue, const std::string& letters) {
    for (const char c : letters) {
        queue.push(letter(c, true));
        queue.push(text(c));
        queue.push(letter(c, false));
    }
}

std::string text_of(const std::vector<InputEvent>& frame) {
    std::string text;
    for (const InputEvent& event : frame) {
        if (event.kind == Kind::text) {
            text += static_cast<char>(event.text);
        }
    }
    return text;
}

} // namespace

TEST_CASE("letters typed within one poll come in one frame") {
    InputQueue queue;
    type(queue, "abcdefghijklmnopqrstuvwxyz");
    CHECK(text_of(queue.take_frame()) == "abcdefghijklmnopqrstuvwxyz");
    CHECK(queue.empty());
    CHECK(queue.take_frame().empty());
}

TEST_CASE("a key that acts has its press and its release in frames of their own") {
    InputQueue queue;
    type(queue, "ab");
    queue.push(acting(1, true));
    queue.push(acting(1, false));
    type(queue, "c");
    CHECK(text_of(queue.take_frame()) == "ab");
    auto frame = queue.take_frame();
    REQUIRE(frame.size() == 1);
    CHECK(frame[0].down);
    frame = queue.take_frame();
    REQUIRE(frame.size() == 1);
    CHECK_FALSE(frame[0].down);
    CHECK(text_of(queue.take_frame()) == "c");
}

TEST_CASE("a chord is four changes in four frames") {
    InputQueue queue;
    for (const auto& event : {acting(17, true), acting('K', true), acting('K', false), acting(17, false)}) {
        queue.push(event);
    }
    for (const int code : {17, static_cast<int>('K'), static_cast<int>('K'), 17}) {
        const auto frame = queue.take_frame();
        REQUIRE(frame.size() == 1);
        CHECK(frame[0].code == code);
    }
    CHECK(queue.empty());
}

TEST_CASE("a click is seen where it was made though the pointer went on") {
    InputQueue queue;
    queue.push(pointer(5));
    queue.push(pointer(10));
    queue.push(button(true));
    queue.push(button(false));
    queue.push(pointer(400));
    auto frame = queue.take_frame();
    REQUIRE(frame.size() == 2);
    CHECK(frame[0].x == 10); // motion between two frames is its last position
    CHECK(frame[1].down);
    frame = queue.take_frame();
    REQUIRE(frame.size() == 1);
    CHECK(frame[0].kind == Kind::button);
    CHECK_FALSE(frame[0].down);
    frame = queue.take_frame();
    REQUIRE(frame.size() == 1);
    CHECK(frame[0].x == 400);
}

TEST_CASE("a double click is four frames") {
    InputQueue queue;
    for (const bool down : {true, false, true, false}) {
        queue.push(button(down));
    }
    for (const bool down : {true, false, true, false}) {
        const auto frame = queue.take_frame();
        REQUIRE(frame.size() == 1);
        CHECK(frame[0].down == down);
    }
}

TEST_CASE("a key press after a click waits for the click") {
    InputQueue queue;
    queue.push(button(true));
    queue.push(acting(1, true));
    CHECK(queue.take_frame()[0].kind == Kind::button);
    CHECK(queue.take_frame()[0].kind == Kind::key);
}

TEST_CASE("the focus changes alone and before what follows it") {
    InputQueue queue;
    type(queue, "a");
    queue.push({.kind = Kind::focus, .down = false});
    queue.push({.kind = Kind::focus, .down = true});
    type(queue, "b");
    CHECK(text_of(queue.take_frame()) == "a");
    CHECK(queue.take_frame().size() == 1);
    CHECK(queue.take_frame().size() == 1);
    CHECK(text_of(queue.take_frame()) == "b");
}

TEST_CASE("every mixture is handed on whole and in order") {
    InputQueue queue;
    const std::vector<InputEvent> kinds = {letter('a', true),
                                           acting(1, true),
                                           text('a'),
                                           pointer(1),
                                           button(true),
                                           {.kind = Kind::wheel, .y = 1},
                                           {.kind = Kind::pointer_left},
                                           {.kind = Kind::focus, .down = true}};
    std::vector<Kind> pushed;
    for (std::size_t first = 0; first < kinds.size(); ++first) {
        for (std::size_t second = 0; second < kinds.size(); ++second) {
            for (const std::size_t each : {first, second}) {
                if (kinds[each].kind == Kind::pointer && !pushed.empty() && pushed.back() == Kind::pointer) {
                    continue; // would be merged
                }
                queue.push(kinds[each]);
                pushed.push_back(kinds[each].kind);
            }
        }
    }
    std::vector<Kind> taken;
    while (!queue.empty()) {
        const auto frame = queue.take_frame();
        REQUIRE_FALSE(frame.empty());
        for (const InputEvent& event : frame) {
            taken.push_back(event.kind);
        }
    }
    CHECK(taken == pushed);
}
