// SPDX-License-Identifier: MIT
// Foresees a crash of GLFW 3.3 on a Wayland seat without a pointer. Main thread.
#include "app/shell/wayland_pointer.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <cerrno>
#include <csignal>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace portside::shell {

bool making_cursors_crashes() {
    int major = 0;
    int minor = 0;
    glfwGetVersion(&major, &minor, nullptr); // of the library that is loaded, not of the header
    if (major > 3 || minor >= 4 || std::string_view(glfwGetVersionString()).find("Wayland") == std::string_view::npos) {
        return false;
    }
    const pid_t child = fork();
    if (child == 0) {
        const rlimit no_core{0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        std::signal(SIGSEGV, SIG_DFL); // a handler would report what is expected here
        if (glfwInit() == GLFW_TRUE) {
            static_cast<void>(glfwCreateStandardCursor(GLFW_ARROW_CURSOR));
        }
        _exit(0);
    }
    if (child < 0) {
        return false; // no process to try it in: then as if we had not asked
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFSIGNALED(status);
}

} // namespace portside::shell
