// SPDX-License-Identifier: MIT
// Where the two files are, and how they are written. UI thread.
#include "app/session/settings.h"

#include "app/session/autostart.h"
#include "core/base/file.h"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>

namespace portside::session {

namespace {

constexpr std::size_t kMostSettingsBytes = 1U << 20;

std::string variable(const char* name) {
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nothing in the program sets variables
    return value == nullptr ? std::string() : std::string(value);
}

// A relative path in an XDG variable is invalid and is to be ignored, says the specification.
std::string xdg_file(const char* name, const char* below_home, const char* file) {
    const auto set = variable(name);
    return (set.starts_with('/') ? set : variable("HOME") + below_home) + file;
}

// What a symbolic link leads to: people keep their configuration elsewhere and link to it.
std::string behind_links(const std::string& path) {
    std::error_code failed;
    const auto real = std::filesystem::canonical(path, failed);
    return failed ? path : real.string();
}

} // namespace

std::string settings_path() {
    return xdg_file("XDG_CONFIG_HOME", "/.config", "/portside/config.toml");
}

std::string window_state_path() {
    return xdg_file("XDG_STATE_HOME", "/.local/state", "/portside/window.toml");
}

std::string autostart_path() {
    return xdg_file("XDG_CONFIG_HOME", "/.config", "/autostart/org.portside.Portside.desktop");
}

base::Result<void> save_settings(const std::string& path, const Settings& wanted) {
    auto text = base::read_file(AT_FDCWD, path.c_str(), kMostSettingsBytes);
    if (!text && text.error().kind != base::ErrorKind::not_found) {
        return base::failed(text.error());
    }
    const auto changed = with_settings(text ? *text : std::string(), wanted);
    if (!changed) {
        return base::failed(base::ErrorKind::malformed,
                            fmt::format("{} was left as it is: {}", path, changed.error().what));
    }
    return text && *changed == *text ? base::Result<void>() : base::replace_file(behind_links(path), *changed);
}

} // namespace portside::session
