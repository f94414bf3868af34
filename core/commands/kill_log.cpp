// SPDX-License-Identifier: MIT
// open(2) with O_APPEND, flock(2) while a full file is put aside, rename(2). Any thread.
#include "core/commands/kill_log.h"

#include "core/base/text.h"
#include "core/base/unique_fd.h"
#include "core/platform/users.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace portside::commands {

namespace {

constexpr off_t kMostBytes = 1 << 20;
constexpr std::size_t kLongestLine = 2000;

std::string from_environment(const char* name) {
    const char* const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nothing of ours sets variables
    return value == nullptr || *value != '/' ? std::string() : std::string(value);
}

base::Error error_of(int number, const std::string& path) {
    return base::error_from_errno(number, fmt::format("Could not write {}", base::sanitise(path, 400)));
}

void make_folders(const std::filesystem::path& folder) {
    std::filesystem::path made;
    for (const auto& part : folder) {
        made /= part;
        ::mkdir(made.c_str(), 0700); // what fails here fails at the open, too
    }
}

// Never waits: not for the other end of a pipe that somebody put there, nor for a terminal.
base::UniqueFd open_log(const std::string& path) {
    constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    base::UniqueFd file(::open(path.c_str(), kFlags, 0600));
    if (!file && errno == ENOENT) {
        make_folders(std::filesystem::path(path).parent_path());
        file.reset(::open(path.c_str(), kFlags, 0600));
    }
    return file;
}

// Whether the file is full. Another Portside may have put it aside just now: then `path` means another file.
bool is_full_and_here(const base::UniqueFd& file, const std::string& path) {
    struct stat own {};
    struct stat here {};
    return ::fstat(file.get(), &own) == 0 && own.st_size >= kMostBytes && ::lstat(path.c_str(), &here) == 0 &&
           own.st_ino == here.st_ino && own.st_dev == here.st_dev;
}

bool is_regular(const base::UniqueFd& file) {
    struct stat status {};
    return ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode);
}

} // namespace

std::string kill_log_path() {
    auto folder = from_environment("XDG_STATE_HOME");
    if (folder.empty()) {
        const auto home = from_environment("HOME");
        if (home.empty()) {
            return {};
        }
        folder = home + "/.local/state";
    }
    return folder + "/portside/kills.log";
}

std::string kill_log_line(std::chrono::system_clock::time_point when, const std::string& text) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(when);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    std::array<char, 40> date{};
    std::strftime(date.data(), date.size(), "%FT%T", &local);
    const long minutes = local.tm_gmtoff / 60;
    const uid_t uid = ::getuid();
    platform::Users users;
    return base::sanitise(fmt::format("{}{}{:02}:{:02} {} ({}): {}", date.data(), minutes < 0 ? '-' : '+',
                                      std::labs(minutes) / 60, std::labs(minutes) % 60, users.name(uid), uid, text),
                          kLongestLine);
}

base::Result<void> append_to_kill_log(const std::string& path, const std::string& line) {
    auto file = open_log(path);
    if (!file) {
        return base::failed(error_of(errno, path));
    }
    if (!is_regular(file)) {
        return base::failed(error_of(EINVAL, path));
    }
    // Held only while a full file is put aside; on a file system without locks two of us could do so at once, and lose
    // an old file.
    if (is_full_and_here(file, path) && ::flock(file.get(), LOCK_EX) == 0 && is_full_and_here(file, path)) {
        if (::rename(path.c_str(), (path + ".1").c_str()) != 0) {
            return base::failed(error_of(errno, path + ".1"));
        }
    }
    if (struct stat status{}; ::fstat(file.get(), &status) == 0 && status.st_size >= kMostBytes) {
        file = open_log(path);
        if (!file) {
            return base::failed(error_of(errno, path));
        }
    }
    const std::string whole = line + "\n";
    ssize_t written = 0;
    do {
        written = ::write(file.get(), whole.data(), whole.size());
    } while (written < 0 && errno == EINTR);
    if (written != static_cast<ssize_t>(whole.size())) {
        return base::failed(error_of(written < 0 ? errno : ENOSPC, path));
    }
    return {};
}

KillLog::~KillLog() {
    finish();
}

void KillLog::finish() {
    thread_.request_stop();
    if (thread_.joinable()) {
        thread_.join();
    }
    path_.clear();
}

void KillLog::add(const std::string& text) {
    if (path_.empty()) {
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        lines_.push_back({std::chrono::system_clock::now(), text});
    }
    if (thread_.joinable()) {
        added_.notify_one();
        return;
    }
    try {
        thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    } catch (const std::system_error& error) {
        const std::lock_guard lock(mutex_);
        lines_.clear();
        problem_ = fmt::format("Kills are not written to {}: {}.", path_, error.what());
    }
}

std::optional<std::string> KillLog::problem() {
    const std::lock_guard lock(mutex_);
    if (!problem_ || std::exchange(told_, true)) {
        return std::nullopt;
    }
    return problem_;
}

void KillLog::run(const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), "kill log");
    sigset_t all; // signals are for the main thread
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    for (;;) {
        std::vector<Line> lines;
        {
            std::unique_lock lock(mutex_);
            added_.wait(lock, stop, [this] { return !lines_.empty(); });
            lines.swap(lines_);
        }
        if (lines.empty()) {
            return; // asked to stop, and nothing is left
        }
        for (const auto& line : lines) {
            write(line);
        }
    }
}

// The user's name is looked up here: that may ask a server.
void KillLog::write(const Line& line) {
    const auto written = append_to_kill_log(path_, kill_log_line(line.when, line.text));
    if (written) {
        return;
    }
    bool news = false;
    {
        const std::lock_guard lock(mutex_);
        news = !problem_;
        if (news) {
            problem_ = fmt::format("Kills are not written to the log. {}.", written.error().what);
        }
    }
    if (news && wake_) {
        wake_();
    }
}

} // namespace portside::commands
