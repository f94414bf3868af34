// SPDX-License-Identifier: MIT
// A private bus with a stand-in for systemd's manager on it (test_manager), in a folder of their own. One thread: the
// test's own.
#pragma once

#include "tests/support/child.h"

#include <filesystem>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace portside::support {

// A folder of a test's own, removed with what is in it.
class ScratchFolder {
  public:
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    [[nodiscard]] std::string path(const std::string& name = "") const { return (folder_ / name).string(); }

  private:
    std::filesystem::path folder_;
};

// A bus with nobody on it.
class PrivateBus {
  public:
    explicit PrivateBus(const ScratchFolder& folder);
    [[nodiscard]] const std::string& address() const { return address_; }
    void end() { daemon_.send_signal(9); }

  private:
    Child daemon_;
    std::string address_;
};

struct ManagedProcess {
    pid_t pid = 0;
    std::string port;
};

// test_manager, once it is ready.
class ManagerStandIn {
  public:
    // `how`: "bus" with an address, or "direct" with a path. `program`: where it is a copy of test_manager, with its
    // first arguments.
    ManagerStandIn(const std::string& how, const std::string& where, std::vector<std::string> program = {});
    // Of a unit as it was started first.
    [[nodiscard]] const ManagedProcess& of(const std::string& unit) const { return processes_.at(unit); }
    // The process that was started in place of one that ended; throws where none is.
    [[nodiscard]] ManagedProcess restarted(const std::string& unit);
    // Waits until StopUnit of prompt.service has come.
    void expect_prompt() { program_.expect("prompt\n"); }
    // Waits until StopUnit of this unit has come.
    void expect_stop(const std::string& unit) { program_.expect("stop " + unit + "\n"); }
    // Of which units StopUnit has come so far.
    [[nodiscard]] bool was_asked_to_stop(const std::string& unit) {
        return program_.output().find("stop " + unit + "\n") != std::string::npos;
    }
    // The password was given, or the slow job is done.
    void go_on() { program_.write("go\n"); }
    [[nodiscard]] pid_t pid() const { return program_.pid(); }
    void end() { program_.send_signal(9); }

  private:
    Child program_;
    std::map<std::string, ManagedProcess> processes_;
    std::size_t seen_ = 0; // of its output
};

} // namespace portside::support
