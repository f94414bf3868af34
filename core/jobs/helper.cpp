// SPDX-License-Identifier: MIT
// The folders come from the build: PORTSIDE_LIBEXEC is absolute, the others are relative. Job thread only.
#include "core/jobs/helper.h"

#include "core/base/file.h"
#include "core/jobs/job_thread.h"

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace portside::jobs {

namespace {

using platform::HelperExit;

constexpr const char* kName = "portside-kill-helper";

bool can_be_started(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

// The group too, of the file and of its own folder; above that, a distribution may give a folder to trusted people
// (/usr/local to the group staff).
bool only_root_writes(const std::filesystem::path& file) {
    mode_t others = S_IWGRP | S_IWOTH;
    const auto folder = file.parent_path();
    for (std::filesystem::path part = file;; part = part.parent_path()) {
        struct stat status {};
        if (::stat(part.c_str(), &status) != 0 || status.st_uid != 0 || (status.st_mode & others) != 0) {
            return false;
        }
        if (part == part.root_path()) {
            return true;
        }
        others = part == folder ? S_IWOTH : others;
    }
}

// `portside` looks from the bin folder; the overlay stands in the libexec folder itself. The path is made plain, as the
// polkit action spells it.
std::array<std::string, 2> installed_places() {
    const std::filesystem::path self = base::read_link(AT_FDCWD, "/proc/self/exe").value_or("/");
    const auto folder = self.parent_path();
    const bool in_libexec = folder.string().ends_with("/" PORTSIDE_LIBEXEC_FROM_PREFIX);
    const auto own = (in_libexec ? folder : folder / PORTSIDE_LIBEXEC_FROM_BIN) / kName;
    return {own.lexically_normal().string(), fmt::format("{}/{}", PORTSIDE_LIBEXEC, kName)};
}

std::optional<HelperExit> helper_exit(const PkexecEnd& end) {
    if (!end.end || !end.end->exit_code || end.too_much) {
        return std::nullopt;
    }
    return static_cast<HelperExit>(*end.end->exit_code);
}

RefusedJob other_version(const PkexecWords& words) {
    return {Problem::failed, fmt::format("The installed helper {} does not understand this Portside, so {}: the two "
                                         "are of different versions. Install Portside anew, or run: {}",
                                         kName, words.nothing_done, words.without)};
}

} // namespace

std::optional<std::string> find_helper(const JobSystem& system) {
    if (system.helper) {
        return can_be_started(*system.helper) ? system.helper : std::nullopt;
    }
    for (const auto& path : installed_places()) {
        if (can_be_started(path) && only_root_writes(path)) {
            return path;
        }
    }
    return std::nullopt;
}

PkexecCommand helper_kill(const std::string& helper, const platform::SignalTarget& target,
                          const base::UniqueFd& pidfd) {
    PkexecCommand command;
    command.arguments = platform::helper_kill_arguments(target);
    command.arguments.insert(command.arguments.begin(), helper);
    command.input = pidfd.get();
    return command;
}

RefusedJob explain_helper_kill(const PkexecEnd& end, const platform::SignalTarget& target, const PkexecWords& words) {
    const pid_t pid = target.process.pid;
    const auto exit = helper_exit(end);
    if (!exit) {
        return explain(end, words);
    }
    switch (*exit) {
    case HelperExit::usage:
        return other_version(words);
    case HelperExit::gone:
        return {Problem::gone, fmt::format("Process {} has ended already: nothing was sent.", pid)};
    case HelperExit::identity_changed:
        return {Problem::identity_changed,
                fmt::format("After the password the number {} meant another process than the one that was chosen. "
                            "Nothing was sent.",
                            pid)};
    case HelperExit::not_holding:
        return {Problem::not_holding,
                fmt::format("After the password process {} no longer held the port: nothing was sent.", pid)};
    case HelperExit::never_signalled:
        return {Problem::never_signalled,
                fmt::format("Process {} is a part of the kernel, the system's first process or Portside itself, and "
                            "never gets a signal: nothing was sent.",
                            pid)};
    case HelperExit::not_permitted:
        return {Problem::not_permitted,
                fmt::format("The system refused {} to process {} from the administrator too: nothing was sent.",
                            platform::name_of(target.signal), pid)};
    case HelperExit::failed:
        return {Problem::failed,
                fmt::format("It could not be checked as administrator that process {} is still the one that was "
                            "chosen, so {}. You can also run: {}",
                            pid, words.nothing_done, words.without)};
    case HelperExit::sent:
        break;
    }
    return explain(end, words);
}

RefusedJob explain_helper_owners(const PkexecEnd& end, const PkexecWords& words) {
    const auto exit = helper_exit(end);
    if (exit == HelperExit::usage) {
        return other_version(words);
    }
    if (exit == HelperExit::failed) {
        return {Problem::failed, fmt::format("The holders of the ports could not be read as administrator either: {}. "
                                             "You can also run: {}",
                                             words.nothing_done, words.without)};
    }
    return explain(end, words);
}

} // namespace portside::jobs
