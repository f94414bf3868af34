// SPDX-License-Identifier: MIT
// Keys for what is seen of the list, and for what the person notes of the selected row. UI thread.
#include "app/ui/parts.h"

namespace portside::ui {

bool handle_sight(Frame& frame, const base::KeyPress& press) {
    const bool digit = press.key >= base::Key::digit_1 && press.key <= base::Key::digit_5;
    const snapshot::Row* const row = selected_row(frame);
    if (press.key == base::Key::f2 && !press.control && !press.alt) {
        if (row != nullptr && !press.repeat) {
            open_naming(frame, *row);
        }
        return true;
    }
    if (!press.control || press.alt || press.shift ||
        (!digit && press.key != base::Key::h && press.key != base::Key::d)) {
        return false;
    }
    if (press.repeat) {
        return true;
    }
    if (digit) {
        choose_view(frame,
                    static_cast<snapshot::View>(static_cast<int>(press.key) - static_cast<int>(base::Key::digit_1)));
    } else if (press.key == base::Key::h) {
        show_system_ports(frame, frame.model.preferences.hide_system_ports);
    } else if (row != nullptr) {
        toggle_favourite(frame, *row);
    }
    return true;
}

} // namespace portside::ui
