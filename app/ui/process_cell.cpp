// SPDX-License-Identifier: MIT
// Who holds it: the name, beside it what tells one instance from another, then badges. UI thread.
#include "app/ui/paint.h"
#include "app/ui/parts.h"
#include "app/ui/row_text.h"

#include <fmt/format.h>

namespace portside::ui {

namespace {

constexpr float kVoiceGap = 9; // design units between name and second voice
constexpr float kPillGap = 10;
constexpr float kPillShare = 0.5F; // what badges may take of the cell

struct Pill {
    std::string word;
    std::uint32_t rgb = 0;
    std::string meaning;
};

std::vector<Pill> pills_of(const Frame& frame, const snapshot::Row& row, const RowView& view) {
    const Theme& theme = frame.look.theme;
    std::vector<Pill> pills;
    if (row.state == platform::SocketState::bound) {
        pills.push_back(
            {"bound", theme.amber, "Bound without listening: it takes the port and accepts no connection."});
    }
    if (row.owners.size() > 1) {
        pills.push_back({fmt::format("+{}", row.owners.size() - 1), theme.muted,
                         fmt::format("{} processes hold it. Their names are in the details.", row.owners.size())});
    }
    if (!row.owners.empty() && !view.knowledge.empty()) {
        pills.push_back({view.knowledge, theme.muted, view.knowledge});
    }
    return pills;
}

// From left to right as far as they fit into `right`.
void draw_pills(Frame& frame, const std::vector<Pill>& pills, float x, const Rect& cell) {
    for (const Pill& pill : pills) {
        if (x + pill_width(frame, pill.word) > cell.x1) {
            return;
        }
        const float width = draw_pill(frame, x, cell.middle_y(), pill.word, pill.rgb);
        tip(frame, {x, cell.y0, x + width, cell.y1}, pill.meaning);
        x += width + frame.px(kPillGap);
    }
}

void draw_unknown(Frame& frame, const snapshot::Row& row, const RowView& view, const std::vector<Pill>& pills,
                  const Rect& cell) {
    const std::string_view words = !view.knowledge.empty()
                                       ? std::string_view(view.knowledge)
                                       : words_of(row.unknown.value_or(snapshot::Unknown::not_found));
    const Drawn drawn = draw_text_with_tip(frame, *frame.look.text, frame.look.theme.faint,
                                           {cell.x0, baseline_at(frame, cell.middle_y())}, words, cell.width());
    draw_pills(frame, pills, cell.x0 + drawn.width + frame.px(kPillGap), cell);
}

} // namespace

void draw_process_cell(Frame& frame, const snapshot::Row& row, const RowView& view, const Rect& cell) {
    const Theme& theme = frame.look.theme;
    const std::vector<Pill> pills = pills_of(frame, row, view);
    const snapshot::Process* process = snapshot::topmost_process(*frame.model.snapshot, row);
    if (process == nullptr) {
        draw_unknown(frame, row, view, pills, cell);
        return;
    }
    float wanted = 0;
    for (const Pill& pill : pills) {
        wanted += pill_width(frame, pill.word) + frame.px(kPillGap);
    }
    const float right = cell.x1 - std::min(wanted, cell.width() * kPillShare);
    const float baseline = baseline_at(frame, cell.middle_y());
    float x = cell.x0;
    x += draw_text_with_tip(frame, *frame.look.strong, theme.text, {x, baseline}, process->name, right - x).width;
    const std::string voice = second_voice(*process, frame.model.home);
    const float voice_x = x + frame.px(kVoiceGap);
    if (!voice.empty() && right - voice_x > frame.em * 2) {
        x = voice_x +
            draw_text_with_tip(frame, *frame.look.text, theme.muted, {voice_x, baseline}, voice, right - voice_x).width;
    }
    draw_pills(frame, pills, x + frame.px(kPillGap), cell);
}

} // namespace portside::ui
