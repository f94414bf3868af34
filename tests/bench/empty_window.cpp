// SPDX-License-Identifier: MIT
// bench_empty_window: what any window of GLFW, OpenGL 3 and Dear ImGui costs: the overlay's size, ImGui's built-in
// font, one frame with one empty ImGui window, then asleep until it is closed or ended by a signal. One thread. Prints
// CLOCK_MONOTONIC in ms when the first frame's swap has returned.
#include "tests/bench/figures.h"

#include <GLFW/glfw3.h>
#include <cstdio>
#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

namespace {

void draw(GLFWwindow* window) {
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({20, 148}); // where the overlay's first row is: bench_first_frame looks there
    ImGui::SetNextWindowSize({400, 100});
    ImGui::Begin("An empty window of Dear ImGui");
    ImGui::End();
    ImGui::Render();
    glClearColor(0.08F, 0.09F, 0.11F, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glfwSwapBuffers(window);
}

} // namespace

int main() {
    if (glfwInit() != GLFW_TRUE) {
        std::fprintf(stderr, "bench_empty_window: there is no display\n");
        return 1;
    }
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_DEPTH_BITS, 0);
    glfwWindowHint(GLFW_STENCIL_BITS, 0);
    glfwWindowHintString(GLFW_X11_CLASS_NAME, "bench_empty_window");
    GLFWwindow* const window = glfwCreateWindow(1240, 694, "Empty", nullptr, nullptr);
    if (window == nullptr) {
        std::fprintf(stderr, "bench_empty_window: no window with OpenGL 3.3 could be made\n");
        glfwTerminate();
        return 1;
    }
    glfwMakeContextCurrent(window);
    glfwSwapInterval(0);
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui_ImplGlfw_InitForOpenGL(window, true);
    ImGui_ImplOpenGL3_Init("#version 150");
    draw(window);
    std::printf("%.3f\n", portside::bench::milliseconds());
    std::fflush(stdout);
    while (glfwWindowShouldClose(window) == GLFW_FALSE) {
        glfwWaitEvents();
    }
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext();
    glfwTerminate();
    return 0;
}
