// SPDX-License-Identifier: MIT
// Where ports.toml is, and how it is written. Any thread.
#include "core/base/file.h"
#include "core/commands/port_notes.h"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>

namespace portside::commands {

namespace {

constexpr std::size_t kMostNotesBytes = 1U << 20;

std::string folder_in(const char* name) {
    const char* const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nothing of ours sets variables
    return value == nullptr || *value != '/' ? std::string() : std::string(value);
}

} // namespace

std::string port_notes_path() {
    const auto set = folder_in("XDG_CONFIG_HOME");
    return (set.empty() ? folder_in("HOME") + "/.config" : set) + "/portside/ports.toml";
}

base::Result<snapshot::PortBook> load_port_notes(const std::string& path) {
    const auto text = base::read_file(AT_FDCWD, path.c_str(), kMostNotesBytes);
    if (!text) {
        return text.error().kind == base::ErrorKind::not_found ? base::Result<snapshot::PortBook>()
                                                               : base::failed(text.error());
    }
    auto book = parse_port_notes(*text);
    return book ? std::move(book)
                : base::failed(base::ErrorKind::malformed, fmt::format("{}, {}", path, book.error().what));
}

base::Result<void> save_port_note(const std::string& path, snapshot::PortId port, const snapshot::PortNote& note) {
    const auto text = base::read_file(AT_FDCWD, path.c_str(), kMostNotesBytes);
    if (!text && text.error().kind != base::ErrorKind::not_found) {
        return base::failed(text.error());
    }
    const auto changed = with_port_note(text ? *text : std::string(), port, note);
    if (!changed) {
        return base::failed(base::ErrorKind::malformed,
                            fmt::format("{} was left as it is: {}", path, changed.error().what));
    }
    if (text && *changed == *text) {
        return {};
    }
    std::error_code failed;
    const auto real = std::filesystem::canonical(path, failed); // people keep their configuration elsewhere
    return base::replace_file(failed ? path : real.string(), *changed);
}

} // namespace portside::commands
