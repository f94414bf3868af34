// SPDX-License-Identifier: MIT
// The window's frames, sleep and pixels. UI thread, but for the waker.
#include "app/shell/window.h"

#include "app/imgui_versions.h"
#include "app/shell/font_texture.h"
#include "app/shell/window_impl.h"

#include <glad/gl.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>

namespace portside::shell {
namespace {

float channel(std::uint32_t rgb, unsigned shift) {
    return static_cast<float>((rgb >> shift) & 0xFFU) / 255.0F;
}

} // namespace

void WakeGate::open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
}

void WakeGate::close() {
    const std::lock_guard lock(mutex_);
    open_ = false;
}

void WakeGate::wake() {
    if (woken_.exchange(true)) {
        return; // an empty event is on its way already
    }
    const std::lock_guard lock(mutex_);
    if (open_) {
        glfwPostEmptyEvent(); // may be called from any thread between glfwInit and glfwTerminate
    }
}

Window::Window(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Window::~Window() = default;

base::Result<std::unique_ptr<Window>> Window::open(ReachedDisplay display, const WindowOptions& options) {
    auto impl = std::make_unique<Impl>();
    impl->display = std::move(display);
    impl->options = options;
    impl->start_fonts();
    auto done = impl->make_window();
    if (done) {
        done = impl->start_drawing();
    }
    if (!done) {
        return base::failed(done.error());
    }
    impl->install_callbacks();
    if (options.hidden) {
        impl->policy.set_visible(false);
    } else {
        impl->show();
    }
    impl->gate->open();
    return std::unique_ptr<Window>(new Window(std::move(impl)));
}

bool Window::wait(std::optional<SteadyTime> next_frame) {
    Impl& impl = *impl_;
    bool asleep = false;
    for (;;) {
        if (!asleep) {
            glfwPollEvents(); // also while frames follow each other
        }
        impl.follow_resources();
        const bool woken = impl.gate->take();
        if (woken) {
            impl.policy.on_event();
        }
        const bool news = std::exchange(impl.hidden_news, false);
        if (!impl.policy.visible() && (woken || news)) {
            return false;
        }
        const SteadyTime now = std::chrono::steady_clock::now();
        const FramePolicy::Decision decision = impl.policy.decide(now, next_frame);
        if (decision.draw) {
            return true;
        }
        if (decision.until) {
            glfwWaitEventsTimeout(std::chrono::duration<double>(*decision.until - now).count());
        } else {
            glfwWaitEvents();
        }
        asleep = true;
    }
}

bool Window::visible() const {
    return impl_->policy.visible();
}

void Window::hide() {
    impl_->keep_place();
    glfwHideWindow(impl_->window);
    impl_->policy.set_visible(false);
}

void Window::show() {
    Impl& impl = *impl_;
    if (glfwGetWindowAttrib(impl.window, GLFW_ICONIFIED) == GLFW_TRUE) {
        glfwRestoreWindow(impl.window);
    } else if (!impl.policy.visible()) {
        impl.place_for_show();
    }
    impl.show();
    glfwFocusWindow(impl.window);
    (void)last_glfw_error(); // Wayland lets no window take the focus
    impl.policy.set_visible(true);
}

std::function<void()> Window::waker() const {
    return [gate = impl_->gate] { gate->wake(); };
}

bool Window::refresh_fonts() {
    Impl& impl = *impl_;
    const bool too_large = !impl.texture_made && imgui::texture_side(*impl.fonts.atlas) > impl.max_texture_side;
    if (impl.fonts.scale == impl.scale && !impl.more_glyphs && !too_large) {
        return std::exchange(impl.new_fonts, false);
    }
    impl.fonts.set = impl.fonts.fonts->build(*impl.fonts.atlas, impl.scale, impl.max_texture_side);
    ImGui::GetIO().FontDefault = impl.fonts.set.text;
    if (impl.texture_made) {
        make_font_texture(*impl.fonts.atlas, imgui::renew_font_texture);
    }
    impl.fonts.scale = impl.scale;
    impl.more_glyphs = false;
    impl.new_fonts = false;
    return true;
}

const FontSet& Window::fonts() const {
    return impl_->fonts.set;
}

float Window::scale() const {
    return impl_->scale;
}

void Window::add_code_points(std::span<const char32_t> code_points) {
    if (impl_->fonts.fonts->add_code_points(code_points)) {
        impl_->more_glyphs = true;
        impl_->policy.on_event();
    }
}

void Window::begin_frame() {
    Impl& impl = *impl_;
    impl.keys.clear();
    if (!imgui::input_left()) {
        for (const InputEvent& event : impl.input.take_frame()) {
            impl.tell_imgui(event);
            if (event.kind == InputEvent::Kind::key && event.press_counts) {
                impl.keys.push_back(event.press);
            }
        }
    }
    if (std::exchange(impl.texture_made, true)) {
        ImGui_ImplOpenGL3_NewFrame();
    } else {
        make_font_texture(*impl.fonts.atlas, [] { ImGui_ImplOpenGL3_NewFrame(); });
    }
    ImGui_ImplGlfw_NewFrame();
    impl.override_backend_input();
    ImGui::NewFrame();
    ++impl.frames;
    impl.policy.on_frame(std::chrono::steady_clock::now(), !impl.input.empty() || imgui::input_left());
}

std::span<const base::KeyPress> Window::keys() const {
    return impl_->keys;
}

void Window::render(std::uint32_t background) {
    ImGui::Render();
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(impl_->window, &width, &height);
    glViewport(0, 0, width, height);
    glClearColor(channel(background, 16), channel(background, 8), channel(background, 0), 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

Picture Window::read_pixels() const {
    Picture picture;
    glfwGetFramebufferSize(impl_->window, &picture.width, &picture.height);
    const std::size_t row = static_cast<std::size_t>(picture.width) * 3;
    std::vector<std::uint8_t> from_below(row * static_cast<std::size_t>(picture.height));
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, picture.width, picture.height, GL_RGB, GL_UNSIGNED_BYTE, from_below.data());
    picture.rgb.reserve(from_below.size());
    for (auto end = from_below.end(); end != from_below.begin(); end -= static_cast<std::ptrdiff_t>(row)) {
        picture.rgb.insert(picture.rgb.end(), end - static_cast<std::ptrdiff_t>(row), end);
    }
    return picture;
}

void Window::present() {
    glfwSwapBuffers(impl_->window);
}

std::uint64_t Window::frames() const {
    return impl_->frames;
}

bool Window::take_close_request() {
    return std::exchange(impl_->close_requested, false);
}

void Window::copy_text(const std::string& text) {
    glfwSetClipboardString(impl_->window, text.c_str());
}

} // namespace portside::shell
