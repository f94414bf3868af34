// SPDX-License-Identifier: MIT
// The autostart file, line by line: desktop entries of other programs' making may be in any form. UI thread.
#include "app/session/autostart.h"

#include "core/base/file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <vector>

namespace portside::session {

namespace {

constexpr std::string_view kGroup = "[Desktop Entry]";
constexpr std::string_view kHiddenWord = "--start-hidden";
constexpr std::string_view kGnomeKey = "X-GNOME-Autostart-enabled"; // GNOME's own switch
constexpr std::size_t kMostBytes = 1U << 20;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r";
    const auto first = std::min(text.find_first_not_of(kBlank), text.size());
    return text.substr(first, text.find_last_not_of(kBlank) + 1 - first);
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

// The lines of the one group that matters: behind its heading, up to the next one.
struct Entry {
    std::vector<std::string> lines;
    std::size_t begin = 0;
    std::size_t end = 0;
    bool found = false;

    explicit Entry(std::string_view text) : lines(lines_of(text)) {
        while (begin < lines.size() && trimmed(lines[begin]) != kGroup) {
            ++begin;
        }
        found = begin < lines.size();
        begin = std::min(begin + 1, lines.size());
        end = begin;
        while (end < lines.size() && !trimmed(lines[end]).starts_with('[')) {
            ++end;
        }
    }
    [[nodiscard]] std::size_t line_of(std::string_view key) const {
        for (std::size_t i = begin; i < end; ++i) {
            const std::string_view line = lines[i];
            if (trimmed(line.substr(0, line.find('='))) == key && line.find('=') != std::string_view::npos) {
                return i;
            }
        }
        return end;
    }
    [[nodiscard]] bool has(std::string_view key) const { return line_of(key) != end; }
    [[nodiscard]] std::string_view value(std::string_view key) const {
        const std::size_t at = line_of(key);
        return at == end ? std::string_view() : trimmed(std::string_view(lines[at]).substr(lines[at].find('=') + 1));
    }
    void set(std::string_view key, std::string_view value) {
        const std::size_t at = line_of(key);
        std::string line = fmt::format("{}={}", key, value);
        if (at != end) {
            lines[at] = std::move(line);
            return;
        }
        std::size_t after = end; // before the empty lines that part it from the next group
        while (after > begin && trimmed(lines[after - 1]).empty()) {
            --after;
        }
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(after), std::move(line));
        ++end;
    }
    [[nodiscard]] std::string text() const {
        std::string all;
        for (const auto& line : lines) {
            all += line + '\n';
        }
        return all;
    }
};

// One argument by the rules of Exec: quoted where it must be, and its backslashes doubled as in every value.
std::string exec_word(std::string_view word) {
    constexpr std::string_view kPlain = "/._-+,:@=";
    const bool plain = std::ranges::all_of(word, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               kPlain.find(c) != std::string_view::npos;
    });
    std::string quoted = plain ? "" : "\"";
    for (const char c : word) {
        if (c == '\\') {
            quoted += "\\\\\\\\";
        } else if (c == '"' || c == '`' || c == '$') {
            quoted += fmt::format("\\\\{}", c);
        } else {
            quoted += c == '%' ? std::string("%%") : std::string(1, c);
        }
    }
    return plain ? quoted : quoted + "\"";
}

std::string exec_of(std::string_view program, bool hidden) {
    return exec_word(program) + (hidden ? fmt::format(" {}", kHiddenWord) : std::string());
}

std::string fresh(std::string_view program, bool hidden) {
    return fmt::format("{}\nType=Application\nName=Portside\nComment=Who holds this port?\n"
                       "Icon=org.portside.Portside\nExec={}\n",
                       kGroup, exec_of(program, hidden));
}

} // namespace

Autostart autostart_in(std::string_view text) {
    const Entry entry(text);
    const auto exec = entry.value("Exec");
    const bool on = !exec.empty() && entry.value("Hidden") != "true" && entry.value(kGnomeKey) != "false";
    return {.on = on, .hidden = exec.find(kHiddenWord) != std::string_view::npos};
}

std::string with_autostart(std::string_view text, const Autostart& wanted, std::string_view program) {
    if (!wanted.on && (text == fresh(program, true) || text == fresh(program, false))) {
        return {};
    }
    if (!wanted.on && !autostart_in(text).on) {
        return std::string(text); // it is off as it is
    }
    Entry entry(text);
    if (!entry.found) {
        return entry.text() + fresh(program, wanted.hidden);
    }
    if (!wanted.on) {
        entry.set("Hidden", "true");
        return entry.text();
    }
    entry.set("Exec", exec_of(program, wanted.hidden));
    if (entry.has("Hidden")) {
        entry.set("Hidden", "false");
    }
    if (entry.has(kGnomeKey)) {
        entry.set(kGnomeKey, "true");
    }
    return entry.text();
}

Autostart read_autostart(const std::string& path) {
    return autostart_in(base::read_file(AT_FDCWD, path.c_str(), kMostBytes).value_or(""));
}

base::Result<void> write_autostart(const std::string& path, const Autostart& wanted, std::string_view program) {
    const auto text = base::read_file(AT_FDCWD, path.c_str(), kMostBytes);
    if (!text && text.error().kind != base::ErrorKind::not_found) {
        return base::failed(text.error());
    }
    const auto changed = with_autostart(text.value_or(""), wanted, program);
    if (!changed.empty()) {
        return base::replace_file(path, changed);
    }
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
        return base::failed(base::error_from_errno(errno, fmt::format("Could not remove {}", path)));
    }
    return {};
}

} // namespace portside::session
