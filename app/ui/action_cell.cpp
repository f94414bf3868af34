// SPDX-License-Identifier: MIT
// The end of a row: what is going on, the button, or the question that it asks. UI thread.
#include "app/ui/arming.h"
#include "app/ui/paint.h"
#include "app/ui/parts.h"
#include "app/ui/row_text.h"

namespace portside::ui {

namespace {

constexpr float kEdge = 2; // design units between the last button and the row's end
constexpr float kButtonGap = 8;
constexpr float kTextGap = 12;
constexpr float kMoreGap = 6;
constexpr float kSpinnerRoom = 22;
constexpr float kKept = 9; // font heights at the row's left that are never covered: which port it is

bool turns(KillPhase phase) {
    return phase == KillPhase::checking || phase == KillPhase::authorising || phase == KillPhase::asked;
}

// Right-aligned at `right`; returns its left edge.
float draw_words(Frame& frame, std::string_view words, std::uint32_t rgb, float right, float left_limit,
                 float middle_y) {
    if (words.empty() || right <= left_limit) {
        return right;
    }
    ImFont& font = *frame.look.text;
    // Measured no further than the room: a reason may be long.
    const float width = std::min(std::ceil(width_of(font, words)), right - left_limit);
    draw_text_with_tip(frame, font, rgb, {right - width, baseline_at(frame, middle_y)}, words, width);
    return right - width;
}

std::uint32_t status_color(const Theme& theme, KillPhase phase) {
    switch (phase) {
    case KillPhase::ended:
        return theme.green;
    case KillPhase::still_running:
    case KillPhase::refused:
        return theme.text;
    default:
        return theme.muted;
    }
}

Tone tone_of(const Frame& frame, RowAction action, bool hot) {
    if (action == RowAction::reveal_owner) {
        return frame.model.revealing ? Tone::off : Tone::quiet;
    }
    const bool due = action == RowAction::force_kill || action == RowAction::force_kill_as_administrator;
    return due || hot ? Tone::danger : Tone::quiet;
}

void choose_row(Frame& frame, const snapshot::Row& row) {
    focus_table(frame);
    select_row(frame, row);
}

// `idle`: nothing is under way in this row, so that nothing is waited for.
float draw_own_button(Frame& frame, const snapshot::Row& row, RowAction action, const RowGround& ground, float right,
                      bool idle) {
    const bool settled = settle(frame, ground.place, meaning_of(row, action));
    if (action == RowAction::none) {
        return right;
    }
    const char* label = label_of(action);
    // The meaning is in the ID: a button pressed as Kill is not released as Force kill.
    ImGui::PushID(static_cast<int>(action));
    const bool clicked = draw_button(frame, "act", right, ground.area.middle_y(), label,
                                     tone_of(frame, action, ground.hot), ground.surface);
    frame.result.holds_still = frame.result.holds_still || (idle && ImGui::IsItemHovered());
    ImGui::PopID();
    if (clicked) {
        choose_row(frame, row);
        if (settled) {
            frame.emit(act_on(row, action));
        }
    }
    return right - button_width(frame, label) - frame.px(kMoreGap);
}

// A button of a question, its right edge at `right`; ringed where Enter means it. True when it was clicked.
bool draw_answer(Frame& frame, const Answer& answer, bool ringed, Tone tone, const RowGround& ground, float& right) {
    const float middle = ground.area.middle_y();
    const float width = button_width(frame, answer.label);
    ImGui::PushID(static_cast<int>(answer.action));
    const bool clicked = draw_button(frame, "answer", right, middle, answer.label, tone, ground.surface);
    ImGui::PopID();
    if (ringed) {
        const float half = button_height(frame) / 2;
        draw_ring(frame, {right - width, middle - half, right, middle + half});
    }
    right -= width + frame.px(kButtonGap);
    return clicked;
}

// The answers that end something stand left of Cancel: never under the pointer that asked. The safest is the leftmost.
float draw_question(Frame& frame, const snapshot::Row& row, const Question& question, const RowGround& ground,
                    float right) {
    const Armed meaning = meaning_of(row, question);
    const bool settled = settle(frame, ground.place, meaning);
    settle(frame, kQuestionPlace, meaning);
    const bool by_keys = frame.state.focus == Focus::table && frame.state.selected == row.key;
    const std::size_t count = question.answers.size();
    const std::size_t chosen = chosen_answer(frame.state, row, question);
    std::optional<AnswerQuestion> answered;
    ImGui::PushID("question");
    if (draw_answer(frame, {RowAction::none, "Cancel"}, by_keys && chosen == count, Tone::quiet, ground, right)) {
        answered = AnswerQuestion{};
    }
    for (std::size_t i = count; i-- > 0;) {
        const Answer& answer = question.answers[i];
        const bool mildest = count > 1 && i == 0;
        const Tone tone = ends_something(answer.action) && !mildest ? Tone::danger : Tone::quiet;
        if (draw_answer(frame, answer, by_keys && chosen == i, tone, ground, right)) {
            answered = AnswerQuestion{answer.action};
        }
    }
    ImGui::PopID();
    if (answered) {
        choose_row(frame, row);
        if (settled) {
            frame.emit(*answered);
        }
    }
    right -= frame.px(kTextGap - kButtonGap);
    return draw_words(frame, question.text, frame.look.theme.text, right, ground.area.x0 + kKept * frame.em,
                      ground.area.middle_y());
}

// Three dots left of the row's own button: the other ways. Its room is kept where it is not drawn, so that nothing
// moves under the pointer. A menu ends nothing by itself, so it opens at once.
float draw_more_button(Frame& frame, const snapshot::Row& row, const RowGround& ground, float right) {
    auto& menu = frame.state.menu;
    const bool open = menu && menu->row == row.key;
    const DotsLook look{.shown = ground.hot, .open = open, .surface = ground.surface};
    if (draw_dots_button(frame, "more", right, ground.area.middle_y(), look)) {
        choose_row(frame, row);
        open_row_menu(frame, row);
    }
    if (open && !menu->at_pointer) {
        menu->x = right;
    }
    return right - button_height(frame) - frame.px(kTextGap);
}

// What is under way there, or how it ended.
float draw_status(Frame& frame, const RowStatus& status, const RowGround& ground, float right) {
    if (status.phase == KillPhase::none) {
        return right;
    }
    const float middle = ground.area.middle_y();
    const float limit = ground.area.x0 + kKept * frame.em + frame.px(kSpinnerRoom);
    right = draw_words(frame, status.text, status_color(frame.look.theme, status.phase), right, limit, middle);
    if (turns(status.phase)) {
        right -= frame.px(kSpinnerRoom);
        draw_spinner(frame, {right + frame.px(kSpinnerRoom) / 2 - frame.px(1), middle});
    }
    return right;
}

} // namespace

float draw_action_cell(Frame& frame, const snapshot::Row& row, const RowView& view, const RowGround& ground) {
    float right = ground.area.x1 - frame.px(kEdge);
    if (frame.model.question && frame.model.question->row == row.key) {
        return draw_question(frame, row, *frame.model.question, ground, right);
    }
    right = draw_own_button(frame, row, view.action, ground, right, view.status.phase == KillPhase::none);
    right = draw_more_button(frame, row, ground, right);
    return draw_status(frame, view.status, ground, right);
}

float draw_group_action(Frame& frame, const Spoken& spoken, const RowGround& ground, bool offers) {
    const snapshot::Row& row = frame.model.snapshot->rows[spoken.row];
    float right = ground.area.x1 - frame.px(kEdge);
    if (offers) {
        right =
            draw_own_button(frame, row, spoken.view.action, ground, right, spoken.view.status.phase == KillPhase::none);
    }
    return draw_status(frame, spoken.view.status, ground, right);
}

} // namespace portside::ui
