// SPDX-License-Identifier: MIT
#include "app/overlay/own_files.h"

#include "app/session/autostart.h"
#include "core/base/file.h"
#include "core/commands/port_notes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

namespace portside::overlay {

namespace {

template <typename T>
T load(const std::string& path, base::Result<T> (*parse)(std::string_view), std::string& complaint) {
    const auto text = base::read_file(AT_FDCWD, path.c_str(), 1U << 20);
    if (!text) {
        if (text.error().kind != base::ErrorKind::not_found) {
            complaint = text.error().what + "; the defaults apply.";
        }
        return {};
    }
    auto parsed = parse(*text);
    if (!parsed) {
        complaint = fmt::format("{}, {}; the defaults apply.", path, parsed.error().what);
        return {};
    }
    return std::move(*parsed);
}

} // namespace

std::string command_line_program() {
    const auto self = base::read_link(AT_FDCWD, "/proc/self/exe").value_or("");
    const auto folder = self.substr(0, self.rfind('/'));
    for (const auto& program : {folder + "/portside", folder + "/" PORTSIDE_BIN_FROM_LIBEXEC "/portside"}) {
        if (::access(program.c_str(), X_OK) == 0) {
            return program;
        }
    }
    return PORTSIDE_BIN "/portside";
}

session::Settings load_settings(std::string& complaint) {
    auto settings = load(session::settings_path(), session::parse_settings, complaint);
    settings.autostart = session::read_autostart(session::autostart_path()).on;
    return settings;
}

snapshot::PortBook load_port_book(std::string& complaint) {
    auto book = commands::load_port_notes(commands::port_notes_path());
    if (!book) {
        complaint = fmt::format("{}; favourites and names of ports are not shown.", book.error().what);
        return {};
    }
    return std::move(*book);
}

session::WindowState load_window_state(std::string& complaint) {
    return load(session::window_state_path(), session::parse_window_state, complaint);
}

std::string keep_note(snapshot::PortId port, const snapshot::PortNote& note) {
    const auto saved = commands::save_port_note(commands::port_notes_path(), port, note);
    return saved ? std::string()
                 : fmt::format("What you noted of the port is kept only until Portside ends: {}.", saved.error().what);
}

std::string KeptArrangement::keep(const session::WindowState& state) {
    if (state == state_) {
        return {};
    }
    state_ = state;
    const auto saved = base::replace_file(session::window_state_path(), session::window_state_text(state));
    if (saved || std::exchange(complained_, true)) {
        return {};
    }
    return fmt::format("Place and columns of the window will not be remembered. {}.", saved.error().what);
}

} // namespace portside::overlay
