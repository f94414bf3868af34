// SPDX-License-Identifier: MIT
// A defect of GLFW 3.3 that cannot be worked round, only foreseen. Main thread, before any window.
#pragma once

namespace portside::shell {

// Whether making a mouse cursor would end this program: GLFW 3.3 on native Wayland loads its cursors only where the
// seat has a pointer, and uses them all the same (a touch screen, a headless or remote session). GLFW does not tell
// whether there is one, so a forked child tries. False at once with GLFW 3.4 and later, and on X11.
[[nodiscard]] bool making_cursors_crashes();

} // namespace portside::shell
