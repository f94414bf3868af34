// SPDX-License-Identifier: MIT
// Who holds it: the name, beside it what tells one instance from another, then badges. UI thread.
#include "app/ui/paint.h"
#include "app/ui/parts.h"
#include "app/ui/row_text.h"

#include <array>
#include <fmt/format.h>
#include <span>
#include <string>

namespace portside::ui {

namespace {

constexpr float kVoiceGap = 9; // design units between name and second voice
constexpr float kPillGap = 10;
constexpr float kInset = 16; // of a row below its process's own line
constexpr std::string_view kInUnit = "The systemd unit that it runs in.";
constexpr std::string_view kInContainer = "The container that it runs in, or that it passes the port on to.";
constexpr float kPillShare = 0.5F; // what badges may take of the cell
constexpr float kNewsShare = 0.8F; // where one of them says what has just changed

struct Pill {
    std::string_view word;
    std::uint32_t rgb = 0;
    std::string_view meaning; // empty: how many hold it
};
// As few as there can be, without memory of their own.
struct Pills {
    std::array<Pill, 6> all;
    std::size_t count = 0;
    void add(const Pill& pill) { all.at(count++) = pill; }
    [[nodiscard]] std::span<const Pill> some() const { return {all.data(), count}; }
};

// Whose port it was until a moment ago; asks for the frame in which that is no longer said.
std::string before_text(Frame& frame, std::uint32_t index) {
    const Before* const before = view_of(frame.model, index).before;
    if (before == nullptr || frame.now() >= before->since + kChanged) {
        return {};
    }
    frame.wake_at(before->since + kChanged);
    return fmt::format("was {}", before->owner);
}

Pills pills_of(const Frame& frame, const snapshot::Row& row, const DrawnText& text, std::string_view before) {
    const Theme& theme = frame.look.theme;
    Pills pills;
    if (!before.empty()) {
        pills.add({before, theme.green, "The port had another owner until a moment ago."});
    }
    if (row.state == platform::SocketState::bound) {
        pills.add({"bound", theme.amber, "Bound without listening: it takes the port and accepts no connection."});
    }
    if (!text.others.empty()) {
        pills.add({text.others, theme.muted, {}});
    }
    if (!text.keeper.empty()) {
        pills.add({text.keeper, theme.muted, row.container ? kInContainer : kInUnit});
    }
    if (!row.owners.empty() && !text.knowledge.empty()) {
        pills.add({text.knowledge, theme.muted, text.knowledge});
    }
    if (!text.candidates.empty()) {
        pills.add({text.candidates, theme.muted, kWhatCandidatesAre});
    }
    return pills;
}

// Those that fit into this width. A name is never cut for a badge that is then not drawn.
Pills fitting(const Frame& frame, const Pills& pills, float room) {
    Pills fit;
    for (const Pill& pill : pills.some()) {
        room -= pill_width(frame, pill.word) + frame.px(kPillGap);
        if (room < 0) {
            break;
        }
        fit.add(pill);
    }
    return fit;
}

void draw_pills(Frame& frame, const snapshot::Row& row, const Pills& pills, float x, const Rect& cell) {
    for (const Pill& pill : pills.some()) {
        const float width = draw_pill(frame, x, cell.middle_y(), pill.word, pill.rgb);
        if (tip_due(frame, {x, cell.y0, x + width, cell.y1})) {
            show_tip(frame, pill.meaning.empty() ? fmt::format("{} processes hold it. Their names are in the details.",
                                                               row.owners.size())
                                                 : std::string(pill.meaning));
        }
        x += width + frame.px(kPillGap);
    }
}

float width_together(const Frame& frame, const Pills& pills) {
    float width = 0;
    for (const Pill& pill : pills.some()) {
        width += pill_width(frame, pill.word) + frame.px(kPillGap);
    }
    return width;
}

// How loud a name is, and what the line of the row's group says already.
struct Voices {
    bool named = false;     // it is an owner's own
    bool quiet = false;     // the group is that owner's
    std::string_view label; // what the person calls the port
    std::string_view second;
};

Voices voices_of(const Frame& frame, std::uint32_t index, bool named, const DrawnText& text) {
    const Lines& lines = frame.state.lines;
    const bool grouped = lines.group_of(index).has_value();
    const bool quiet = grouped && lines.grouping() == Grouping::process;
    const bool said = quiet || (grouped && text.voice == text.project);
    return {.named = named,
            .quiet = quiet,
            .label = frame.model.tags ? frame.model.tags->label(index) : std::string_view(),
            .second = said ? std::string_view() : std::string_view(text.voice)};
}

// A name, what the person calls the port, quieter what tells it from others, and badges.
void draw_line(Frame& frame, const snapshot::Row& row, std::string_view name, const Voices& voices,
               const DrawnText& text, std::string_view before, const Rect& cell) {
    const Theme& theme = frame.look.theme;
    const Pills pills =
        fitting(frame, pills_of(frame, row, text, before), cell.width() * (before.empty() ? kPillShare : kNewsShare));
    const float right = cell.x1 - width_together(frame, pills);
    const float baseline = baseline_at(frame, cell.middle_y());
    const bool kept = row.unit || row.container; // else the line says only why no owner is shown
    float x = cell.x0 + (voices.quiet ? frame.px(kInset) : 0);
    ImFont& font = voices.named && !voices.quiet ? *frame.look.strong : *frame.look.text;
    const std::uint32_t rgb = voices.quiet ? theme.muted : voices.named || kept ? theme.text : theme.faint;
    x += draw_text_with_tip(frame, font, rgb, {x, baseline}, name, right - x).width;
    if (!voices.label.empty() && right - x > frame.em * 3) {
        x += frame.px(kVoiceGap);
        x += draw_text_with_tip(frame, *frame.look.text, theme.text, {x, baseline}, voices.label, right - x).width;
    }
    const float voice_x = x + frame.px(kVoiceGap);
    if (!voices.second.empty() && right - voice_x > frame.em * 2) {
        x = voice_x + draw_text_with_tip(frame, *frame.look.text, theme.muted, {voice_x, baseline}, voices.second,
                                         right - voice_x)
                          .width;
    }
    draw_pills(frame, row, pills, x + frame.px(kPillGap), cell);
}

} // namespace

void draw_process_cell(Frame& frame, std::uint32_t index, const Rect& cell) {
    const snapshot::Row& row = frame.model.snapshot->rows[index];
    const DrawnText& text = frame.state.texts.of(frame.model.snapshot, index, frame.model.home, frame.model.clock);
    const snapshot::Process* process = snapshot::topmost_process(*frame.model.snapshot, row);
    draw_line(frame, row, process != nullptr ? std::string_view(process->name) : text.title,
              voices_of(frame, index, process != nullptr, text), text, before_text(frame, index), cell);
}

} // namespace portside::ui
