// SPDX-License-Identifier: MIT
// Key presses while the list has the keyboard. A key that is held down moves and does nothing else. UI thread.
#include "app/ui/arming.h"
#include "app/ui/parts.h"
#include "app/ui/row_text.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace portside::ui {

namespace {

using base::Key;
using base::KeyPress;

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

} // namespace

// Left, Right and Tab go from answer to answer while the selected row asks.
bool handle_question_key(Frame& frame, const KeyPress& press) {
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

void handle_table_key(Frame& frame, const KeyPress& press) {
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

} // namespace portside::ui
