// SPDX-License-Identifier: MIT
// One row: its ground, its cells, its end. The ImGui ID comes from what the row is, never from its index. UI thread.
#include "app/ui/arming.h"
#include "app/ui/paint.h"
#include "app/ui/parts.h"
#include "app/ui/row_text.h"

#include <algorithm>
#include <fmt/format.h>

namespace portside::ui {

namespace {

constexpr float kUnfoldRoom = 8; // design units at the left of a row that unfold it; the star stands right of them
constexpr float kReadable = 4;   // font heights
constexpr float kReadableAge = 3;

// How new the row is, from 1 to 0; asks for the next step of the fading.
float glow_strength(Frame& frame, const RowView& view) {
    if (!view.new_since || frame.now() >= *view.new_since + kGlow) {
        return 0;
    }
    frame.wake_at(std::min(frame.now() + kSpinnerStep, *view.new_since + kGlow));
    const std::chrono::duration<float> age = frame.now() - *view.new_since;
    return std::clamp(1 - age / std::chrono::duration<float>(kGlow), 0.0F, 1.0F);
}

std::uint32_t surface_of(Frame& frame, const RowView& view, bool selected, bool hovered) {
    const Theme& theme = frame.look.theme;
    const float glow = glow_strength(frame, view);
    if (selected) {
        return selection_surface(theme);
    }
    if (glow > 0) {
        return glow_surface(theme, glow);
    }
    return hovered ? hover_surface(theme) : theme.background;
}

void draw_address_cell(Frame& frame, const snapshot::Row& row, const Rect& cell) {
    const Theme& theme = frame.look.theme;
    const bool inside = row.exposure == snapshot::Exposure::loopback;
    const ImVec2 dot{cell.x0 + frame.px(5), cell.middle_y()};
    draw_dot(frame, dot, inside ? theme.green : theme.amber, row.exposure == snapshot::Exposure::interface);
    tip(frame, {cell.x0, cell.y0, cell.x0 + frame.px(16), cell.y1}, words_of(row.exposure));
    const float x = cell.x0 + frame.px(20);
    draw_text_with_tip(frame, *frame.look.mono, theme.muted, {x, baseline_at(frame, cell.middle_y())}, row.address_text,
                       cell.x1 - x);
}

void draw_pid_cell(const Frame& frame, const snapshot::Row& row, const Rect& cell) {
    const Theme& theme = frame.look.theme;
    if (row.owners.empty()) {
        const float y = std::floor(cell.middle_y());
        ImGui::GetWindowDrawList()->AddLine({cell.x0, y}, {cell.x0 + frame.px(8), y}, ink(theme.faint), frame.px(1));
        return;
    }
    const fmt::format_int pid(row.owners.front().id.pid);
    draw_text(*frame.look.mono, theme.muted, cell.x0, baseline_at(frame, cell.middle_y()), {pid.data(), pid.size()},
              cell.width());
}

// Ages change by themselves: the next frame is due when the first of those on the screen does.
void draw_since_cell(Frame& frame, std::uint32_t index, const Rect& cell) {
    const Model& model = frame.model;
    const snapshot::Row& row = model.snapshot->rows[index];
    const AgeText& age = frame.state.texts.of(model.snapshot, index, model.home, model.clock).age;
    draw_text(*frame.look.text, frame.look.theme.muted, cell.x0, baseline_at(frame, cell.middle_y()), age.text,
              cell.width());
    if (age.until) {
        constexpr std::chrono::milliseconds kLate{20}; // two clocks are at work: not a moment too early
        frame.wake_at(frame.now() + std::chrono::duration_cast<std::chrono::milliseconds>(*age.until - model.clock) +
                      kLate);
    }
    if (tip_due(frame, cell)) {
        if (const std::string text = since_in_full(*model.snapshot, row, model.clock); !text.empty()) {
            show_tip(frame, text);
        }
    }
}

void draw_cell(Frame& frame, Column column, std::uint32_t index, const Rect& cell) {
    const snapshot::Row& row = frame.model.snapshot->rows[index];
    const Theme& theme = frame.look.theme;
    const float baseline = baseline_at(frame, cell.middle_y());
    switch (column) {
    case Column::port: {
        ImFont& font = *frame.look.mono;
        const float x = cell.x1 - width_of(font, row.port_text);
        draw_text(font, theme.text, std::max(x, cell.x0), baseline, row.port_text, cell.width() + 1);
        break;
    }
    case Column::protocol:
        draw_text(*frame.look.small, theme.faint, cell.x0, baseline,
                  row.key.protocol == platform::Protocol::tcp ? "TCP" : "UDP", cell.width());
        break;
    case Column::process:
        draw_process_cell(frame, index, cell);
        break;
    case Column::address:
        draw_address_cell(frame, row, cell);
        break;
    case Column::pid:
        draw_pid_cell(frame, row, cell);
        break;
    case Column::user:
        draw_text_with_tip(frame, *frame.look.text, theme.muted, {cell.x0, baseline}, row.user, cell.width());
        break;
    case Column::since:
        draw_since_cell(frame, index, cell);
        break;
    case Column::action:
        break; // drawn first: it decides how much room the others have
    }
}

// Below everything else in the row, so that buttons have the pointer before it.
void handle_pointer(Frame& frame, const snapshot::Row& row, const RowSpot& spot) {
    ImGui::SetCursorScreenPos({spot.area.x0, spot.area.y0});
    ImGui::InvisibleButton("row", {spot.area.width(), spot.area.height()});
    if (ImGui::IsItemActivated()) {
        select_line(frame, spot.line);
        focus_table(frame);
    }
    if (ImGui::IsItemHovered() && ImGui::IsMouseReleased(ImGuiMouseButton_Right)) {
        select_line(frame, spot.line);
        focus_table(frame);
        open_row_menu_at_pointer(frame, row);
    }
    if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
        frame.state.details_open = true;
    }
}

// At the left edge of a row under the hand: shows its connections below it.
void draw_unfold_button(Frame& frame, const snapshot::Row& row, const Rect& area, bool shown) {
    const bool open = frame.state.lines.unfolded() == row.key;
    const float side = frame.px(8 + kUnfoldRoom);
    const Rect place{area.x0 - frame.px(8), area.y0, area.x0 - frame.px(8) + side, area.y1};
    ImGui::SetCursorScreenPos({place.x0, place.y0});
    const bool clicked = ImGui::InvisibleButton("connections", {side, place.height()});
    const bool lit = ImGui::IsItemHovered() || ImGui::IsItemActive();
    if (shown || open || lit) {
        const Theme& theme = frame.look.theme;
        draw_chevron(frame, {area.x0 + frame.px(1), std::floor(area.middle_y())}, open, lit ? theme.text : theme.faint);
    }
    if (lit) {
        tip(frame, place, open ? "Hide its connections (Ctrl E)" : "Show its connections (Ctrl E)");
    }
    if (clicked) {
        focus_table(frame);
        select_row(frame, row);
        unfold_row(frame, open ? std::nullopt : std::optional(row.key));
    }
}

// Before the row itself, so that it has the pointer.
void draw_row_star(Frame& frame, const std::vector<PlacedColumn>& columns, std::uint32_t index,
                   const RowGround& ground) {
    const auto column = std::ranges::find(columns, Column::port, &PlacedColumn::column);
    if (column == columns.end()) {
        return;
    }
    const snapshot::Row& row = frame.model.snapshot->rows[index];
    const Rect& area = ground.area;
    const float left = area.x0 + column->x0 + frame.px(kUnfoldRoom);
    const Rect cell{left, area.y0, area.x0 + column->x1 - frame.px(kCellGap), area.y1};
    if (draw_star(frame, index, cell, width_of(*frame.look.mono, row.port_text), ground.hot)) {
        toggle_favourite(frame, row);
    }
}

} // namespace

void draw_quiet_ground(const Frame& frame, const Rect& area, std::uint32_t surface, bool ringed, bool hairline) {
    const Theme& theme = frame.look.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float line = frame.px(1);
    const float bleed = frame.px(8); // the tint reaches a little beyond the texts, as far as a scroll bar lets it
    const float x0 = area.x0 - bleed;
    const float x1 = std::min(area.x1 + bleed, list.GetClipRectMax().x - line);
    if (surface != theme.background) {
        list.AddRectFilled({x0, area.y0}, {x1, area.y1 - line}, ink(surface), frame.px(6));
    }
    if (hairline) {
        list.AddLine({area.x0, area.y1 - line}, {area.x1, area.y1 - line}, ink(theme.line), line);
    }
    if (ringed) {
        imgui::add_rect(list, {x0, area.y0}, {x1, area.y1 - line}, ink(theme.accent), frame.px(6),
                        1.5F * frame.look.scale);
    }
}

void draw_ground(const Frame& frame, const Rect& area, std::uint32_t surface, bool ringed) {
    draw_quiet_ground(frame, area, surface, ringed, true);
}

void draw_row(Frame& frame, const std::vector<PlacedColumn>& columns, std::uint32_t index, const RowSpot& spot) {
    const snapshot::Row& row = frame.model.snapshot->rows[index];
    const RowView view = view_of(frame.model, index);
    const Rect& area = spot.area;
    const std::uint64_t id = hash_of(row.key);
    ImGui::PushID(static_cast<int>(id ^ (id >> 32U)));
    const bool hovered = ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect({area.x0, area.y0}, {area.x1, area.y1});
    const bool selected = frame.state.selected == row.key;
    const std::uint32_t surface = surface_of(frame, view, selected, hovered);
    draw_ground(frame, area, surface, selected && frame.state.focus == Focus::table);
    // Delete is for a row that can be seen, not for one of which an edge looks out.
    if (selected && area.middle_y() > frame.layout.list.y0 && area.middle_y() < frame.layout.list.y1) {
        settle(frame, kSelectionPlace, meaning_of(row, view.action));
    }
    const RowGround ground{.area = area, .place = spot.place, .hot = hovered || selected, .surface = surface};
    const float end = draw_action_cell(frame, row, view, ground);
    if (auto& menu = frame.state.menu; menu && menu->row == row.key) {
        menu->seen = true;
        menu->top = menu->at_pointer ? menu->top : area.y0;
        menu->bottom = menu->at_pointer ? menu->bottom : area.y1;
    }
    draw_unfold_button(frame, row, area, hovered || selected);
    draw_row_star(frame, columns, index, ground);
    handle_pointer(frame, row, spot);
    for (const PlacedColumn& column : columns) {
        const bool covered = end < area.x0 + column.x1;
        const float right = (covered ? end : area.x0 + column.x1) - frame.px(kCellGap);
        const Rect cell{area.x0 + column.x0, area.y0, right, area.y1};
        // What is left of a covered cell must be enough for some letters, or for an age.
        const float enough = column.column == Column::since ? kReadableAge : kReadable;
        const bool readable = cell.width() > (covered ? enough * frame.em : 0);
        if (column.column != Column::action && readable) {
            draw_cell(frame, column.column, index, cell);
        }
    }
    ImGui::PopID();
}

} // namespace portside::ui
