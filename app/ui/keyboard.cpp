// SPDX-License-Identifier: MIT
// Key presses as values. A key that is held down never starts or confirms a kill, answers a question or quits. UI
// thread.
#include "app/ui/arming.h"
#include "app/ui/parts.h"

namespace portside::ui {

namespace {

using base::Key;
using base::KeyPress;

bool plain(const KeyPress& press) {
    return !press.control && !press.alt;
}

void answer_hide_question(Frame& frame, const KeyPress& press) {
    const auto& asked_at = frame.state.hide_asked_at;
    if (press.repeat) {
        return;
    }
    if (press.key == Key::escape) {
        frame.emit(AnswerHide{HideAnswer::stay});
    } else if (press.key == Key::q && press.control && !press.alt) {
        frame.emit(AnswerHide{HideAnswer::quit});
    } else if (press.key == Key::enter && plain(press) && asked_at && frame.now() - *asked_at >= kArmingTime) {
        frame.emit(AnswerHide{HideAnswer::hide});
    }
}

// True when the press belongs to a card and to nothing below it.
bool handle_card(Frame& frame, const KeyPress& press) {
    UiState& state = frame.state;
    if (!frame.model.quit_question.empty()) {
        const bool seen = state.quit_asked_at && frame.now() - *state.quit_asked_at >= kArmingTime;
        if (press.key == Key::escape && !press.repeat) {
            frame.emit(AnswerQuit{false});
        } else if (press.key == Key::enter && plain(press) && !press.repeat && seen) {
            frame.emit(AnswerQuit{true});
        }
        return true;
    }
    if (frame.model.hide_question) {
        answer_hide_question(frame, press);
        return true;
    }
    if (state.settings_open) {
        handle_settings_key(frame, press);
        return true;
    }
    if (state.naming) {
        handle_naming_key(frame, press);
        return true;
    }
    if (!state.help_open) {
        return false;
    }
    const bool closes = press.key == Key::escape || press.key == Key::enter || press.key == Key::f1;
    if (closes && !press.repeat) {
        state.help_open = false;
    }
    return true;
}

// The row's menu takes the arrows, Enter and Escape; any other key closes it and means what it always does.
bool handle_menu(Frame& frame, const KeyPress& press) {
    auto& menu = frame.state.menu;
    if (!menu) {
        return false;
    }
    switch (press.key) {
    case Key::up:
    case Key::down:
        frame.menu_steps += press.key == Key::up ? -1 : 1;
        return true;
    case Key::enter:
        frame.menu_picks = frame.menu_picks || !press.repeat;
        return true;
    case Key::other:
        return false;
    default:
        if (!press.repeat) {
            menu.reset();
        }
        return press.key == Key::escape || press.key == Key::left || press.key == Key::menu || press.repeat;
    }
}

void escape(Frame& frame) {
    UiState& state = frame.state;
    if (state.columns_menu_open) {
        frame.escape_closes_menu = true;
    } else if (frame.model.question) {
        frame.emit(AnswerQuestion{});
    } else if (state.details_open) {
        state.details_open = false;
    } else if (!state.filter.empty()) {
        clear_filter(frame);
    } else {
        frame.emit(Hide{});
    }
}

// Keys that mean the same wherever the focus is.
bool handle_everywhere(Frame& frame, const KeyPress& press) {
    using Cursor = UiState::Field::Cursor;
    if (handle_sight(frame, press)) {
        return true;
    }
    if (press.control && !press.alt) {
        if (press.key == Key::k || press.key == Key::f) {
            focus_filter(frame, Cursor::select_all);
            return true;
        }
        if (press.key == Key::comma && !press.repeat) {
            open_settings(frame);
            return true;
        }
        if (press.key == Key::q && !press.repeat) {
            frame.emit(Quit{});
            return true;
        }
        if (press.key == Key::g && !press.repeat) {
            cycle_grouping(frame);
            return true;
        }
        if (press.key == Key::e && !press.repeat) {
            toggle_connections(frame);
            return true;
        }
        return false;
    }
    switch (press.key) {
    case Key::f1:
        frame.state.help_open = frame.state.help_open || !press.repeat;
        return true;
    case Key::f5:
        if (!press.repeat) {
            frame.emit(Rescan{});
        }
        return true;
    case Key::escape:
        if (!press.repeat) {
            escape(frame);
        }
        return true;
    default:
        return false;
    }
}

void handle_in_filter(Frame& frame, const KeyPress& press) {
    if (plain(press) && press.key == Key::enter && !press.repeat) {
        show_rest(frame);
        return;
    }
    if (plain(press) && press.key == Key::tab && (press.shift || line_count(frame) == 0)) {
        focus_views(frame);
        return;
    }
    if (plain(press) && (press.key == Key::down || press.key == Key::tab) && line_count(frame) > 0) {
        focus_table(frame);
        frame.state.scroll_to_line = frame.state.selected_line;
    }
}

} // namespace

void handle_keys(Frame& frame, std::span<const KeyPress> keys) {
    for (const KeyPress& press : keys) {
        if (handle_card(frame, press) || handle_menu(frame, press) || handle_everywhere(frame, press)) {
            continue;
        }
        const bool copies = press.control && press.key == Key::c;
        if (frame.state.focus == Focus::filter) {
            handle_in_filter(frame, press);
        } else if (frame.state.focus == Focus::views) {
            static_cast<void>(plain(press) && handle_views_key(frame, press));
        } else if (plain(press) && handle_question_key(frame, press)) {
            continue;
        } else if (plain(press) || copies) {
            handle_table_key(frame, press);
        }
    }
}

} // namespace portside::ui
