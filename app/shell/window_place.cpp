// SPDX-License-Identifier: MIT
// Where the window is, how large, above what and how opaque. UI thread.
#include "app/shell/window_impl.h"

#include <algorithm>
#include <utility>

namespace portside::shell {
namespace {

constexpr std::chrono::milliseconds kStandsStill{500};

std::vector<Monitor> monitors() {
    int count = 0;
    GLFWmonitor** const all = glfwGetMonitors(&count);
    std::vector<Monitor> found;
    for (int i = 0; i < count; ++i) {
        Monitor one;
        const char* const name = glfwGetMonitorName(all[i]);
        one.name = name != nullptr ? name : "";
        glfwGetMonitorWorkarea(all[i], &one.work.x, &one.work.y, &one.work.width, &one.work.height);
        glfwGetMonitorPos(all[i], &one.whole.x, &one.whole.y);
        if (const GLFWvidmode* const mode = glfwGetVideoMode(all[i]); mode != nullptr) {
            one.whole.width = mode->width;
            one.whole.height = mode->height;
            found.push_back(std::move(one));
        }
    }
    (void)last_glfw_error();
    return found;
}

Area area_of(GLFWwindow* window) {
    Area area;
    glfwGetWindowPos(window, &area.x, &area.y);
    glfwGetWindowSize(window, &area.width, &area.height);
    (void)last_glfw_error(); // Wayland tells no position
    return area;
}

} // namespace

// Window and work area are measured in the window's own units: pixels on X11, but not on a scaled Wayland output.
float Window::Impl::unit() const {
    if (x11) {
        return scale;
    }
    int own = 0;
    int pixels = 0;
    glfwGetWindowSize(window, &own, nullptr);
    glfwGetFramebufferSize(window, &pixels, nullptr);
    return own > 0 && pixels > 0 ? scale * static_cast<float>(own) / static_cast<float>(pixels) : scale;
}

void Window::Impl::limit_size() const {
    glfwSetWindowSizeLimits(window, static_cast<int>(options.min_width * unit()),
                            static_cast<int>(options.min_height * unit()), GLFW_DONT_CARE, GLFW_DONT_CARE);
}

void Window::Impl::place(Point on_monitor_of) {
    const auto all = monitors();
    limit_size();
    if (all.empty()) {
        glfwSetWindowSize(window, static_cast<int>(options.width * unit()), static_cast<int>(options.height * unit()));
        return;
    }
    const Sizes sizes{options.width, options.height, options.min_width, options.min_height};
    const Monitor& monitor = all[monitor_at(all, on_monitor_of)];
    normal = area_on(monitor, options.places, sizes, unit());
    const auto here = std::ranges::find(options.places, monitor.name, &base::WindowPlace::monitor);
    maximise_when_shown = here != options.places.end() && here->maximised;
    glfwSetWindowSize(window, normal.width, normal.height);
    if (x11) { // Wayland does not let windows choose
        glfwSetWindowPos(window, normal.x, normal.y);
    }
}

// On the monitor that the pointer is on: that is where the person looks.
void Window::Impl::place_for_show() {
    Point at;
    if (const auto now = x11 ? x11->pointer() : std::nullopt) {
        at = now->at;
    } else if (GLFWmonitor* const primary = glfwGetPrimaryMonitor(); primary != nullptr) {
        glfwGetMonitorPos(primary, &at.x, &at.y);
    }
    settled_place.reset();
    place(at);
    moved_at = std::chrono::steady_clock::now(); // where the window manager puts it is what it is compared with
}

void Window::Impl::follow_resources() {
    if (!x11 || !x11->take_resources_changed()) {
        return;
    }
    const float before = scale;
    set_scale(x11->scale());
    if (scale == before) {
        return;
    }
    Area area = area_of(window);
    const auto grown = [&](int length) { return static_cast<int>(static_cast<float>(length) * scale / before); };
    limit_size();
    if (glfwGetWindowAttrib(window, GLFW_MAXIMIZED) == GLFW_TRUE) {
        return;
    }
    area.width = grown(area.width);
    area.height = grown(area.height);
    if (const auto all = monitors(); !all.empty()) { // whole on its monitor
        const Monitor& monitor = all[monitor_of(all, area)];
        const base::WindowPlace here = place_on(monitor, area, unit());
        area = area_on(monitor, {&here, 1}, {0, 0, options.min_width, options.min_height}, unit());
    }
    glfwSetWindowSize(window, area.width, area.height);
    glfwSetWindowPos(window, area.x, area.y);
}

void Window::Impl::window_changed() {
    moved_at = std::chrono::steady_clock::now();
}

void Window::Impl::keep_place() {
    moved_at.reset();
    if (!policy.visible() || glfwGetWindowAttrib(window, GLFW_ICONIFIED) == GLFW_TRUE) {
        return; // it was kept when it went
    }
    const auto all = monitors();
    if (all.empty()) {
        return;
    }
    const bool maximised = glfwGetWindowAttrib(window, GLFW_MAXIMIZED) == GLFW_TRUE;
    const Area now = area_of(window);
    normal = maximised ? normal : now;
    const Monitor& monitor = all[monitor_of(all, now)];
    base::WindowPlace here = place_on(monitor, normal, unit());
    here.maximised = maximised;
    // The first place after it was shown is where it was put, not where somebody moved it.
    if (std::exchange(settled_place, here).value_or(here) != here) {
        remember(options.places, here);
    }
}

void Window::Impl::apply_on_top() const {
    // GLFW takes an unchanged value for done, though the window manager has forgotten it.
    glfwSetWindowAttrib(window, GLFW_FLOATING, GLFW_FALSE);
    if (options.always_on_top) {
        glfwSetWindowAttrib(window, GLFW_FLOATING, GLFW_TRUE);
    }
    (void)last_glfw_error(); // Wayland has no such thing
}

void Window::Impl::apply_opacity() const {
    glfwSetWindowOpacity(window, static_cast<float>(options.opacity) / 100);
    (void)last_glfw_error();
}

void Window::set_always_on_top(bool on) {
    impl_->options.always_on_top = on;
    if (impl_->policy.visible()) {
        impl_->apply_on_top();
    }
}

void Window::set_opacity(int percent) {
    impl_->options.opacity = std::clamp(percent, 0, 100);
    impl_->apply_opacity();
}

void Window::set_frame(bool on) {
    Impl& impl = *impl_;
    if (impl.x11 && on != impl.options.frame) {
        impl.options.frame = on;
        impl.show_edge(Grip::none);
        glfwSetWindowAttrib(impl.window, GLFW_DECORATED, on ? GLFW_TRUE : GLFW_FALSE);
    }
}

Window::Abilities Window::abilities() const {
    const bool x11 = impl_->x11 != nullptr;
    return {.on_top = x11, .frameless = x11, .place = x11, .opacity = x11 && impl_->x11->has_compositor()};
}

const std::vector<base::WindowPlace>& Window::places() const {
    return impl_->options.places;
}

std::optional<SteadyTime> Window::place_due() const {
    return impl_->moved_at ? std::optional(*impl_->moved_at + kStandsStill) : std::nullopt;
}

void Window::note_place() {
    if (const auto due = place_due(); due && std::chrono::steady_clock::now() >= *due) {
        impl_->keep_place();
    }
}

} // namespace portside::shell
