// SPDX-License-Identifier: MIT
// What stands around the list: the buttons beside the search field, and where a window without a frame is moved. UI
// thread.
#include "app/ui/controls.h"
#include "app/ui/parts.h"

namespace portside::ui {

namespace {

bool is_in(const Rect& area, ImVec2 point) {
    return point.x >= area.x0 && point.x < area.x1 && point.y >= area.y0 && point.y < area.y1;
}

} // namespace

void draw_tools(Frame& frame) {
    const Rect& tools = frame.layout.tools;
    const bool closes = frame.model.frameless;
    const float step = tools.width() / (closes ? 2 : 1);
    if (draw_icon_button(frame, "settings", {tools.x0 + step / 2, tools.middle_y()}, Icon::gear)) {
        open_settings(frame);
    }
    tip(frame, {tools.x0, tools.y0, tools.x0 + step, tools.y1}, "Settings (Ctrl ,)");
    if (closes) {
        if (draw_icon_button(frame, "close", {tools.x1 - step / 2, tools.middle_y()}, Icon::cross)) {
            frame.emit(Hide{}); // as the window manager's own close button
        }
        tip(frame, {tools.x0 + step, tools.y0, tools.x1, tools.y1}, "Close");
    }
}

void draw_window_edge(const Frame& frame) {
    if (frame.model.frameless) {
        const ImVec2 size = ImGui::GetIO().DisplaySize;
        imgui::add_rect(*ImGui::GetWindowDrawList(), {0, 0}, size, ink(frame.look.theme.line), 0, frame.px(1));
    }
}

void note_grip(Frame& frame) {
    const ImVec2 at = ImGui::GetIO().MousePos;
    const Layout& places = frame.layout;
    if (!frame.model.frameless || !ImGui::IsMouseClicked(ImGuiMouseButton_Left) || !ImGui::IsWindowHovered() ||
        ImGui::IsAnyItemHovered() || is_in(places.list, at) || is_in(places.header, at) || is_in(places.details, at)) {
        return;
    }
    frame.result.grip = ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) ? WindowGrip::maximise : WindowGrip::move;
}

} // namespace portside::ui
