// SPDX-License-Identifier: MIT
// Characters typed while the text field does not have the keyboard (yet): none is lost. UI thread.
#include "app/ui/parts.h"

#include "core/base/text.h"

#include <utility>

namespace portside::ui {

namespace {

bool is_printable(char32_t c) {
    constexpr char32_t kDelete = 0x7F;
    constexpr char32_t kFirstPrintable = 0x20;
    constexpr char32_t kLatinControlsEnd = 0xA0;
    return c >= kFirstPrintable && (c < kDelete || c >= kLatinControlsEnd);
}

// Before the card's field has the keyboard; then the field takes them.
void type_name(UiState& state, ImVector<ImWchar>& queue) {
    if (state.naming->active) {
        return;
    }
    for (const ImWchar code : queue) {
        if (is_printable(static_cast<char32_t>(code))) {
            if (!std::exchange(state.naming->ahead, true)) {
                state.naming->text.clear(); // it would be selected, so what is typed replaces it
            }
            base::append_utf8(state.naming->text, static_cast<char32_t>(code));
        }
    }
    queue.resize(0);
}

} // namespace

void take_characters(Frame& frame) {
    UiState& state = frame.state;
    auto& queue = ImGui::GetIO().InputQueueCharacters;
    if (queue.empty() || (state.field.active && state.focus == Focus::filter)) {
        return; // the field takes them
    }
    if (state.naming) {
        type_name(state, queue);
        return;
    }
    const bool asked = frame.model.hide_question || !frame.model.quit_question.empty();
    const bool card = state.help_open || state.settings_open || asked;
    for (const ImWchar code : queue) {
        const auto c = static_cast<char32_t>(code);
        if (state.focus == Focus::table && c == U'?' && !state.settings_open && !asked) {
            state.help_open = !state.help_open;
        } else if (!card && is_printable(c)) {
            state.menu.reset();
            if (state.field.cursor == UiState::Field::Cursor::select_all) {
                state.filter.clear(); // the selected text is replaced by what is typed
            }
            base::append_utf8(state.filter, c);
            focus_filter(frame, UiState::Field::Cursor::to_end);
        }
    }
    queue.resize(0);
}

} // namespace portside::ui
