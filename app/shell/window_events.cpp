// SPDX-License-Identifier: MIT
// GLFW's callbacks, and how ImGui is told of input. UI thread.
#include "app/imgui_versions.h"
#include "app/shell/keys.h"
#include "app/shell/window_impl.h"

#include <cfloat>

namespace portside::shell {
namespace {

using Kind = InputEvent::Kind;

// Pixels for each of the window's own units: 1 on X11, the output's scale on Wayland.
double pixels_per_unit(GLFWwindow* window) {
    int width = 0;
    int pixels = 0;
    glfwGetWindowSize(window, &width, nullptr);
    glfwGetFramebufferSize(window, &pixels, nullptr);
    return width > 0 && pixels > 0 ? static_cast<double>(pixels) / width : 1.0;
}

// The keys that editing text needs; all others reach ui as values or as characters.
ImGuiKey editing_key(int key) {
    switch (key) {
    case GLFW_KEY_TAB:
        return ImGuiKey_Tab;
    case GLFW_KEY_LEFT:
        return ImGuiKey_LeftArrow;
    case GLFW_KEY_RIGHT:
        return ImGuiKey_RightArrow;
    case GLFW_KEY_UP:
        return ImGuiKey_UpArrow;
    case GLFW_KEY_DOWN:
        return ImGuiKey_DownArrow;
    case GLFW_KEY_PAGE_UP:
        return ImGuiKey_PageUp;
    case GLFW_KEY_PAGE_DOWN:
        return ImGuiKey_PageDown;
    case GLFW_KEY_HOME:
        return ImGuiKey_Home;
    case GLFW_KEY_END:
        return ImGuiKey_End;
    case GLFW_KEY_INSERT:
        return ImGuiKey_Insert;
    case GLFW_KEY_DELETE:
        return ImGuiKey_Delete;
    case GLFW_KEY_BACKSPACE:
        return ImGuiKey_Backspace;
    case GLFW_KEY_SPACE:
        return ImGuiKey_Space;
    case GLFW_KEY_ENTER:
        return ImGuiKey_Enter;
    case GLFW_KEY_KP_ENTER:
        return imgui::kKeypadEnter;
    case GLFW_KEY_ESCAPE:
        return ImGuiKey_Escape;
    case GLFW_KEY_A:
        return ImGuiKey_A;
    case GLFW_KEY_C:
        return ImGuiKey_C;
    case GLFW_KEY_V:
        return ImGuiKey_V;
    case GLFW_KEY_X:
        return ImGuiKey_X;
    case GLFW_KEY_Y:
        return ImGuiKey_Y;
    case GLFW_KEY_Z:
        return ImGuiKey_Z;
    default:
        return imgui::kNoKey;
    }
}

bool changes_others(int key) {
    return key >= GLFW_KEY_LEFT_SHIFT && key <= GLFW_KEY_RIGHT_SUPER;
}

} // namespace

void Window::Impl::push(const InputEvent& event) {
    input.push(event);
    policy.on_event();
}

void Window::Impl::tell_key(const InputEvent& event) {
    if (changes_others(event.code)) {
        // Kept here in the queue's order: GLFW's own state is already that of events which ImGui has yet to see.
        modifiers.at(static_cast<std::size_t>(event.code - GLFW_KEY_LEFT_SHIFT)) = event.down;
        const auto held = [this](int left, int right) {
            return modifiers.at(static_cast<std::size_t>(left - GLFW_KEY_LEFT_SHIFT)) ||
                   modifiers.at(static_cast<std::size_t>(right - GLFW_KEY_LEFT_SHIFT));
        };
        imgui::tell_modifiers(
            held(GLFW_KEY_LEFT_CONTROL, GLFW_KEY_RIGHT_CONTROL), held(GLFW_KEY_LEFT_SHIFT, GLFW_KEY_RIGHT_SHIFT),
            held(GLFW_KEY_LEFT_ALT, GLFW_KEY_RIGHT_ALT), held(GLFW_KEY_LEFT_SUPER, GLFW_KEY_RIGHT_SUPER));
        return;
    }
    const ImGuiKey key = editing_key(event.code);
    if (key != imgui::kNoKey && !event.press.repeat) { // ImGui repeats keys by itself
        imgui::tell_key(key, event.down);
    }
}

void Window::Impl::tell_imgui(const InputEvent& event) {
    switch (event.kind) {
    case Kind::key:
        tell_key(event);
        break;
    case Kind::text:
        ImGui::GetIO().AddInputCharacter(event.text);
        break;
    case Kind::pointer:
        pointer = {static_cast<float>(event.x), static_cast<float>(event.y)};
        imgui::tell_pointer(pointer);
        break;
    case Kind::pointer_left:
        pointer = {-FLT_MAX, -FLT_MAX};
        imgui::tell_pointer(pointer);
        break;
    case Kind::button:
        buttons.at(static_cast<std::size_t>(event.code)) = event.down;
        imgui::tell_button(event.code, event.down);
        break;
    case Kind::wheel:
        imgui::tell_wheel(static_cast<float>(event.x), static_cast<float>(event.y));
        break;
    case Kind::focus:
        modifiers = {};
        ImGui::GetIO().AddFocusEvent(event.down);
        break;
    }
}

void Window::Impl::override_backend_input() const {
    imgui::set_pointer(pointer, buttons);
    // The backend speaks the window's own units, which are not pixels on a scaled Wayland output; everything of ours is
    // in pixels, so that text is as sharp there.
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(window, &width, &height);
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
    io.DisplayFramebufferScale = {1, 1};
}

void Window::Impl::set_scale(float content_scale) {
    scale = content_scale > 0 ? std::clamp(content_scale, 0.5F, 4.0F) : 1.0F;
    policy.on_event();
}

namespace {

InputEvent pointer_event(GLFWwindow* window, double x, double y) {
    const double pixels = pixels_per_unit(window);
    return {.kind = Kind::pointer, .x = x * pixels, .y = y * pixels};
}

} // namespace

void Window::Impl::install_input_callbacks() {
    glfwSetInputMode(window, GLFW_LOCK_KEY_MODS, GLFW_TRUE); // the number pad means digits only while Num Lock is on
    glfwSetKeyCallback(window, [](GLFWwindow* w, int key, int scancode, int action, int mods) {
        const int named = key_in_layout(key, key == GLFW_KEY_UNKNOWN ? nullptr : glfwGetKeyName(key, scancode));
        of(w).push(key_event(named, scancode, action, mods));
    });
    glfwSetCharCallback(window, [](GLFWwindow* w, unsigned int c) { of(w).push({.kind = Kind::text, .text = c}); });
    glfwSetCursorPosCallback(window, [](GLFWwindow* w, double x, double y) {
        Impl& impl = of(w);
        impl.last_seen = {static_cast<int>(x), static_cast<int>(y)};
        if (impl.follow_drag()) {
            return;
        }
        // While a button is held on something in the window, the pointer is that one's.
        const bool free = std::ranges::find(impl.held_buttons, true) == impl.held_buttons.end();
        impl.show_edge(free ? impl.edge_under(x, y) : Grip::none);
        impl.push(impl.edge == Grip::none ? pointer_event(w, x, y) : InputEvent{.kind = Kind::pointer_left});
    });
    glfwSetCursorEnterCallback(window, [](GLFWwindow* w, int entered) {
        Impl& impl = of(w);
        // The pointer is followed outside of the window while a button is held: a drag goes on there.
        if (entered == GLFW_FALSE && std::ranges::find(impl.held_buttons, true) == impl.held_buttons.end()) {
            impl.show_edge(Grip::none);
            impl.push({.kind = Kind::pointer_left});
        }
    });
    glfwSetMouseButtonCallback(window, [](GLFWwindow* w, int button, int action, int mods) {
        if (button >= 0 && button < kButtons) {
            Impl& impl = of(w);
            const bool down = action == GLFW_PRESS;
            impl.held_buttons.at(static_cast<std::size_t>(button)) = down;
            if (button == GLFW_MOUSE_BUTTON_LEFT && impl.take_edge_press(down)) {
                return;
            }
            // No position is asked for here: GLFW would say where the pointer is by now, not where the click was.
            impl.push({.kind = Kind::button, .down = down, .code = button, .mods = mods});
        }
    });
    glfwSetScrollCallback(window,
                          [](GLFWwindow* w, double x, double y) { of(w).push({.kind = Kind::wheel, .x = x, .y = y}); });
    glfwSetWindowFocusCallback(
        window, [](GLFWwindow* w, int focused) { of(w).push({.kind = Kind::focus, .down = focused == GLFW_TRUE}); });
}

void Window::Impl::install_callbacks() {
    glfwSetWindowUserPointer(window, this);
    install_input_callbacks();
    glfwSetWindowRefreshCallback(window, [](GLFWwindow* w) { of(w).policy.on_event(); });
    glfwSetFramebufferSizeCallback(window, [](GLFWwindow* w, int, int) {
        of(w).policy.on_event();
        of(w).window_changed();
    });
    glfwSetWindowPosCallback(window, [](GLFWwindow* w, int, int) { of(w).window_changed(); });
    // On X11 also told of a window on another workspace where the window manager unmaps such windows (WM_STATE).
    glfwSetWindowIconifyCallback(window, [](GLFWwindow* w, int iconified) {
        of(w).policy.set_visible(iconified == GLFW_FALSE);
        of(w).hidden_news = iconified != GLFW_FALSE;
    });
    glfwSetWindowContentScaleCallback(window, [](GLFWwindow* w, float x, float) { of(w).set_scale(x); });
    glfwSetWindowCloseCallback(window, [](GLFWwindow* w) {
        Impl& impl = of(w);
        glfwSetWindowShouldClose(w, GLFW_FALSE); // it may have to be asked about first
        impl.close_requested = true;
        impl.hidden_news = true;
        impl.policy.on_event();
    });
}

} // namespace portside::shell
