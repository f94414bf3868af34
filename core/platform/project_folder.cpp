// SPDX-License-Identifier: MIT
// Which project a process works on. One object belongs to one thread.
#include "core/platform/project_folder.h"

#include "core/base/file.h"
#include "core/base/parse.h"

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace portside::platform {

namespace {

constexpr std::size_t kMostFolders = 32; // from the working directory upwards
constexpr std::size_t kMostMounts = 16U * 1024 * 1024;
constexpr const char* kMountInfo = "/proc/self/mountinfo";

// A repository's root wins over any project file below it: in a repository of many packages it is the project.
constexpr std::array kRepositories{".git", ".hg", ".jj"};
constexpr std::array kProjectFiles{"package.json",     "Cargo.toml",    "go.mod",  "pyproject.toml", "pom.xml",
                                   "build.gradle",     "composer.json", "Gemfile", "CMakeLists.txt", "deno.json",
                                   "build.gradle.kts", "mix.exs",       "setup.py"};

// What a network or another process answers for.
bool type_may_block(std::string_view type) {
    constexpr std::array kTypes{"nfs",  "nfs4",  "cifs",   "smb3", "smbfs", "afs",
                                "ceph", "ncpfs", "autofs", "coda", "lustre"};
    return type.starts_with("fuse") || std::ranges::find(kTypes, type) != kTypes.end();
}

// mountinfo writes blanks, line breaks and backslashes as three octal digits.
std::string unescaped(std::string_view text) {
    const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 3 < text.size() && is_octal(text[i + 1]) && is_octal(text[i + 2]) &&
            is_octal(text[i + 3])) {
            plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
            i += 3;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

template <std::size_t size>
bool has_any(const base::UniqueFd& folder, const std::array<const char*, size>& names) {
    return std::ranges::any_of(names, [&](const char* name) { return ::faccessat(folder.get(), name, F_OK, 0) == 0; });
}

} // namespace

// "36 35 98:0 /root /mount/point options optional - type source options" (proc(5)).
std::vector<MountPoint> parse_mounts(std::string_view mountinfo) {
    std::vector<MountPoint> mounts;
    for (const auto line : base::split_at(mountinfo, '\n')) {
        const auto words = base::split_words(line);
        const auto dash = std::find(words.begin(), words.end(), "-");
        if (words.size() >= 5 && dash != words.end() && dash + 1 != words.end()) {
            mounts.push_back({unescaped(words[4]), type_may_block(dash[1])});
        }
    }
    return mounts;
}

// Of several mounts at one place the last one is on top.
bool may_block(const std::vector<MountPoint>& mounts, std::string_view path) {
    const MountPoint* best = nullptr;
    for (const MountPoint& mount : mounts) {
        const bool is_above =
            mount.path == "/" ||
            (path.starts_with(mount.path) && (path.size() == mount.path.size() || path[mount.path.size()] == '/'));
        if (is_above && (best == nullptr || mount.path.size() >= best->path.size())) {
            best = &mount;
        }
    }
    return best != nullptr && best->may_block;
}

ProjectFinder ProjectFinder::of_this_user() {
    const char* const home =
        std::getenv("HOME"); // NOLINT(concurrency-mt-unsafe): nothing in the program sets variables
    if (home == nullptr || *home != '/') {
        return ProjectFinder(std::string());
    }
    // The kernel's links lead to the folder itself, whatever links HOME goes through.
    const std::unique_ptr<char, decltype(&std::free)> real(::realpath(home, nullptr), &std::free);
    return ProjectFinder(real ? real.get() : home);
}

// Asked before it is read: a change in between is told the next time.
bool MountTable::update() {
    if (!file_) {
        file_.reset(::open(kMountInfo, O_RDONLY | O_CLOEXEC));
    } else if (pollfd change{file_.get(), POLLPRI, 0}; ::poll(&change, 1, 0) == 0) {
        return false;
    }
    const auto text = base::read_file(AT_FDCWD, kMountInfo, kMostMounts);
    mounts_ = text ? parse_mounts(*text) : std::vector<MountPoint>{};
    return true;
}

void ProjectFinder::forget() {
    known_.clear();
}

std::optional<std::string> ProjectFinder::find(const ProcRoot& root, pid_t pid, const std::string& cwd) {
    if (cwd.size() <= 1 || cwd.front() != '/' || cwd.size() >= PATH_MAX || cwd == home_) {
        return std::nullopt;
    }
    const auto [known, is_new] = known_.try_emplace(cwd);
    if (is_new) {
        known->second = look_at(cwd);
    }
    const auto& [project, device, inode] = known->second;
    struct stat theirs {};
    const bool same = project && ::fstatat(root.fd.get(), fmt::format("{}/cwd", pid).c_str(), &theirs, 0) == 0 &&
                      theirs.st_dev == device && theirs.st_ino == inode;
    return same ? project : std::nullopt;
}

ProjectFinder::Known ProjectFinder::look_at(const std::string& cwd) {
    mounts_.update();
    struct stat ours {};
    if (may_block(mounts_.mounts(), cwd) || ::stat(cwd.c_str(), &ours) != 0 || !S_ISDIR(ours.st_mode)) {
        return {};
    }
    return {search(cwd), ours.st_dev, ours.st_ino};
}

std::optional<std::string> ProjectFinder::search(const std::string& cwd) const {
    std::optional<std::string> with_file;
    std::string path = cwd;
    for (std::size_t i = 0; i < kMostFolders && path.size() > 1 && path != home_; ++i) {
        if (may_block(mounts_.mounts(), path)) {
            break;
        }
        const base::UniqueFd folder(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (folder && has_any(folder, kRepositories)) {
            return path;
        }
        if (folder && !with_file && has_any(folder, kProjectFiles)) {
            with_file = path;
        }
        path.resize(path.rfind('/'));
    }
    return with_file;
}

} // namespace portside::platform
