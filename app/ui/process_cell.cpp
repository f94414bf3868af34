// SPDX-License-Identifier: MIT
// Who holds it: the name, beside it what tells one instance from another, then badges. UI thread.
#include "app/ui/paint.h"
#include "app/ui/parts.h"

#include <array>
#include <fmt/format.h>
#include <span>
#include <string>

namespace portside::ui {

namespace {

constexpr float kVoiceGap = 9; // design units between name and second voice
constexpr float kPillGap = 10;
constexpr float kPillShare = 0.5F; // what badges may take of the cell

struct Pill {
    std::string_view word;
    std::uint32_t rgb = 0;
    std::string_view meaning; // empty: how many hold it
};
// As few as there can be, without memory of their own.
struct Pills {
    std::array<Pill, 3> all;
    std::size_t count = 0;
    void add(const Pill& pill) { all.at(count++) = pill; }
    [[nodiscard]] std::span<const Pill> some() const { return {all.data(), count}; }
};

Pills pills_of(const Frame& frame, const snapshot::Row& row, const DrawnText& text) {
    const Theme& theme = frame.look.theme;
    Pills pills;
    if (row.state == platform::SocketState::bound) {
        pills.add({"bound", theme.amber, "Bound without listening: it takes the port and accepts no connection."});
    }
    if (!text.others.empty()) {
        pills.add({text.others, theme.muted, {}});
    }
    if (!row.owners.empty() && !text.knowledge.empty()) {
        pills.add({text.knowledge, theme.muted, text.knowledge});
    }
    return pills;
}

// From left to right as far as they fit into `right`.
void draw_pills(Frame& frame, const snapshot::Row& row, const Pills& pills, float x, const Rect& cell) {
    for (const Pill& pill : pills.some()) {
        if (x + pill_width(frame, pill.word) > cell.x1) {
            return;
        }
        const float width = draw_pill(frame, x, cell.middle_y(), pill.word, pill.rgb);
        if (tip_due(frame, {x, cell.y0, x + width, cell.y1})) {
            show_tip(frame, pill.meaning.empty() ? fmt::format("{} processes hold it. Their names are in the details.",
                                                               row.owners.size())
                                                 : std::string(pill.meaning));
        }
        x += width + frame.px(kPillGap);
    }
}

void draw_unknown(Frame& frame, const snapshot::Row& row, const DrawnText& text, const Pills& pills, const Rect& cell) {
    const Drawn drawn =
        draw_text_with_tip(frame, *frame.look.text, frame.look.theme.faint,
                           {cell.x0, baseline_at(frame, cell.middle_y())}, text.knowledge, cell.width());
    draw_pills(frame, row, pills, cell.x0 + drawn.width + frame.px(kPillGap), cell);
}

} // namespace

void draw_process_cell(Frame& frame, std::uint32_t index, const Rect& cell) {
    const Theme& theme = frame.look.theme;
    const snapshot::Row& row = frame.model.snapshot->rows[index];
    const DrawnText& text = frame.state.texts.of(frame.model.snapshot, index, frame.model.home);
    const Pills pills = pills_of(frame, row, text);
    const snapshot::Process* process = snapshot::topmost_process(*frame.model.snapshot, row);
    if (process == nullptr) {
        draw_unknown(frame, row, text, pills, cell);
        return;
    }
    float wanted = 0;
    for (const Pill& pill : pills.some()) {
        wanted += pill_width(frame, pill.word) + frame.px(kPillGap);
    }
    const float right = cell.x1 - std::min(wanted, cell.width() * kPillShare);
    const float baseline = baseline_at(frame, cell.middle_y());
    float x = cell.x0;
    x += draw_text_with_tip(frame, *frame.look.strong, theme.text, {x, baseline}, process->name, right - x).width;
    const float voice_x = x + frame.px(kVoiceGap);
    if (!text.voice.empty() && right - voice_x > frame.em * 2) {
        x = voice_x +
            draw_text_with_tip(frame, *frame.look.text, theme.muted, {voice_x, baseline}, text.voice, right - voice_x)
                .width;
    }
    draw_pills(frame, row, pills, x + frame.px(kPillGap), cell);
}

} // namespace portside::ui
