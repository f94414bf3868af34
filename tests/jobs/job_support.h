// SPDX-License-Identifier: MIT
// Children of the test's own, scripts that stand for pkexec, and a recorder of job events. Main thread of a test only.
#pragma once

#include "core/base/unique_fd.h"
#include "core/jobs/job_thread.h"
#include "core/platform/process_id.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace portside::tests {

// Long enough for a busy machine under a sanitizer; a test that waits this long has failed.
inline constexpr std::chrono::seconds kPatience{60};

// Asks again and again, with short pauses, until it is so. False after kPatience.
[[nodiscard]] bool wait_until(const std::function<bool()>& so);

// A process of ours that runs `prepare` and then sleeps until it is killed. Killed and reaped at the end of the test.
class TestChild {
  public:
    // Returns after `prepare` has run in the child. Only async-signal-safe calls there.
    explicit TestChild(const std::function<void()>& prepare = {});
    TestChild(TestChild&& other) noexcept;
    TestChild(const TestChild&) = delete;
    TestChild& operator=(const TestChild&) = delete;
    TestChild& operator=(TestChild&&) = delete;
    ~TestChild();

    [[nodiscard]] pid_t pid() const { return id_.pid; }
    [[nodiscard]] const platform::ProcessId& id() const { return id_; }
    [[nodiscard]] bool runs() const; // false for a zombie
    // The signal that ended it; nothing when it runs or exited. Does not reap.
    [[nodiscard]] std::optional<int> ended_by() const;

  private:
    platform::ProcessId id_;
};

// A child that ignores SIGTERM.
[[nodiscard]] TestChild stubborn_child();

// Runs `body` in a child of ours and returns what it returned; -1 when it did not end by itself. For tests that change
// the process: another user, closed descriptors. Only before a thread was started.
[[nodiscard]] int in_child(const std::function<int()>& body);

// Whether the event's sentence has these words.
[[nodiscard]] bool says(const jobs::JobEvent& event, const std::string& words);

// A TCP socket that listens on a free port of 127.0.0.1.
struct Listener {
    base::UniqueFd fd;
    std::uint64_t inode = 0;
};
[[nodiscard]] Listener listen_on_loopback();

// A fresh folder, removed with its content.
class TempFolder {
  public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    [[nodiscard]] std::string path(const std::string& name) const { return path_ + "/" + name; }
    // An executable shell script; $dir is this folder in it. Returns its path.
    [[nodiscard]] std::string script(const std::string& body) const;
    // A file's content, or nothing.
    [[nodiscard]] std::optional<std::string> read(const std::string& name) const;

  private:
    std::string path_;
};

// What a script does first that stays open like a password prompt: it writes its pid, whole, to the file "pid".
inline constexpr const char* kPrompt = "echo $$ > $dir/pid.new; mv $dir/pid.new $dir/pid; exec sleep 1000";
// A pidfd of the script above, once it is there.
[[nodiscard]] base::UniqueFd wait_for_prompt(const TempFolder& folder, pid_t* pid = nullptr);

// A JobThread and everything that it told.
class Jobs {
  public:
    explicit Jobs(jobs::JobSystem system = {});
    [[nodiscard]] jobs::JobThread& thread() { return *thread_; }
    // The event of this stage, waited for; a failed test when it does not come.
    jobs::JobEvent wait_for(jobs::JobId job, jobs::Stage stage);
    // The stages of a job so far, after its last one (ended, refused, revealed) was waited for.
    [[nodiscard]] std::vector<jobs::Stage> stages(jobs::JobId job);
    [[nodiscard]] jobs::JobEvent wait_for_end(jobs::JobId job);
    // Of a port watch.
    [[nodiscard]] jobs::JobEvent wait_for_last_look(jobs::JobId job);
    // How many events of the job have come so far.
    [[nodiscard]] std::size_t count(jobs::JobId job) const;
    void stop() { thread_.reset(); }

  private:
    [[nodiscard]] std::optional<jobs::JobEvent> find(const std::function<bool(const jobs::JobEvent&)>& wanted);
    jobs::JobEvent wait(const std::function<bool(const jobs::JobEvent&)>& wanted);

    std::mutex mutex_;
    std::condition_variable woken_;
    bool awake_ = false; // guarded by mutex_
    std::vector<jobs::JobEvent> events_;
    std::optional<jobs::JobThread> thread_;
};

// Signals as they are, but nobody is asked about first: a test's children are no part of the session.
[[nodiscard]] jobs::JobSystem system_with(std::string pkexec);
[[nodiscard]] jobs::KillRequest kill_of(const TestChild& child, platform::Signal signal = platform::Signal::term);
[[nodiscard]] jobs::KillRequest elevated_kill_of(const TestChild& child,
                                                 platform::Signal signal = platform::Signal::term);

} // namespace portside::tests
