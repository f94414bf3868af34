// SPDX-License-Identifier: MIT
// Opening and closing the window: GL context, ImGui context, place on the screen. UI thread.
#include "app/shell/window_impl.h"

#include <glad/gl.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace portside::shell {
namespace {

struct GlVersion {
    int major;
    int minor;
    bool core;
    const char* glsl;
};
// ImGui's renderer needs 3.0. Core first: drivers give their newest only there.
constexpr std::array<GlVersion, 2> kGlVersions = {{{3, 3, true, "#version 150"}, {3, 0, false, "#version 130"}}};

void set_hints(const GlVersion& gl, bool frame) {
    glfwDefaultWindowHints();
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, gl.major);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, gl.minor);
    glfwWindowHint(GLFW_OPENGL_PROFILE, gl.core ? GLFW_OPENGL_CORE_PROFILE : GLFW_OPENGL_ANY_PROFILE);
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE); // until it has its place and something is drawn
    glfwWindowHint(GLFW_DECORATED, frame ? GLFW_TRUE : GLFW_FALSE);
    glfwWindowHint(GLFW_DEPTH_BITS, 0);
    glfwWindowHint(GLFW_STENCIL_BITS, 0);
    glfwWindowHintString(GLFW_X11_CLASS_NAME, "portside");
    glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "portside");
#if GLFW_VERSION_MAJOR > 3 || GLFW_VERSION_MINOR >= 4
    glfwWindowHintString(GLFW_WAYLAND_APP_ID, "org.portside.Portside");
#endif
}

} // namespace

void Window::Impl::start_fonts() {
    // X11 has one scale for all monitors. Elsewhere it may be another monitor's, and the fonts are built once more.
    GLFWmonitor* monitor = glfwGetPrimaryMonitor();
    float content_scale = 1;
    if (monitor != nullptr) {
        glfwGetMonitorContentScale(monitor, &content_scale, nullptr);
    }
    set_scale(content_scale);
    font_start.emplace(scale, options.beside);
}

base::Result<void> Window::Impl::make_window() {
    const char* glsl = nullptr;
    std::string reason;
    for (const GlVersion& gl : kGlVersions) {
        set_hints(gl, options.frame);
        window = glfwCreateWindow(static_cast<int>(options.width), static_cast<int>(options.height), "Portside",
                                  nullptr, nullptr);
        if (window != nullptr) {
            glsl = gl.glsl;
            break;
        }
        reason = last_glfw_error();
    }
    if (window == nullptr) {
        return base::failed(
            base::ErrorKind::unsupported,
            fmt::format("No window with OpenGL 3.0 or later could be made: {} (on Debian, Mesa's drivers "
                        "are in libgl1-mesa-dri).",
                        reason));
    }
    x11 = X11Window::of(window);
    if (!x11 && !options.frame) {
        glfwSetWindowAttrib(window, GLFW_DECORATED, GLFW_TRUE); // nothing else could move it there
    }
    glfwMakeContextCurrent(window);
    if (gladLoadGL(glfwGetProcAddress) == 0) {
        return base::failed(base::ErrorKind::unsupported, "OpenGL's functions could not be found in the driver.");
    }
    glfwSwapInterval(0); // our own pacing: with 1, a covered window on Wayland would block in its swap
    glGetIntegerv(GL_MAX_TEXTURE_SIZE, &max_texture_side);
    glsl_version = glsl;
    return {};
}

base::Result<void> Window::Impl::start_drawing() {
    fonts = font_start->take();
    new_fonts = true;
    context = ImGui::CreateContext(fonts.atlas.get());
    ImGuiIO& io = ImGui::GetIO();
    io.FontDefault = fonts.set.text;
    io.IniFilename = nullptr; // no file of ImGui's is ever written
    io.LogFilename = nullptr;
    io.ConfigInputTextCursorBlink = false; // a still window draws nothing
    platform_started = ImGui_ImplGlfw_InitForOpenGL(window, false);
    renderer_started = platform_started && ImGui_ImplOpenGL3_Init(glsl_version);
    if (!renderer_started) {
        return base::failed(base::ErrorKind::unsupported, "The OpenGL driver does not have what drawing needs.");
    }
    // From now on the backend takes the pointer to be over the window, and does not ask for its position by itself.
    ImGui_ImplGlfw_CursorEnterCallback(window, GLFW_TRUE);

    float content_scale = 1;
    glfwGetWindowContentScale(window, &content_scale, nullptr);
    set_scale(content_scale);
    place_for_show();
    if (options.opacity < 100) {
        apply_opacity();
    }

    const auto part = [&](unsigned shift) {
        return static_cast<float>((options.background >> shift) & 0xFFU) / 255.0F;
    };
    glClearColor(part(16), part(8), part(0), 1);
    glClear(GL_COLOR_BUFFER_BIT);
    glfwSwapBuffers(window);
    return {};
}

void Window::Impl::show() {
    glfwShowWindow(window);
    apply_on_top(); // the window manager forgets it when the window is hidden
    if (std::exchange(maximise_when_shown, false)) {
        glfwMaximizeWindow(window);
    }
}

Window::Impl::~Impl() {
    gate->close();
    if (renderer_started) {
        ImGui_ImplOpenGL3_Shutdown();
    }
    if (platform_started) {
        ImGui_ImplGlfw_Shutdown();
    }
    if (context != nullptr) {
        ImGui::DestroyContext(context);
    }
    x11.reset();
    if (window != nullptr) {
        glfwDestroyWindow(window);
    }
}

} // namespace portside::shell
