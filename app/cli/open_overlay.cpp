// SPDX-License-Identifier: MIT
#include "app/cli/open_overlay.h"

#include "core/base/file.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace portside::cli {

namespace {

bool is_set(const char* name) {
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): no other thread runs yet
    return value != nullptr && *value != '\0';
}

// Beside ourselves (a build folder), in the compiled-in libexec folder relative to ourselves, and where it was built
// for.
std::array<std::string, 3> overlay_places() {
    const auto self = base::read_link(AT_FDCWD, "/proc/self/exe").value_or("");
    const auto folder = self.substr(0, self.rfind('/'));
    return {folder + "/portside-overlay", folder + "/../" PORTSIDE_LIBEXEC "/portside-overlay",
            PORTSIDE_PREFIX "/" PORTSIDE_LIBEXEC "/portside-overlay"};
}

} // namespace

int open_overlay(const OverlayArguments& arguments) {
    if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY")) {
        fmt::print(stderr,
                   "portside: There is no display to open the overlay on (neither DISPLAY nor WAYLAND_DISPLAY is "
                   "set); portside list shows the ports here.\n");
        return 1;
    }
    for (const auto& program : overlay_places()) {
        std::vector<std::string> words{program};
        words.insert(words.end(), arguments.passed_on.begin(), arguments.passed_on.end());
        std::vector<char*> argv;
        argv.reserve(words.size() + 1);
        for (auto& word : words) {
            argv.push_back(word.data());
        }
        argv.push_back(nullptr);
        ::execv(program.c_str(), argv.data());
        if (errno != ENOENT && errno != ENOTDIR) {
            fmt::print(stderr, "portside: {} could not be started: {}.\n", program,
                       std::strerror(errno)); // NOLINT(concurrency-mt-unsafe)
            return 1;
        }
    }
    fmt::print(stderr,
               "portside: The overlay program portside-overlay was not found beside portside or in its libexec folder; "
               "install it, or use portside list.\n");
    return 1;
}

} // namespace portside::cli
