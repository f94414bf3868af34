// SPDX-License-Identifier: MIT
// Cgroups by id. One object belongs to one thread.
#include "core/platform/control_groups.h"

#include "core/base/file.h"
#include "core/base/parse.h"
#include "core/platform/process.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <utility>

namespace portside::platform {

namespace {

constexpr std::size_t kMostDirectories = 4096;   // that one walk opens
constexpr std::size_t kMostWaiting = 65'536;     // that one walk remembers
constexpr std::uint64_t kLongestGroupPause = 64; // updates
constexpr std::size_t kTurns = 16;               // updates in which each member list is read again
constexpr std::size_t kMostInTurn = 32;          // where processes came or ended: so many lists in an update
constexpr std::size_t kMostMembers = 32;         // a list with more of them names nobody
constexpr std::size_t kLongestMemberList = 4096; // bytes; more than so few members need
constexpr std::size_t kLongestMountinfo = 4U << 20;

base::UniqueFd open_directory(int at, const char* name, int flags) {
    return base::UniqueFd(::openat(at, name, flags | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
}

// The path that /proc/PID/cgroup names it by.
std::string path_of(const std::string& root, const std::string& place) {
    if (place == ".") {
        return root;
    }
    return (root == "/" ? std::string() : root) + "/" + place;
}

} // namespace

// Those that are wanted no longer go; new ones are unknown.
void ControlGroups::take_wanted(std::span<const std::uint64_t> wanted) {
    if (std::equal(wanted.begin(), wanted.end(), wanted_.begin(), wanted_.end())) {
        return;
    }
    wanted_.assign(wanted.begin(), wanted.end());
    const auto is_unwanted = [&](std::uint64_t id) { return !std::binary_search(wanted.begin(), wanted.end(), id); };
    changed_ = std::erase_if(kept_, [&](const Kept& kept) { return is_unwanted(kept.id); }) > 0 || changed_;
    unknown_.clear();
    for (const std::uint64_t id : wanted) {
        if (find(id) == nullptr) {
            unknown_.push_back(id);
        }
    }
}

ControlGroups::Kept* ControlGroups::find(std::uint64_t id) {
    const auto found = std::lower_bound(kept_.begin(), kept_.end(), id,
                                        [](const Kept& kept, std::uint64_t wanted) { return kept.id < wanted; });
    return found != kept_.end() && found->id == id ? &*found : nullptr;
}

// Looked for anew each time: it may have been mounted or moved since.
void ControlGroups::find_mount() {
    const auto text = base::read_file(AT_FDCWD, (proc_root_ + "/self/mountinfo").c_str(), kLongestMountinfo);
    mount_ = text ? parse_cgroup_mount(*text).value_or(CgroupMount{}) : CgroupMount{};
    looked_ = true;
}

// A cgroup that is gone does not come back, nor does its id. So one whole walk settles an id for good; the pauses are
// for those that come one after another and are never found.
void ControlGroups::find_unknown() {
    if (unknown_.empty() || update_ < next_walk_at_) {
        return;
    }
    for (const std::uint64_t id : unknown_) {
        kept_.emplace_back().id = id;
    }
    std::sort(kept_.begin(), kept_.end(), [](const Kept& a, const Kept& b) { return a.id < b.id; });
    find_mount();
    if (!mount_.point.empty()) {
        walk();
    }
    const bool any_missing =
        std::any_of(unknown_.begin(), unknown_.end(), [&](std::uint64_t id) { return find(id)->place.empty(); });
    pause_ = any_missing ? std::clamp<std::uint64_t>(pause_ * 2, 1, kLongestGroupPause) : 0;
    next_walk_at_ = update_ + pause_ + 1;
    unknown_.clear();
    changed_ = true;
}

void ControlGroups::settle(Kept& kept, std::string place) {
    kept.path = path_of(mount_.root, place);
    kept.place = std::move(place);
    kept.is_one_thing = keeper_of(kept.path).is_one_thing;
}

// Adds what is below it.
void ControlGroups::read_directory(const Directory& directory, std::vector<Directory>& below) {
    const std::string path = mount_.point + "/" + directory.place;
    const base::UniqueFd fd = open_directory(AT_FDCWD, path.c_str(), O_RDONLY);
    if (!fd) {
        return; // removed meanwhile
    }
    ++directories_read_;
    if (!names_) {
        names_ = std::make_unique<DirectoryReader>();
    }
    names_->read_entries(fd.get(), [&](const dirent64& entry) {
        const std::string_view name = static_cast<const char*>(entry.d_name);
        if (entry.d_type == DT_DIR && name != "." && name != ".." && below.size() < kMostWaiting) {
            below.push_back(
                {entry.d_ino, directory.place == "." ? std::string(name) : directory.place + "/" + std::string(name)});
        }
        return true;
    });
}

// Level by level, as units stand high up: mostly two directories tell them all.
void ControlGroups::walk() {
    std::size_t left = unknown_.size();
    const auto take = [&](const Directory& directory) {
        Kept* const kept = find(directory.id);
        if (kept != nullptr && kept->place.empty()) {
            settle(*kept, directory.place);
            left -= std::binary_search(unknown_.begin(), unknown_.end(), directory.id) ? 1 : 0;
        }
    };
    struct stat status {};
    if (::stat(mount_.point.c_str(), &status) != 0) {
        return;
    }
    std::vector<Directory> waiting{{status.st_ino, "."}};
    take(waiting.front());
    for (std::size_t at = 0; at < std::min(waiting.size(), kMostDirectories) && left > 0; ++at) {
        const std::size_t first = waiting.size();
        read_directory(Directory(waiting[at]), waiting);
        std::for_each(waiting.begin() + static_cast<std::ptrdiff_t>(first), waiting.end(), take);
    }
}

// Into `pids_`, sorted. False when it is no longer there.
bool ControlGroups::read_pids(const Kept& kept, int mount) {
    pids_.clear();
    const base::UniqueFd directory = open_directory(mount, kept.place.c_str(), O_PATH);
    struct stat status {};
    if (!directory || ::fstat(directory.get(), &status) != 0 || status.st_ino != kept.id) {
        return false;
    }
    text_.resize(kLongestMemberList);
    const base::UniqueFd file(::openat(directory.get(), "cgroup.procs", O_RDONLY | O_CLOEXEC));
    std::size_t length = 0;
    ssize_t got = file ? 1 : 0; // a threaded cgroup does not tell (EOPNOTSUPP)
    while (got > 0 && length < text_.size()) {
        got = ::read(file.get(), text_.data() + length, text_.size() - length);
        length += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    std::string_view text(text_.data(), length);
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        // 0: a process of another pid namespace
        if (const auto pid = base::parse_number<pid_t>(text.substr(0, end)); pid && *pid > 0) {
            pids_.push_back(*pid);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    std::sort(pids_.begin(), pids_.end());
    pids_.erase(std::unique(pids_.begin(), pids_.end()), pids_.end());
    if (pids_.size() > kMostMembers) {
        pids_.clear();
    }
    return true;
}

void ControlGroups::read_members_of(Kept& kept, int mount) {
    if (!read_pids(kept, mount)) {
        kept.place.clear();
        kept.members.clear();
        changed_ = true;
        return;
    }
    const auto is_same = [&](const Member& member, pid_t pid) {
        // In any tree but procfs a folder's number says nothing.
        return index_.root().is_procfs && member.pid == pid && member.folder == index_.folder_of(pid);
    };
    if (std::equal(kept.members.begin(), kept.members.end(), pids_.begin(), pids_.end(), is_same)) {
        return;
    }
    std::vector<Member> members;
    for (const pid_t pid : pids_) {
        // One that began after the index's listing is for the next update, which will find that processes changed.
        const std::uint64_t folder = index_.folder_of(pid);
        const auto stat = folder != 0 ? read_stat(pid, proc_root_) : base::failed(base::ErrorKind::not_found, {});
        if (stat) {
            members.push_back({pid, folder, stat->id.start_time});
        }
    }
    const auto looks_same = [](const Member& a, const Member& b) {
        return a.pid == b.pid && a.start_time == b.start_time;
    };
    changed_ =
        changed_ || !std::equal(members.begin(), members.end(), kept.members.begin(), kept.members.end(), looks_same);
    kept.members = std::move(members);
}

// Where processes came or ended, any list may have changed. One can also be moved, which nobody tells. A list that was
// never read waits for no turn.
void ControlGroups::read_members() {
    const bool all = index_.processes_changed() || changed_;
    const std::size_t turn = all ? std::min(kept_.size(), kMostInTurn) : (kept_.size() + kTurns - 1) / kTurns;
    base::UniqueFd mount;
    const auto read = [&](Kept& kept) {
        if (kept.place.empty() || !kept.is_one_thing || kept.read_at == update_) {
            return;
        }
        if (!mount) {
            mount = open_directory(AT_FDCWD, mount_.point.c_str(), O_PATH);
        }
        kept.read_at = update_;
        read_members_of(kept, mount.get());
    };
    for (std::size_t i = 0; i < turn; ++i) {
        turn_ = turn_ + 1 < kept_.size() ? turn_ + 1 : 0;
        read(kept_[turn_]);
    }
    for (Kept& kept : kept_) {
        if (kept.read_at == 0) {
            read(kept);
        }
    }
}

void ControlGroups::publish() {
    groups_.clear();
    for (const Kept& kept : kept_) {
        if (kept.place.empty()) {
            continue;
        }
        ControlGroup& group = groups_.emplace_back(ControlGroup{kept.id, kept.path, {}});
        for (const Member& member : kept.members) {
            group.members.push_back({member.pid, member.start_time});
        }
    }
}

bool ControlGroups::update(std::span<const std::uint64_t> wanted) {
    ++update_;
    changed_ = false;
    take_wanted(wanted);
    find_unknown();
    read_members();
    if (changed_) {
        publish();
    }
    return changed_;
}

} // namespace portside::platform
