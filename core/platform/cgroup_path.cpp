// SPDX-License-Identifier: MIT
// Reading cgroup paths. Pure; any thread.
#include "core/platform/cgroup_path.h"

#include "core/base/parse.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace portside::platform {

namespace {

constexpr std::size_t kLongestPath = 4096; // PATH_MAX
constexpr std::size_t kLongestUnit = 255;  // systemd's UNIT_NAME_MAX without its end
constexpr std::size_t kShortestId = 12;    // what engines print
constexpr std::size_t kLongestId = 64;
using Parts = std::span<const std::string_view>;

bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// As systemd.unit(5) allows it; the escapes ("\x2d") belong to the name.
bool is_unit_name(std::string_view name) {
    return name.size() <= kLongestUnit && std::all_of(name.begin(), name.end(), [](char c) {
               return is_letter_or_digit(c) || std::string_view(":-_.\\@").find(c) != std::string_view::npos;
           });
}

bool is_of_kind(std::string_view name, std::string_view suffix) {
    return name.size() > suffix.size() && name.ends_with(suffix) && is_unit_name(name);
}

bool is_slice(std::string_view name) {
    return is_of_kind(name, ".slice");
}

// The kinds of units that have processes or sockets of their own.
bool is_unit(std::string_view name) {
    static constexpr std::array<std::string_view, 5> kSuffixes{".service", ".scope", ".socket", ".mount", ".swap"};
    return std::any_of(kSuffixes.begin(), kSuffixes.end(),
                       [&](std::string_view suffix) { return is_of_kind(name, suffix); });
}

// What stands between the two, where both are there.
std::optional<std::string_view> between(std::string_view text, std::string_view prefix, std::string_view suffix) {
    if (text.size() < prefix.size() + suffix.size() || !text.starts_with(prefix) || !text.ends_with(suffix)) {
        return std::nullopt;
    }
    return text.substr(prefix.size(), text.size() - prefix.size() - suffix.size());
}

bool is_container_id(std::string_view text) {
    return text.size() >= kShortestId && text.size() <= kLongestId &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// The user whose manager the service "user@UID.service" is.
std::optional<uid_t> manager_of(std::string_view name) {
    const auto number = between(name, "user@", ".service");
    return number ? base::parse_number<uid_t>(*number) : std::nullopt;
}

// systemd puts "_" before names that would collide with the kernel's own files.
std::string_view unescaped(std::string_view part) {
    return part.starts_with('_') ? part.substr(1) : part;
}

Parts without_slices(Parts parts) {
    while (!parts.empty() && is_slice(unescaped(parts.front()))) {
        parts = parts.subspan(1);
    }
    return parts;
}

std::optional<Container> container_at(Parts parts) {
    struct Form {
        std::string_view prefix, suffix;
        Engine engine;
    };
    // libpod-ID without a suffix: Podman's own cgroup manager; libpod-payload-ID: in the unit that started Podman.
    static constexpr std::array<Form, 4> kForms{{{"docker-", ".scope", Engine::docker},
                                                 {"libpod-", ".scope", Engine::podman},
                                                 {"libpod-payload-", "", Engine::podman},
                                                 {"libpod-", "", Engine::podman}}};
    for (const Form& form : kForms) {
        const auto id = between(parts.front(), form.prefix, form.suffix);
        if (id && is_container_id(*id)) {
            return Container{form.engine, std::string(*id), {}};
        }
    }
    if (parts.front() == "docker" && parts.size() > 1 && is_container_id(parts[1])) {
        return Container{Engine::docker, std::string(parts[1]), {}};
    }
    return std::nullopt;
}

std::optional<Container> container_in(Parts parts) {
    for (; !parts.empty(); parts = parts.subspan(1)) {
        if (auto container = container_at(parts)) {
            return container;
        }
    }
    return std::nullopt;
}

// The parts between the slashes; nothing where one of them is no name.
std::optional<std::vector<std::string_view>> parts_of(std::string_view path) {
    if (path.size() < 2 || path.size() > kLongestPath || path.front() != '/') {
        return std::nullopt;
    }
    auto parts = base::split_at(path.substr(1), '/');
    const bool all_names = std::none_of(parts.begin(), parts.end(), [](std::string_view part) {
        return part.empty() || part == "." || part == ".." || part.find('\0') != std::string_view::npos;
    });
    return all_names ? std::optional(std::move(parts)) : std::nullopt;
}

// mountinfo writes blanks and backslashes as three octal digits.
std::string without_octal(std::string_view text) {
    const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto digits = text.substr(at + 1, 3);
        if (text[at] == '\\' && digits.size() == 3 && std::all_of(digits.begin(), digits.end(), is_octal)) {
            plain += static_cast<char>((digits[0] - '0') * 64 + (digits[1] - '0') * 8 + (digits[2] - '0'));
            at += digits.size();
        } else {
            plain += text[at];
        }
    }
    return plain;
}

// 30 25 0:27 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw
std::optional<CgroupMount> mount_in(std::string_view line) {
    const auto words = base::split_words(line);
    const auto dash = std::find(words.begin(), words.end(), "-");
    if (dash - words.begin() < 6 || words.end() - dash < 2 || *(dash + 1) != "cgroup2") {
        return std::nullopt;
    }
    return CgroupMount{without_octal(words[4]), without_octal(words[3])};
}

} // namespace

Keeper keeper_of(std::string_view path) {
    Keeper keeper;
    const auto names = parts_of(path);
    if (!names) {
        return keeper;
    }
    keeper.container = container_in(*names);
    std::optional<uid_t> manager;
    Parts parts = without_slices(*names);
    if (!parts.empty()) {
        manager = manager_of(parts.front());
        parts = manager ? without_slices(parts.subspan(1)) : parts;
    }
    const std::string_view name = parts.empty() ? std::string_view{} : unescaped(parts.front());
    const bool is_manager = name == "init.scope" && parts.size() == 1;
    const bool is_session = !manager && name.starts_with("session-") && name.ends_with(".scope");
    const bool is_containers_own = !parts.empty() && container_at(parts);
    if (is_unit(name) && name != "init.scope" && !is_session && !is_containers_own) {
        keeper.unit = Unit{std::string(name), manager};
    }
    keeper.is_one_thing = keeper.unit || keeper.container || is_manager;
    return keeper;
}

// Allocates nothing: it runs for each process that is looked at again.
std::optional<std::string_view> parse_process_cgroup(std::string_view text) {
    constexpr std::string_view kUnified = "0::";
    constexpr std::string_view kSystemd = ":name=systemd:";
    std::optional<std::string_view> unified;
    std::optional<std::string_view> systemd;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::string_view rest = line.substr(std::min(line.find(':'), line.size()));
        if (line.starts_with(kUnified)) {
            unified = line.substr(kUnified.size());
        } else if (rest.starts_with(kSystemd)) {
            systemd = rest.substr(kSystemd.size());
        }
    }
    return systemd && (!unified || *unified == "/") ? systemd : unified;
}

std::optional<CgroupMount> parse_cgroup_mount(std::string_view mountinfo) {
    std::optional<CgroupMount> widest;
    for (const std::string_view line : base::split_at(mountinfo, '\n')) {
        auto mount = mount_in(line);
        if (mount && (!widest || mount->root.size() < widest->root.size())) {
            widest = std::move(mount);
        }
    }
    return widest;
}

} // namespace portside::platform
