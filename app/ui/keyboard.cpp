// SPDX-License-Identifier: MIT
// Key presses as values. A key that is held down never starts or confirms a kill, answers a question or quits. UI
// thread.
#include "app/ui/arming.h"
#include "app/ui/parts.h"
#include "app/ui/row_text.h"

#include <algorithm>
#include <limits>

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

void move_selection(Frame& frame, int steps) {
    const int last = line_count(frame) - 1;
    const int from = std::clamp(frame.state.selected_line, 0, std::max(last, 0));
    const int line = static_cast<int>(std::clamp<std::int64_t>(std::int64_t{from} + steps, 0, std::max(last, 0)));
    select_line(frame, line);
    frame.state.scroll_to_line = line;
}

void enter(Frame& frame) {
    const snapshot::Row* row = selected_row(frame);
    if (row == nullptr) {
        show_rest(frame);
        return;
    }
    const auto& question = frame.model.question;
    if (question && question->row == row->key) {
        if (is_settled(frame, kQuestionPlace, meaning_of(*row, *question))) {
            const std::size_t chosen = chosen_answer(frame.state, *row, *question);
            frame.emit(chosen < question->answers.size() ? AnswerQuestion{question->answers[chosen].action}
                                                         : AnswerQuestion{});
        }
        return;
    }
    frame.state.details_open = !frame.state.details_open;
    frame.state.scroll_to_line = frame.state.selected_line;
}

void act_on_selection(Frame& frame) {
    if (const auto group = selected_group(frame)) {
        act_on_group(frame, *group);
        return;
    }
    const snapshot::Row* row = selected_row(frame);
    const auto view = selected_view(frame);
    if (row == nullptr || !view || view->action == RowAction::none) {
        return;
    }
    if (frame.model.question && frame.model.question->row == row->key) {
        return; // the row asks already; Delete is no answer
    }
    if (view->action == RowAction::reveal_owner && frame.model.revealing) {
        return;
    }
    if (is_settled(frame, kSelectionPlace, meaning_of(*row, view->action))) {
        frame.emit(act_on(*row, view->action));
    }
}

// Left, Right and Tab go from answer to answer while the selected row asks.
bool handle_question(Frame& frame, const KeyPress& press) {
    const snapshot::Row* row = selected_row(frame);
    const auto& question = frame.model.question;
    const bool moves = press.key == Key::left || press.key == Key::right || press.key == Key::tab;
    if (!moves || row == nullptr || !question || question->row != row->key) {
        return false;
    }
    const std::size_t places = question->answers.size() + 1;
    const bool back = press.key == Key::left || (press.key == Key::tab && press.shift);
    const std::size_t chosen = chosen_answer(frame.state, *row, *question) + (back ? places - 1 : 1);
    frame.state.answering = {meaning_of(*row, *question).sockets, chosen % places};
    return true;
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

void open_menu(Frame& frame) {
    if (const snapshot::Row* row = selected_row(frame)) {
        open_row_menu(frame, *row);
        frame.state.menu->chosen = 0;
        frame.state.scroll_to_line = frame.state.selected_line;
    }
}

void copy_selection(Frame& frame) {
    if (const auto* const connection = selected_connection(frame)) {
        frame.emit(Copy{connection->remote_text});
    } else if (const snapshot::Row* row = row_spoken_of(frame)) {
        frame.emit(Copy{copy_text(*frame.model.snapshot, *row)});
    }
}

void handle_once_in_table(Frame& frame, const KeyPress& press) {
    switch (press.key) {
    case Key::tab:
        if (press.shift) {
            focus_filter(frame, UiState::Field::Cursor::to_end);
        } else {
            focus_views(frame);
        }
        break;
    case Key::enter:
        enter(frame);
        break;
    case Key::del:
        act_on_selection(frame);
        break;
    case Key::right:
    case Key::menu:
        open_menu(frame);
        break;
    case Key::f10:
        if (press.shift) {
            open_menu(frame);
        }
        break;
    case Key::c:
        if (press.control) {
            copy_selection(frame);
        }
        break;
    default:
        break;
    }
}

void handle_in_table(Frame& frame, const KeyPress& press) {
    if (handle_group_key(frame, press)) {
        return;
    }
    const int page = std::max(frame.state.page_lines - 1, 1);
    switch (press.key) {
    case Key::up:
        if (frame.state.selected_line > 0) {
            move_selection(frame, -1);
        } else if (!press.repeat) {
            focus_filter(frame, UiState::Field::Cursor::to_end);
        }
        break;
    case Key::down:
        move_selection(frame, 1);
        break;
    case Key::page_up:
        move_selection(frame, -page);
        break;
    case Key::page_down:
        move_selection(frame, page);
        break;
    case Key::home:
        move_selection(frame, std::numeric_limits<int>::min());
        break;
    case Key::end:
        move_selection(frame, std::numeric_limits<int>::max());
        break;
    default:
        if (!press.repeat) {
            handle_once_in_table(frame, press);
        }
        break;
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
        } else if (plain(press) && handle_question(frame, press)) {
            continue;
        } else if (plain(press) || copies) {
            handle_in_table(frame, press);
        }
    }
}

} // namespace portside::ui
