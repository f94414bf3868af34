// SPDX-License-Identifier: MIT
// A row that is gone: what it said, greyed and fading. There is nothing to press in it. UI thread.
#include "app/ui/paint.h"
#include "app/ui/parts.h"
#include "app/ui/row_text.h"

#include <fmt/format.h>

namespace portside::ui {

namespace {

constexpr float kStays = 0.55F; // of its time it can be read before it fades

// From 1 to 0; asks for the next step.
float strength_of(Frame& frame, const GoneRow& gone) {
    const std::chrono::duration<float> age = frame.now() - gone.since;
    const float part = std::clamp(age / std::chrono::duration<float>(kGone), 0.0F, 1.0F);
    const auto fades_from = gone.since + std::chrono::duration_cast<std::chrono::milliseconds>(kGone * kStays);
    frame.wake_at(frame.now() < fades_from ? fades_from : std::min(frame.now() + kSpinnerStep, gone.since + kGone));
    return std::min(1.0F, (1 - part) / (1 - kStays));
}

std::string text_of(const GoneRow& gone, Column column, std::string_view home) {
    const snapshot::Row& row = gone.in->rows[gone.row];
    const snapshot::Process* process = snapshot::topmost_process(*gone.in, row);
    switch (column) {
    case Column::port:
        return row.port_text;
    case Column::protocol:
        return row.key.protocol == platform::Protocol::tcp ? "TCP" : "UDP";
    case Column::process:
        return process != nullptr ? fmt::format("{}  {}", process->name, second_voice(*process, home))
                                  : ownerless_title(row);
    case Column::address:
        return row.address_text;
    case Column::pid:
        return process != nullptr ? fmt::format("{}", process->id.pid) : std::string();
    case Column::user:
        return row.user;
    case Column::since:
    case Column::action:
        break;
    }
    return {};
}

bool is_mono(Column column) {
    return column == Column::port || column == Column::address || column == Column::pid;
}

} // namespace

void draw_gone_row(Frame& frame, const std::vector<PlacedColumn>& columns, const GoneRow& gone, const Rect& area) {
    const Theme& theme = frame.look.theme;
    const float strength = strength_of(frame, gone);
    const std::uint32_t rgb = mix(theme.background, theme.faint, strength);
    const float baseline = baseline_at(frame, area.middle_y());
    for (const PlacedColumn& column : columns) {
        const std::string text = text_of(gone, column.column, frame.model.home);
        ImFont& font = column.column == Column::protocol ? *frame.look.small
                       : is_mono(column.column)          ? *frame.look.mono
                                                         : *frame.look.text;
        const float right = area.x0 + column.x1 - frame.px(kCellGap);
        float x = area.x0 + column.x0;
        if (column.column == Column::port) {
            x = std::max(x, right - width_of(font, text));
        } else if (column.column == Column::address) {
            x += frame.px(20); // where the dot was
        }
        draw_text(font, rgb, x, baseline, text, right - x + 1);
    }
    const std::string_view word = "gone";
    draw_text(*frame.look.text, rgb, area.x1 - frame.px(12) - width_of(*frame.look.text, word), baseline, word,
              area.width());
    const float line = frame.px(1);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddLine({area.x0, area.y1 - line}, {area.x1, area.y1 - line}, ink(theme.line), line);
}

} // namespace portside::ui
