// SPDX-License-Identifier: MIT
// What the person noted of a port: the star of a favourite, and its name. UI thread.
#include "app/ui/paint.h"
#include "app/ui/parts.h"

#include <array>
#include <cmath>
#include <numbers>

namespace portside::ui {

namespace {

// Design units.
constexpr float kStarRadius = 6;
constexpr float kStarRoom = 16;
constexpr std::size_t kPoints = 10;

void fill_star(const Frame& frame, ImVec2 middle, std::uint32_t rgb, bool filled) {
    constexpr float kInner = 0.46F;
    std::array<ImVec2, kPoints> points;
    for (std::size_t i = 0; i < kPoints; ++i) {
        const float angle = std::numbers::pi_v<float> * (static_cast<float>(i) / 5 - 0.5F);
        const float radius = kStarRadius * frame.look.scale * (i % 2 == 0 ? 1 : kInner);
        points.at(i) = {middle.x + std::cos(angle) * radius, middle.y + std::sin(angle) * radius};
    }
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (filled) { // a star is not convex: each of its points and the middle are
        for (std::size_t i = 0; i < kPoints; i += 2) {
            const std::array<ImVec2, 4> part{points.at((i + kPoints - 1) % kPoints), points.at(i),
                                             points.at((i + 1) % kPoints), middle};
            list.AddConvexPolyFilled(part.data(), static_cast<int>(part.size()), ink(rgb));
        }
    }
    for (const ImVec2& point : points) {
        list.PathLineTo(point);
    }
    list.PathLineTo(points.front());
    imgui::stroke_path(list, ink(rgb), 1.2F * frame.look.scale);
}

} // namespace

bool is_favourite(const Frame& frame, std::uint32_t row) {
    const auto& tags = frame.model.tags;
    return tags && row < tags->bits.size() && (tags->bits[row] & snapshot::kTagFavourite) != 0;
}

bool draw_star(Frame& frame, std::uint32_t row, const Rect& port_cell, float port_width, bool hot) {
    const bool set = is_favourite(frame, row);
    const float room = frame.px(kStarRoom);
    if (port_cell.width() - port_width < room) {
        return false;
    }
    ImGui::SetCursorScreenPos({port_cell.x0, port_cell.y0});
    const bool clicked = ImGui::InvisibleButton("star", {room, port_cell.height()});
    const Theme& theme = frame.look.theme;
    const bool hovered = ImGui::IsItemHovered() || ImGui::IsItemActive();
    if (!set && !hot && !hovered) { // it is there all the same: a button that comes and goes loses its click
        return clicked;
    }
    const ImVec2 middle{port_cell.x0 + room / 2 - frame.px(1), std::floor(port_cell.middle_y()) + 0.5F};
    fill_star(frame, middle, hovered ? theme.text : (set ? theme.muted : theme.faint), set);
    tip(frame, {port_cell.x0, port_cell.y0, port_cell.x0 + room, port_cell.y1},
        set ? "A favourite: it is never hidden (Ctrl D)" : "Make it a favourite (Ctrl D)");
    return clicked;
}

void toggle_favourite(Frame& frame, const snapshot::Row& row) {
    const snapshot::PortId port{row.key.protocol, row.key.port};
    auto note = frame.model.book ? snapshot::note_of(*frame.model.book, port) : snapshot::PortNote{};
    note.favourite = !note.favourite;
    frame.emit(SetPortNote{port, std::move(note)});
}

} // namespace portside::ui
