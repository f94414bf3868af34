// SPDX-License-Identifier: MIT
// GLFW's keys as values.
#include "app/shell/keys.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <doctest/doctest.h>

using namespace portside;
using shell::key_event;
using shell::key_in_layout;

TEST_CASE("keys that act carry their name and modifiers") {
    const auto event = key_event(GLFW_KEY_K, 45, GLFW_PRESS, GLFW_MOD_CONTROL | GLFW_MOD_SHIFT);
    CHECK(event.press_counts);
    CHECK(event.own_frame);
    CHECK(event.press.key == base::Key::k);
    CHECK(event.press.control);
    CHECK(event.press.shift);
    CHECK_FALSE(event.press.alt);
    CHECK_FALSE(event.press.repeat);
    CHECK(key_event(GLFW_KEY_DELETE, 0, GLFW_PRESS, 0).press.key == base::Key::del);
    CHECK(key_event(GLFW_KEY_E, 26, GLFW_PRESS, GLFW_MOD_CONTROL).press.key == base::Key::e);
    CHECK(key_event(GLFW_KEY_G, 42, GLFW_PRESS, GLFW_MOD_CONTROL).press.key == base::Key::g);
    CHECK(key_event(GLFW_KEY_KP_ENTER, 0, GLFW_PRESS, 0).press.key == base::Key::enter);
    CHECK(key_event(GLFW_KEY_F5, 0, GLFW_PRESS, 0).own_frame);
    CHECK(key_event(GLFW_KEY_F2, 0, GLFW_PRESS, 0).press.key == base::Key::f2);
    CHECK(key_event(GLFW_KEY_1, 0, GLFW_PRESS, GLFW_MOD_CONTROL).press.key == base::Key::digit_1);
    CHECK(key_event(GLFW_KEY_5, 0, GLFW_PRESS, GLFW_MOD_CONTROL).press.key == base::Key::digit_5);
    CHECK(key_event(GLFW_KEY_D, 0, GLFW_PRESS, GLFW_MOD_CONTROL).press.key == base::Key::d);
    CHECK(key_event(GLFW_KEY_H, 0, GLFW_PRESS, GLFW_MOD_CONTROL).press.key == base::Key::h);
    CHECK(key_event(GLFW_KEY_MENU, 0, GLFW_PRESS, 0).press.key == base::Key::menu);
    CHECK(key_event(GLFW_KEY_F10, 0, GLFW_PRESS, GLFW_MOD_SHIFT).press.key == base::Key::f10);
    CHECK(key_event(GLFW_KEY_RIGHT, 0, GLFW_PRESS, 0).press.key == base::Key::right);
    CHECK(key_event(GLFW_KEY_KP_4, 0, GLFW_PRESS, 0).press.key == base::Key::left); // Num Lock is off
}

TEST_CASE("the comma is where the layout has it") {
    CHECK(key_event(key_in_layout(GLFW_KEY_M, ","), 0, GLFW_PRESS, GLFW_MOD_CONTROL).press.key == base::Key::comma);
    CHECK(key_event(GLFW_KEY_COMMA, 0, GLFW_PRESS, GLFW_MOD_CONTROL).press.key == base::Key::comma);
    CHECK(key_event(GLFW_KEY_SPACE, 0, GLFW_PRESS, 0).press.key == base::Key::space);
    CHECK_FALSE(key_event(GLFW_KEY_SPACE, 0, GLFW_PRESS, 0).own_frame);
}

TEST_CASE("a repeat is marked and never an ordinary press") {
    const auto event = key_event(GLFW_KEY_DELETE, 0, GLFW_REPEAT, 0);
    CHECK(event.press_counts);
    CHECK(event.press.repeat);
    CHECK_FALSE(event.own_frame);
}

TEST_CASE("a release is not a press") {
    const auto event = key_event(GLFW_KEY_DELETE, 0, GLFW_RELEASE, 0);
    CHECK_FALSE(event.press_counts);
    CHECK_FALSE(event.down);
    CHECK(event.own_frame);
}

TEST_CASE("letters that only type need no frame of their own but chords do") {
    CHECK_FALSE(key_event(GLFW_KEY_A, 0, GLFW_PRESS, 0).own_frame);
    CHECK_FALSE(key_event(GLFW_KEY_SLASH, 0, GLFW_PRESS, GLFW_MOD_SHIFT).own_frame);
    CHECK(key_event(GLFW_KEY_A, 0, GLFW_PRESS, GLFW_MOD_CONTROL).own_frame);
    CHECK(key_event(GLFW_KEY_SLASH, 0, GLFW_PRESS, 0).press.key == base::Key::other);
}

TEST_CASE("modifiers and locks are no key presses") {
    CHECK_FALSE(key_event(GLFW_KEY_LEFT_CONTROL, 0, GLFW_PRESS, 0).press_counts);
    CHECK(key_event(GLFW_KEY_LEFT_CONTROL, 0, GLFW_PRESS, 0).own_frame);
    CHECK_FALSE(key_event(GLFW_KEY_NUM_LOCK, 0, GLFW_PRESS, 0).press_counts);
}

TEST_CASE("the number pad moves only while num lock is off") {
    CHECK(key_event(GLFW_KEY_KP_2, 0, GLFW_PRESS, 0).press.key == base::Key::down);
    CHECK(key_event(GLFW_KEY_KP_DECIMAL, 0, GLFW_PRESS, 0).press.key == base::Key::del);
    const auto digit = key_event(GLFW_KEY_KP_2, 0, GLFW_PRESS, GLFW_MOD_NUM_LOCK);
    CHECK(digit.press.key == base::Key::other);
    CHECK_FALSE(digit.own_frame);
}

TEST_CASE("letters are those that the layout prints") {
    CHECK(key_in_layout(GLFW_KEY_Q, "a") == GLFW_KEY_A); // AZERTY
    CHECK(key_in_layout(GLFW_KEY_Q, "Q") == GLFW_KEY_Q);
    CHECK(key_in_layout(GLFW_KEY_Q, "й") == GLFW_KEY_Q); // no Latin letter: the place on the keyboard counts
    CHECK(key_in_layout(GLFW_KEY_SEMICOLON, ";") == GLFW_KEY_SEMICOLON);
    CHECK(key_in_layout(GLFW_KEY_ENTER, nullptr) == GLFW_KEY_ENTER);
    CHECK(key_in_layout(GLFW_KEY_F5, "a") == GLFW_KEY_F5);
}
