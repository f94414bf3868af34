// SPDX-License-Identifier: MIT
// The menu under the header's right button: which columns are shown. UI thread.
#include "app/ui/paint.h"
#include "app/ui/parts.h"

namespace portside::ui {

namespace {

void draw_entry(Frame& frame, ColumnState& column) {
    const bool clicked = ImGui::MenuItem(title_of(column.column), nullptr, column.visible, can_hide(column.column));
    if (clicked) {
        column.visible = !column.visible;
        frame.state.layout_dirty = true;
    }
}

} // namespace

void draw_columns_menu(Frame& frame) {
    const float pad = frame.px(10);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {pad, pad});
    frame.state.columns_menu_open = ImGui::BeginPopup("columns", ImGuiWindowFlags_NoNav);
    ImGui::PopStyleVar();
    if (!frame.state.columns_menu_open) {
        return;
    }
    for (ColumnState& column : frame.state.columns) {
        if (column.column != Column::action) {
            draw_entry(frame, column);
        }
    }
    ImGui::Separator();
    for (const Grouping one : {Grouping::flat, Grouping::process, Grouping::project}) {
        if (ImGui::MenuItem(title_of(one), nullptr, one == frame.state.lines.grouping())) {
            group_by(frame, one);
        }
    }
    ImGui::Separator();
    if (ImGui::MenuItem("As at first")) {
        frame.state.columns = default_columns();
        frame.state.layout_dirty = true;
    }
    if (frame.escape_closes_menu) {
        ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
}

} // namespace portside::ui
