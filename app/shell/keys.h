// SPDX-License-Identifier: MIT
// GLFW's keys as ours. UI thread.
#pragma once

#include "app/shell/input_queue.h"

namespace portside::shell {

// The token for what the user's layout prints on the key: A on an AZERTY keyboard's first letter key, which GLFW calls
// Q. `name`: glfwGetKeyName of that key, or null.
[[nodiscard]] int key_in_layout(int key, const char* name);

// The event for a change of a key. `key` is from key_in_layout; `action` and `mods` as GLFW gave them (with lock bits).
[[nodiscard]] InputEvent key_event(int key, int scancode, int action, int mods);

} // namespace portside::shell
