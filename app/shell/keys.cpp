// SPDX-License-Identifier: MIT
// GLFW's keys as ours. UI thread.
#include "app/shell/keys.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

namespace portside::shell {
namespace {

using base::Key;

// What the number pad means while Num Lock is off.
int without_num_lock(int key) {
    switch (key) {
    case GLFW_KEY_KP_DECIMAL:
        return GLFW_KEY_DELETE;
    case GLFW_KEY_KP_1:
        return GLFW_KEY_END;
    case GLFW_KEY_KP_2:
        return GLFW_KEY_DOWN;
    case GLFW_KEY_KP_3:
        return GLFW_KEY_PAGE_DOWN;
    case GLFW_KEY_KP_4:
        return GLFW_KEY_LEFT;
    case GLFW_KEY_KP_6:
        return GLFW_KEY_RIGHT;
    case GLFW_KEY_KP_7:
        return GLFW_KEY_HOME;
    case GLFW_KEY_KP_8:
        return GLFW_KEY_UP;
    case GLFW_KEY_KP_9:
        return GLFW_KEY_PAGE_UP;
    default:
        return key;
    }
}

Key key_of(int key) {
    switch (key) {
    case GLFW_KEY_UP:
        return Key::up;
    case GLFW_KEY_DOWN:
        return Key::down;
    case GLFW_KEY_PAGE_UP:
        return Key::page_up;
    case GLFW_KEY_PAGE_DOWN:
        return Key::page_down;
    case GLFW_KEY_HOME:
        return Key::home;
    case GLFW_KEY_END:
        return Key::end;
    case GLFW_KEY_LEFT:
        return Key::left;
    case GLFW_KEY_RIGHT:
        return Key::right;
    case GLFW_KEY_TAB:
        return Key::tab;
    case GLFW_KEY_ENTER:
    case GLFW_KEY_KP_ENTER:
        return Key::enter;
    case GLFW_KEY_ESCAPE:
        return Key::escape;
    case GLFW_KEY_DELETE:
        return Key::del;
    case GLFW_KEY_F1:
        return Key::f1;
    case GLFW_KEY_F2:
        return Key::f2;
    case GLFW_KEY_F5:
        return Key::f5;
    case GLFW_KEY_F10:
        return Key::f10;
    case GLFW_KEY_MENU:
        return Key::menu;
    case GLFW_KEY_A:
        return Key::a;
    case GLFW_KEY_C:
        return Key::c;
    case GLFW_KEY_D:
        return Key::d;
    case GLFW_KEY_E:
        return Key::e;
    case GLFW_KEY_F:
        return Key::f;
    case GLFW_KEY_G:
        return Key::g;
    case GLFW_KEY_H:
        return Key::h;
    case GLFW_KEY_K:
        return Key::k;
    case GLFW_KEY_Q:
        return Key::q;
    case GLFW_KEY_COMMA:
        return Key::comma;
    case GLFW_KEY_1:
        return Key::digit_1;
    case GLFW_KEY_2:
        return Key::digit_2;
    case GLFW_KEY_3:
        return Key::digit_3;
    case GLFW_KEY_4:
        return Key::digit_4;
    case GLFW_KEY_5:
        return Key::digit_5;
    case GLFW_KEY_SPACE:
        return Key::space;
    default:
        return Key::other;
    }
}

bool is_modifier(int key) {
    return key >= GLFW_KEY_LEFT_SHIFT && key <= GLFW_KEY_RIGHT_SUPER;
}
bool is_lock(int key) {
    return key >= GLFW_KEY_CAPS_LOCK && key <= GLFW_KEY_NUM_LOCK;
}

// Space to the last printable one, and the number pad's digits and signs.
bool only_types(int key) {
    return (key >= GLFW_KEY_SPACE && key <= GLFW_KEY_WORLD_2) || (key >= GLFW_KEY_KP_0 && key <= GLFW_KEY_KP_ADD) ||
           key == GLFW_KEY_KP_EQUAL;
}

} // namespace

int key_in_layout(int key, const char* name) {
    if (key < GLFW_KEY_SPACE || key > GLFW_KEY_WORLD_2 || name == nullptr || name[0] == '\0' || name[1] != '\0') {
        return key; // not a printable key, or its name is not one ASCII character
    }
    if (name[0] == ',') {
        return GLFW_KEY_COMMA;
    }
    if (name[0] >= 'a' && name[0] <= 'z') {
        return GLFW_KEY_A + (name[0] - 'a');
    }
    return name[0] >= 'A' && name[0] <= 'Z' ? GLFW_KEY_A + (name[0] - 'A') : key;
}

InputEvent key_event(int key, int scancode, int action, int mods) {
    if ((mods & GLFW_MOD_NUM_LOCK) == 0) {
        key = without_num_lock(key);
    }
    InputEvent event;
    event.kind = InputEvent::Kind::key;
    event.code = key;
    event.scancode = scancode;
    event.mods = mods;
    event.down = action != GLFW_RELEASE;
    const bool chord = (mods & (GLFW_MOD_CONTROL | GLFW_MOD_ALT | GLFW_MOD_SUPER)) != 0;
    const bool repeat = action == GLFW_REPEAT;
    event.own_frame = !repeat && !is_lock(key) && (chord || !only_types(key));
    event.press_counts = event.down && !is_modifier(key) && !is_lock(key);
    event.press = {key_of(key), (mods & GLFW_MOD_CONTROL) != 0, (mods & GLFW_MOD_SHIFT) != 0,
                   (mods & GLFW_MOD_ALT) != 0, repeat};
    return event;
}

} // namespace portside::shell
