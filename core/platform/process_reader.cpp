// SPDX-License-Identifier: MIT
// One process's facts from /proc. One object belongs to one thread.
#include "core/platform/process_reader.h"

#include "core/base/file.h"
#include "core/platform/cgroup_path.h"
#include "core/platform/pidfd.h"

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace portside::platform {

namespace {

constexpr std::size_t kSmallFile = 64U * 1024;
constexpr std::size_t kFirstCommandLine = 4096;
constexpr std::size_t kLongestCommandLine = 8U * 1024 * 1024; // above the kernel's own limit of 6 MiB
constexpr std::string_view kDeletedTail = " (deleted)";

// A piece that is denied, or that this process does not have (a kernel thread has no executable), is nothing.
template <std::size_t size>
std::optional<std::string_view> link_or_nothing(int folder, const char* name, std::array<char, size>& text) {
    const auto length = ::readlinkat(folder, name, text.data(), text.size());
    return length < 0 ? std::nullopt : std::optional(std::string_view(text.data(), static_cast<std::size_t>(length)));
}

// FNV-1a; what is nothing counts differently from what is empty.
class Fingerprint {
  public:
    void add(std::uint64_t word) { value_ = (value_ ^ word) * 0x100000001B3U; }
    void add(std::string_view text) {
        add(std::uint64_t{text.size()});
        for (const char c : text) {
            add(std::uint64_t{static_cast<unsigned char>(c)});
        }
    }
    void add(const std::optional<std::string_view>& text) {
        add(std::uint64_t{text.has_value()});
        add(text.value_or(std::string_view{}));
    }
    [[nodiscard]] std::uint64_t value() const { return value_ | 1U; }

  private:
    std::uint64_t value_ = 0xCBF29CE484222325U;
};

std::optional<uid_t> uid_of_status(int folder) {
    const auto text = base::read_file(folder, "status", kSmallFile);
    return text ? parse_status_uid(*text) : std::nullopt;
}

std::optional<std::string> as_string(const std::optional<std::string_view>& text) {
    return text ? std::optional<std::string>(*text) : std::nullopt;
}

} // namespace

std::optional<std::string_view> ProcessReader::read_command_line(int folder) {
    const base::UniqueFd file(::openat(folder, "cmdline", O_RDONLY | O_CLOEXEC));
    if (!file) {
        return std::nullopt;
    }
    command_line_text_.resize(std::max(command_line_text_.size(), kFirstCommandLine));
    std::size_t length = 0;
    for (;;) {
        if (length == command_line_text_.size()) {
            if (length >= kLongestCommandLine) {
                break;
            }
            command_line_text_.resize(length * 2);
        }
        const auto got = ::read(file.get(), command_line_text_.data() + length, command_line_text_.size() - length);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return std::nullopt;
        }
        const std::size_t room = command_line_text_.size() - length;
        length += static_cast<std::size_t>(got);
        if (static_cast<std::size_t>(got) < room) { // procfs fills what room there is, as long as there is more
            break;
        }
    }
    return std::string_view(command_line_text_.data(), length);
}

// One read(2): procfs writes all of it at once, as far as there is room.
std::optional<std::string_view> ProcessReader::read_cgroup(int folder) {
    const base::UniqueFd file(::openat(folder, "cgroup", O_RDONLY | O_CLOEXEC));
    const ssize_t got = file ? ::read(file.get(), cgroup_text_.data(), cgroup_text_.size()) : -1;
    return got < 0 ? std::nullopt
                   : parse_process_cgroup(std::string_view(cgroup_text_.data(), static_cast<std::size_t>(got)));
}

// The folder is of the process that was read; where it still has one after the pidfd was opened, the number was its own
// all the time, and so is the pidfd.
std::uint64_t ProcessReader::read_pidfd_id(int folder, pid_t pid) const {
    if (!root_.is_procfs || !root_.own_numbers) {
        return 0;
    }
    const auto pidfd = open_pidfd(pid);
    const std::uint64_t number = pidfd ? pidfd_id(*pidfd) : 0;
    return number != 0 && ::faccessat(folder, "stat", F_OK, 0) == 0 ? number : 0;
}

// The folder's descriptor goes on meaning this one process: after its end every read through it fails, whoever gets the
// number next (proc(5)). The second look at the start time is for trees that are no procfs.
base::Result<void> ProcessReader::read_raw(pid_t pid, std::uint64_t wanted_folder, bool with_pidfd_id) {
    std::array<char, 16> name{};
    *std::to_chars(name.data(), name.data() + name.size() - 1, pid).ptr = '\0';
    const base::UniqueFd folder(::openat(root_.fd.get(), name.data(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!folder) {
        return base::failed(base::error_from_errno(errno, fmt::format("Could not look at process {}", pid)));
    }
    struct stat status {};
    const bool is_there = root_.is_procfs && ::fstat(folder.get(), &status) == 0;
    if (wanted_folder != 0 && root_.is_procfs && !(is_there && status.st_ino == wanted_folder)) {
        return base::failed(base::ErrorKind::not_found, fmt::format("Process {} has ended", pid));
    }
    auto first = read_stat_in(folder.get(), pid);
    if (!first) {
        return base::failed(std::move(first.error()));
    }
    stat_ = std::move(*first);
    // procfs gives the folder itself, unlike the files in it, to the effective uid whether or not the process is
    // dumpable.
    uid_ = is_there ? std::optional(status.st_uid) : root_.is_procfs ? std::nullopt : uid_of_status(folder.get());
    executable_ = link_or_nothing(folder.get(), "exe", executable_text_);
    if (executable_ && executable_->ends_with(kDeletedTail)) {
        executable_->remove_suffix(kDeletedTail.size());
    }
    cwd_ = brief_ ? std::nullopt : link_or_nothing(folder.get(), "cwd", cwd_text_);
    command_line_ = read_command_line(folder.get());
    cgroup_ = read_cgroup(folder.get());
    pidfd_id_ = with_pidfd_id ? read_pidfd_id(folder.get(), pid) : 0;
    if (root_.is_procfs) {
        return {};
    }
    const auto last = read_stat_in(folder.get(), pid);
    if (!last || last->id != stat_.id) {
        return base::failed(base::ErrorKind::not_found, fmt::format("Process {} ended while it was looked at", pid));
    }
    return {};
}

base::Result<ProcessFacts> ProcessReader::read(pid_t pid, std::uint64_t folder) {
    if (auto done = read_raw(pid, folder, !brief_); !done) {
        return base::failed(std::move(done.error()));
    }
    ProcessFacts facts;
    facts.stat = stat_;
    facts.uid = uid_;
    facts.pidfd_id = pidfd_id_;
    facts.executable = as_string(executable_);
    facts.cwd = as_string(cwd_);
    facts.cgroup = as_string(cgroup_);
    if (command_line_) {
        facts.command_line = parse_command_line(*command_line_);
    }
    return facts;
}

ProcessReading ProcessReader::read_listed(pid_t pid, std::uint64_t folder) {
    auto facts = read(pid, folder);
    return facts ? ProcessReading{pid, folder, fingerprint_of_last(), std::move(*facts)} : ProcessReading{pid, folder};
}

std::uint64_t ProcessReader::fingerprint_of_last() const {
    Fingerprint fingerprint;
    fingerprint.add(stat_.id.start_time);
    fingerprint.add(static_cast<std::uint64_t>(stat_.parent));
    fingerprint.add(std::string_view(stat_.comm));
    fingerprint.add(uid_ ? std::uint64_t{*uid_} + 1 : 0);
    fingerprint.add(executable_);
    fingerprint.add(cwd_);
    fingerprint.add(command_line_);
    fingerprint.add(cgroup_);
    return fingerprint.value();
}

std::uint64_t ProcessReader::fingerprint(pid_t pid) {
    return read_raw(pid, 0, false) ? fingerprint_of_last() : 0;
}

} // namespace portside::platform
