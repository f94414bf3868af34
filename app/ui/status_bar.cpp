// SPDX-License-Identifier: MIT
// The line at the bottom: how many ports, whether the list is live and who served it, and the keys. UI thread.
#include "app/ui/paint.h"
#include "app/ui/parts.h"
#include "app/ui/row_text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <span>

namespace portside::ui {

namespace {

constexpr float kFactGap = 18; // design units between two facts

const UiState::Facts& facts_of(Frame& frame) {
    UiState::Facts& facts = frame.state.facts;
    if (facts.of != frame.model.snapshot) {
        const auto is_tcp = [](const snapshot::Row& row) { return row.key.protocol == platform::Protocol::tcp; };
        const snapshot::Snapshot& snapshot = *frame.model.snapshot;
        const std::size_t rows = snapshot.rows.size();
        const auto tcp = static_cast<std::size_t>(std::ranges::count_if(snapshot.rows, is_tcp));
        const std::size_t notes = snapshot.notes.size();
        facts.of = frame.model.snapshot;
        facts.ports = fmt::format("{} {}", rows, rows == 1 ? "port" : "ports");
        facts.protocols = fmt::format("{} TCP  {} UDP", tcp, rows - tcp);
        facts.source =
            fmt::format("live, scanned in {} by {}", cost_text(snapshot.scan_cost), sources_in_short(snapshot));
        facts.notes = fmt::format("{} {}", notes, notes == 1 ? "note" : "notes");
    }
    return facts;
}

// Put together when their number changes.
const std::string& system_text(Frame& frame) {
    UiState::Facts& facts = frame.state.facts;
    const std::size_t count = frame.model.arrangement.system;
    if (facts.system_count != count) {
        facts.system_count = count;
        facts.system = fmt::format("{} system {} hidden", count, count == 1 ? "port" : "ports");
    }
    return facts.system;
}

// One fact after another, from the left, in the small font.
class Line {
  public:
    Line(Frame& frame, float x, float right) : frame_(frame), x_(x), right_(right) {}

    void dot(std::uint32_t rgb) {
        draw_dot(frame_, {x_ + frame_.px(5), frame_.layout.status.middle_y()}, rgb);
        x_ += frame_.px(18);
    }
    void spinner() {
        draw_spinner(frame_, {x_ + frame_.px(6), frame_.layout.status.middle_y()});
        x_ += frame_.px(20);
    }
    Rect text(std::string_view words, std::uint32_t rgb) {
        const Rect& bar = frame_.layout.status;
        const float baseline = baseline_at(frame_, bar.middle_y()) - frame_.px(1);
        const Drawn drawn = draw_text_with_tip(frame_, *frame_.look.small, rgb, {x_, baseline}, words, right_ - x_);
        const Rect area{x_, bar.y0, x_ + drawn.width, bar.y1};
        x_ += drawn.width + frame_.px(kFactGap);
        return area;
    }

    [[nodiscard]] float x() const { return x_; }

  private:
    Frame& frame_;
    float x_;
    float right_;
};

std::string notes_in_full(const snapshot::Snapshot& snapshot) {
    std::string text;
    for (const snapshot::Note& note : snapshot.notes) {
        text += fmt::format("{}{}", text.empty() ? "" : "\n", note.text);
    }
    return text;
}

void draw_notes(Frame& frame, Line& line) {
    const auto& notes = frame.model.snapshot->notes;
    if (notes.empty()) {
        return;
    }
    line.dot(frame.look.theme.amber);
    const Rect area = line.text(facts_of(frame).notes, frame.look.theme.muted);
    if (tip_due(frame, {area.x0 - frame.px(18), area.y0, area.x1, area.y1})) {
        show_tip(frame, notes_in_full(*frame.model.snapshot));
    }
}

// Always said where there are any; a click shows them.
void draw_system(Frame& frame, Line& line) {
    if (frame.model.arrangement.system == 0) {
        return;
    }
    const Theme& theme = frame.look.theme;
    const Rect& bar = frame.layout.status;
    const float width = width_of(*frame.look.small, system_text(frame));
    const float x = line.x();
    ImGui::SetCursorScreenPos({x, bar.middle_y() - frame.em});
    const bool clicked = ImGui::InvisibleButton("system", {width + 1, 2 * frame.em});
    const bool hovered = ImGui::IsItemHovered();
    const Rect area = line.text(system_text(frame), hovered ? theme.text : theme.accent);
    if (hovered) {
        const float y = std::floor(bar.middle_y() + frame.em / 2);
        ImGui::GetWindowDrawList()->AddLine({area.x0, y}, {area.x1, y}, ink(theme.text), frame.px(1));
    }
    tip(frame, area, "Sockets of the system's own services. Click, or Ctrl H, to show them.");
    if (clicked) {
        show_system_ports(frame, true);
    }
}

void draw_facts(Frame& frame, Line& line) {
    const Theme& theme = frame.look.theme;
    const snapshot::Snapshot& snapshot = *frame.model.snapshot;
    const UiState::Facts& facts = facts_of(frame);
    line.text(facts.ports, theme.text);
    draw_system(frame, line);
    line.text(facts.protocols, theme.muted);
    if (!frame.model.scan_error.empty()) {
        return;
    }
    const Rect area = line.text(facts.source, theme.muted);
    if (tip_due(frame, area)) {
        show_tip(frame, sources_in_full(snapshot));
    }
}

struct Hint {
    std::string_view key;
    std::string_view meaning;
};

const char* meaning_of_delete(RowAction action) {
    switch (action) {
    case RowAction::reveal_owner:
        return "who holds it";
    case RowAction::stop_unit:
        return "stop its unit";
    case RowAction::stop_container:
        return "stop its container";
    default:
        return "kill";
    }
}

const char* meaning_of_escape(const Frame& frame) {
    if (!frame.state.filter.empty()) {
        return "clear";
    }
    switch (frame.model.leaving) {
    case Leaving::quits:
        return "quit";
    case Leaving::asks:
        return "hide or quit";
    case Leaving::hides:
        break;
    }
    return "hide";
}

// Of the line that is selected; without a meaning: not there.
struct LineHints {
    const char* right = "more";
    const char* deletes = "kill";
    Hint last{"Enter", "details"};
};

LineHints line_hints(const Frame& frame) {
    LineHints hints;
    if (const auto group = selected_group(frame)) {
        const auto spoken = spoken_for(frame, *group);
        const bool acts = spoken && spoken->view.action != RowAction::none;
        return {"",
                acts ? meaning_of_delete(spoken->view.action) : "",
                {"Enter", frame.state.lines.is_folded(*group) ? "unfold" : "fold"}};
    }
    if (frame.state.selected_connection) {
        return {"", "", {"Ctrl C", selected_connection(frame) != nullptr ? "copy" : ""}};
    }
    if (const auto selected = selected_view(frame)) {
        hints.deletes = meaning_of_delete(selected->action);
    }
    return hints;
}

// From the right; returns where they begin.
float draw_hints(const Frame& frame) {
    const bool in_table = frame.state.focus == Focus::table;
    const LineHints of_line = line_hints(frame);
    const bool arrows = imgui::has_glyph(*frame.look.small, 0x2191) && imgui::has_glyph(*frame.look.small, 0x2193);
    const bool right = imgui::has_glyph(*frame.look.small, 0x2192);
    const std::array<Hint, 5> table{{{"?", "all keys"},
                                     {right ? "\xE2\x86\x92" : "Right", of_line.right},
                                     {"Del", of_line.deletes},
                                     of_line.last,
                                     {arrows ? "\xE2\x86\x91\xE2\x86\x93" : "Up Down", "move"}}};
    const std::array<Hint, 4> filter{{{"F1", "all keys"},
                                      {"Esc", meaning_of_escape(frame)},
                                      {"F5", "rescan"},
                                      {arrows ? "\xE2\x86\x93" : "Down", "to the list"}}};
    const Theme& theme = frame.look.theme;
    ImFont& font = *frame.look.small;
    const Rect& bar = frame.layout.status;
    const float baseline = baseline_at(frame, bar.middle_y()) - frame.px(1);
    float x = bar.x1 - frame.layout.field.x0;
    for (const Hint& hint : in_table ? std::span<const Hint>(table) : std::span<const Hint>(filter)) {
        if (hint.meaning.empty()) {
            continue;
        }
        x -= width_of(font, hint.meaning);
        draw_text(font, theme.faint, x, baseline, hint.meaning, bar.width());
        x -= width_of(font, hint.key) + frame.px(5);
        draw_text(font, theme.muted, x, baseline, hint.key, bar.width());
        x -= frame.px(kFactGap - 4);
    }
    return x;
}

} // namespace

void draw_status_bar(Frame& frame) {
    const Theme& theme = frame.look.theme;
    const Rect& bar = frame.layout.status;
    ImGui::GetWindowDrawList()->AddLine({bar.x0, bar.y0}, {bar.x1, bar.y0}, ink(theme.line), frame.px(1));
    const bool room_for_hints = bar.width() > frame.em * 50;
    const float right = room_for_hints ? draw_hints(frame) - frame.px(kFactGap) : bar.x1 - frame.layout.field.x0;
    Line line(frame, frame.layout.field.x0, right);
    const bool failing = !frame.model.scan_error.empty();
    line.dot(failing ? theme.red : (frame.model.snapshot ? theme.green : theme.faint));
    if (frame.model.snapshot) {
        draw_facts(frame, line);
        draw_notes(frame, line);
    }
    if (frame.model.revealing) {
        line.spinner();
        line.text("asking as administrator who holds the rest", theme.muted);
    }
    if (failing) {
        line.text(frame.model.scan_error, theme.red);
    } else if (!frame.model.snapshot) {
        line.text("looking", theme.muted);
    }
}

} // namespace portside::ui
