// SPDX-License-Identifier: MIT
// A window without a frame is moved by what is drawn in it, and resized by its edges. The window manager does both with
// the pointer where it can: it knows of other windows and monitors. UI thread.
#include "app/shell/window_impl.h"

#include <cmath>
#include <cstdlib>
#include <utility>

namespace portside::shell {
namespace {

// At scale 1.
constexpr float kEdge = 6;         // wide
constexpr float kMoveDistance = 4; // less is a click

} // namespace

Grip Window::Impl::edge_under(double x, double y) const {
    if (!x11 || options.frame) {
        return Grip::none;
    }
    // As it was drawn last: X would be asked for each move of the pointer.
    const ImVec2 drawn = ImGui::GetIO().DisplaySize;
    const Grip grip =
        grip_at({static_cast<int>(x), static_cast<int>(y)}, {static_cast<int>(drawn.x), static_cast<int>(drawn.y)},
                std::max(1, static_cast<int>(kEdge * unit())));
    const bool fixed = grip != Grip::none && glfwGetWindowAttrib(window, GLFW_MAXIMIZED) == GLFW_TRUE;
    return fixed ? Grip::none : grip;
}

void Window::Impl::show_edge(Grip grip) {
    if (grip == edge) {
        return;
    }
    edge = grip;
    ImGuiIO& io = ImGui::GetIO();
    if (grip == Grip::none) {
        io.ConfigFlags &= ~ImGuiConfigFlags_NoMouseCursorChange;
        glfwSetCursor(window, nullptr);
    } else {
        io.ConfigFlags |= ImGuiConfigFlags_NoMouseCursorChange;
        x11->show_cursor(grip);
    }
}

void Window::Impl::let_go() {
    held_buttons = {};
    push({.kind = InputEvent::Kind::button, .down = false, .code = GLFW_MOUSE_BUTTON_LEFT});
    push({.kind = InputEvent::Kind::pointer_left});
}

void Window::Impl::start_drag(Grip grip, Point from) {
    if (x11->drag(grip, from)) {
        given_away = true;
        let_go();
        return;
    }
    Drag started{.grip = grip, .from = from, .window = {}};
    glfwGetWindowPos(window, &started.window.x, &started.window.y);
    glfwGetWindowSize(window, &started.window.width, &started.window.height);
    drag = started;
}

bool Window::Impl::follow_drag() {
    const auto now = drag || move_from ? x11->pointer() : std::nullopt;
    if (!now) {
        return false;
    }
    const Point moved{now->at.x - (drag ? drag->from : *move_from).x, now->at.y - (drag ? drag->from : *move_from).y};
    if (!drag) {
        const float far = kMoveDistance * unit();
        if (now->left_down && static_cast<float>(std::max(std::abs(moved.x), std::abs(moved.y))) >= far) {
            start_drag(Grip::move, *std::exchange(move_from, std::nullopt));
        }
        return false;
    }
    const Point least{static_cast<int>(options.min_width * unit()), static_cast<int>(options.min_height * unit())};
    const Area area = dragged(drag->window, drag->grip, moved, least);
    if (drag->grip != Grip::move) {
        glfwSetWindowSize(window, area.width, area.height);
    }
    glfwSetWindowPos(window, area.x, area.y);
    return true;
}

bool Window::Impl::take_edge_press(bool down) {
    if (!down) {
        move_from.reset();
        if (std::exchange(given_away, false)) {
            x11->cancel_drag();
        }
        const bool by_edge = drag && drag->grip != Grip::move; // of a press that was not shown to ImGui
        drag.reset();
        return by_edge;
    }
    given_away = false;
    if (!x11 || options.frame) {
        return false;
    }
    // Not where the pointer is by now: that may be far from where it was pressed.
    glfwGetWindowPos(window, &pressed_at.x, &pressed_at.y);
    pressed_at = {pressed_at.x + last_seen.x, pressed_at.y + last_seen.y};
    if (edge == Grip::none) {
        return false;
    }
    if (const auto now = x11->pointer(); now && now->left_down) {
        start_drag(edge, pressed_at);
    }
    return true;
}

bool Window::frameless() const {
    return impl_->x11 && !impl_->options.frame;
}

void Window::start_move() {
    Impl& impl = *impl_;
    const auto now = frameless() && impl.held_buttons.at(GLFW_MOUSE_BUTTON_LEFT) ? impl.x11->pointer() : std::nullopt;
    if (now && now->left_down) {
        impl.move_from = impl.pressed_at;
        (void)impl.follow_drag(); // it may have moved while the frame was drawn
    }
}

void Window::toggle_maximised() {
    if (glfwGetWindowAttrib(impl_->window, GLFW_MAXIMIZED) == GLFW_TRUE) {
        glfwRestoreWindow(impl_->window);
    } else {
        impl_->keep_place();
        glfwMaximizeWindow(impl_->window);
    }
}

} // namespace portside::shell
