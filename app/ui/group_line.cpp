// SPDX-License-Identifier: MIT
// The line of a group: what its rows have in common, how many there are, and whether any can be reached from outside.
// UI thread.
#include "app/ui/arming.h"
#include "app/ui/paint.h"
#include "app/ui/parts.h"

#include <array>
#include <fmt/format.h>
#include <functional>

namespace portside::ui {

namespace {

// Design units.
constexpr float kChevronRoom = 20;
constexpr float kGroupVoiceGap = 9;
constexpr float kGroupPillGap = 10;
constexpr float kTitleLeast = 16; // font heights

struct Title {
    std::string_view name;
    std::string_view second;
};

Title title_of(Frame& frame, const snapshot::RowGroup& group) {
    const auto& snapshot = frame.model.snapshot;
    const DrawnText& text = frame.state.texts.of(snapshot, group.first, frame.model.home, frame.model.clock);
    if (frame.state.lines.grouping() == Grouping::project) {
        return {group.named ? std::string_view(text.project) : std::string_view("No project"), {}};
    }
    const auto* const process = snapshot::topmost_process(*snapshot, snapshot->rows[group.first]);
    return {process != nullptr ? std::string_view(process->name) : std::string_view(text.title), text.voice};
}

// Where the first of the cells that a group has something for may begin.
float title_end(const Frame& frame, const std::vector<PlacedColumn>& columns, float width) {
    float end = width;
    for (const PlacedColumn& column : columns) {
        const bool of_group = column.column == Column::address || column.column == Column::pid ||
                              column.column == Column::user || column.column == Column::action;
        if (of_group && column.x0 >= kTitleLeast * frame.em) {
            end = std::min(end, column.x0);
        }
    }
    return end;
}

void draw_title(Frame& frame, const snapshot::RowGroup& group, const Rect& area, bool folded) {
    const Theme& theme = frame.look.theme;
    std::array<char, 48> written{};
    const auto end =
        group.count == group.all
            ? fmt::format_to_n(written.data(), written.size(), "{} port{}", group.all, group.all == 1 ? "" : "s")
            : fmt::format_to_n(written.data(), written.size(), "{} of {} ports", group.count, group.all);
    const std::string_view count(written.data(), static_cast<std::size_t>(end.out - written.data()));
    draw_chevron(frame, {area.x0 + frame.px(7), std::floor(area.middle_y())}, !folded, theme.muted);
    const float baseline = baseline_at(frame, area.middle_y());
    const float right = area.x1 - frame.px(kGroupPillGap) - pill_width(frame, count);
    const Title title = title_of(frame, group);
    float x = area.x0 + frame.px(kChevronRoom);
    const bool named = group.named;
    x += draw_text_with_tip(frame, named ? *frame.look.strong : *frame.look.text, named ? theme.text : theme.muted,
                            {x, baseline}, title.name, right - x)
             .width;
    const float voice_x = x + frame.px(kGroupVoiceGap);
    if (!title.second.empty() && right - voice_x > frame.em * 2) {
        x = voice_x +
            draw_text_with_tip(frame, *frame.look.text, theme.muted, {voice_x, baseline}, title.second, right - voice_x)
                .width;
    }
    draw_pill(frame, x + frame.px(kGroupPillGap), area.middle_y(), count, theme.muted);
}

constexpr bool has(std::uint8_t exposures, snapshot::Exposure one) {
    return (exposures & snapshot::bit_of(one)) != 0;
}

std::string_view words_of(std::uint8_t exposures) {
    using snapshot::Exposure;
    if (!has(exposures, Exposure::interface) && !has(exposures, Exposure::all)) {
        return "loopback";
    }
    if (has(exposures, Exposure::loopback)) {
        return "loopback and outside";
    }
    return has(exposures, Exposure::all) ? "all interfaces" : "one interface";
}

void draw_exposures(Frame& frame, const snapshot::RowGroup& group, const Rect& cell) {
    using snapshot::Exposure;
    const Theme& theme = frame.look.theme;
    const bool inside = group.exposures == snapshot::bit_of(Exposure::loopback);
    draw_dot(frame, {cell.x0 + frame.px(5), cell.middle_y()}, inside ? theme.green : theme.amber,
             !inside && !has(group.exposures, Exposure::all));
    const float x = cell.x0 + frame.px(20);
    draw_text_with_tip(frame, *frame.look.text, theme.muted, {x, baseline_at(frame, cell.middle_y())},
                       words_of(group.exposures), cell.x1 - x);
}

// Of a process: all its rows have the same.
void draw_owner_cell(Frame& frame, const snapshot::Row& row, Column column, const Rect& cell) {
    const Theme& theme = frame.look.theme;
    const float baseline = baseline_at(frame, cell.middle_y());
    if (column == Column::user) {
        draw_text_with_tip(frame, *frame.look.text, theme.muted, {cell.x0, baseline}, row.user, cell.width());
    } else if (!row.owners.empty()) {
        const fmt::format_int pid(row.owners.front().id.pid);
        draw_text(*frame.look.mono, theme.muted, cell.x0, baseline, {pid.data(), pid.size()}, cell.width());
    }
}

void draw_cells(Frame& frame, const std::vector<PlacedColumn>& columns, const snapshot::RowGroup& group,
                const Rect& area, float end) {
    const snapshot::Row& row = frame.model.snapshot->rows[group.first];
    const bool of_process = frame.state.lines.grouping() == Grouping::process;
    for (const PlacedColumn& column : columns) {
        const float left = area.x0 + column.x0;
        const Rect cell{left, area.y0, std::min(area.x0 + column.x1, end) - frame.px(kCellGap), area.y1};
        if (column.x0 < kTitleLeast * frame.em || cell.width() < 2 * frame.em) {
            continue;
        }
        if (column.column == Column::address) {
            draw_exposures(frame, group, cell);
        } else if (of_process && (column.column == Column::pid || column.column == Column::user)) {
            draw_owner_cell(frame, row, column.column, cell);
        }
    }
}

void handle_pointer(Frame& frame, std::uint32_t group, const RowSpot& spot) {
    ImGui::SetCursorScreenPos({spot.area.x0, spot.area.y0});
    const bool clicked = ImGui::InvisibleButton("group", {spot.area.width(), spot.area.height()});
    if (ImGui::IsItemActivated()) {
        focus_table(frame);
        select_line(frame, spot.line);
    }
    if (clicked) {
        Lines& lines = frame.state.lines;
        lines.fold(group, !lines.is_folded(group));
        frame.wake_at(frame.now()); // the next frame has it
    }
}

// By what the group is, and without a text of its own in every frame.
int id_of(Frame& frame, const snapshot::RowGroup& group) {
    const auto& snapshot = frame.model.snapshot;
    std::size_t hash = 0;
    if (const auto* const process = std::get_if<snapshot::ProcessId>(&snapshot->rows[group.first].key.holder);
        frame.state.lines.grouping() == Grouping::process && process != nullptr) {
        hash = snapshot::mixed(static_cast<std::uint64_t>(process->pid), process->start_time);
    } else {
        hash = std::hash<std::string_view>{}(title_of(frame, group).name);
    }
    return static_cast<int>(hash ^ (hash >> 32U));
}

bool is_asked_about(const Frame& frame, std::uint32_t group) {
    const auto& question = frame.model.question;
    const auto* const row = question ? frame.model.snapshot->find_row(question->row) : nullptr;
    return row != nullptr &&
           frame.state.lines.group_of(static_cast<std::uint32_t>(row - frame.model.snapshot->rows.data())) == group;
}

} // namespace

// To end the process is the same whichever of its rows it is asked for in. Where one of them says how that stands, the
// line speaks for it.
std::optional<Spoken> spoken_for(const Frame& frame, std::uint32_t group) {
    const Lines& lines = frame.state.lines;
    if (lines.grouping() != Grouping::process) {
        return std::nullopt;
    }
    std::uint32_t row = lines.group(group).first;
    for (const RowMark& mark : frame.model.marks) {
        if (mark.status.phase != KillPhase::none && lines.group_of(mark.row) == group) {
            row = mark.row;
            break;
        }
    }
    Spoken spoken{row, view_of(frame.model, row)};
    const RowAction action = spoken.view.action;
    const bool kills = action == RowAction::kill || action == RowAction::force_kill ||
                       action == RowAction::kill_as_administrator || action == RowAction::force_kill_as_administrator;
    if (is_asked_about(frame, group) || (!kills && spoken.view.status.phase == KillPhase::none)) {
        return std::nullopt;
    }
    if (!lines.is_folded(group) && spoken.view.status.phase != KillPhase::none) {
        return std::nullopt; // the row itself says it
    }
    return spoken;
}

void draw_group_line(Frame& frame, const std::vector<PlacedColumn>& columns, std::uint32_t group, const RowSpot& spot) {
    const Lines& lines = frame.state.lines;
    const snapshot::RowGroup& shown = lines.group(group);
    const Rect& area = spot.area;
    const Theme& theme = frame.look.theme;
    ImGui::PushID(id_of(frame, shown));
    const bool hovered = ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect({area.x0, area.y0}, {area.x1, area.y1});
    const bool selected = selected_group(frame) == group;
    const std::uint32_t surface = selected  ? selection_surface(theme)
                                  : hovered ? hover_surface(theme)
                                            : theme.background;
    draw_ground(frame, area, surface, selected && frame.state.focus == Focus::table);
    float end = area.x1;
    if (const auto spoken = spoken_for(frame, group)) {
        const bool offers = spoken->view.action != RowAction::none;
        if (selected && area.middle_y() > frame.layout.list.y0 && area.middle_y() < frame.layout.list.y1) {
            settle(frame, kSelectionPlace, meaning_of(frame.model.snapshot->rows[spoken->row], spoken->view.action));
        }
        const RowGround ground{.area = area, .place = spot.place, .hot = hovered || selected, .surface = surface};
        end = draw_group_action(frame, *spoken, ground, offers);
    }
    handle_pointer(frame, group, spot);
    const float title = std::min(area.x0 + title_end(frame, columns, area.width()), end) - frame.px(kCellGap);
    draw_title(frame, shown, {area.x0, area.y0, title, area.y1}, lines.is_folded(group));
    draw_cells(frame, columns, shown, area, end);
    ImGui::PopID();
}

} // namespace portside::ui
