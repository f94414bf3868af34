// SPDX-License-Identifier: MIT
// kills.log: one line for each kill, for a person to read later. Lines are written by a thread of its own, so a disk
// that hangs delays neither window nor kills; what cannot be written is told once and lost, nothing else is. Any
// thread.
#pragma once

#include "core/base/result.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace portside::commands {

// $XDG_STATE_HOME/portside/kills.log, or ~/.local/state/portside/kills.log; empty where neither says an absolute path.
[[nodiscard]] std::string kill_log_path();

// "2026-11-24T12:50:23+01:00 ada (1000): TEXT", one line, whatever is in `text`.
[[nodiscard]] std::string kill_log_line(std::chrono::system_clock::time_point when, const std::string& text);

// Appends the line, and its line break, in one write (O_APPEND; the file is made with mode 0600, missing folders with
// 0700). A file of more than 1 MiB becomes PATH.1 first. Blocks as long as the disk does.
[[nodiscard]] base::Result<void> append_to_kill_log(const std::string& path, const std::string& line);

class KillLog {
  public:
    // An empty path: nothing is written. `wake` is called on the log's thread when problem() has something.
    KillLog(std::string path, std::function<void()> wake) : path_(std::move(path)), wake_(std::move(wake)) {}
    // Writes what is left.
    ~KillLog();
    KillLog(const KillLog&) = delete;
    KillLog& operator=(const KillLog&) = delete;

    // Starts the thread with the first line. Never blocks.
    void add(const std::string& text);
    // Writes what is left, however long that takes, and nothing after that.
    void finish();
    // Why lines are lost, as a sentence: once.
    [[nodiscard]] std::optional<std::string> problem();

  private:
    struct Line {
        std::chrono::system_clock::time_point when;
        std::string text;
    };
    void run(const std::stop_token& stop);
    void write(const Line& line);

    std::string path_;
    std::function<void()> wake_;
    std::mutex mutex_;
    std::condition_variable_any added_;
    std::vector<Line> lines_;            // guarded by mutex_
    std::optional<std::string> problem_; // guarded by mutex_
    bool told_ = false;                  // guarded by mutex_

    std::jthread thread_; // last: it uses everything above
};

} // namespace portside::commands
