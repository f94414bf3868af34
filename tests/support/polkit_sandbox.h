// SPDX-License-Identifier: MIT
// A machine within the machine, for tests as root: the real dbus-daemon and polkitd in mount, pid and network
// namespaces of their own, with users and a password of the test's own. Nothing outside changes, and everything inside
// ends with this object, or with this process. One thread. Throws std::runtime_error where a part is missing: such a
// test fails.
#pragma once

#include "tests/support/child.h"

#include <memory>
#include <string>
#include <vector>

namespace portside::support {

// What polkit says when the caller asks to run a program as root: yes, no, the administrator's password; or yes to all
// but the kill, which takes the password; the password, kept for a while, as an active session has it; or what our own
// actions' defaults say.
enum class Rule { yes, no, ask, ask_for_kill, keep, defaults };

// Whether our privileged helper and its polkit actions are installed beside the programs; installed, but so that others
// than root could write the helper; or so that nobody can start it. Where it is installed well, polkit says no to every
// other program.
enum class Helper { none, installed, writable, not_executable };

// Whether the caller has a local login session, and whether it is the one in front. A LoginSession puts processes
// there.
enum class Session { none, active, inactive };

class PolkitSandbox {
  public:
    explicit PolkitSandbox(Rule rule, Helper helper = Helper::none, Session session = Session::none);
    PolkitSandbox(const PolkitSandbox&) = delete;
    PolkitSandbox& operator=(const PolkitSandbox&) = delete;
    ~PolkitSandbox();

    // Three users: the one who asks, another who owns what is to be killed, and root.
    [[nodiscard]] Place caller() const;
    [[nodiscard]] Place other_user() const;
    [[nodiscard]] Place root() const;
    // The password of the administrator whom polkit asks for.
    [[nodiscard]] static const char* password() { return "portside test"; }

    // Where every user inside can read a copy of our program: portside, portside-overlay, test_listener, test_pids,
    // test_server, test_agent, test_tray_host, test_portal, no_dlclose.so.
    [[nodiscard]] static std::string program(const std::string& name) { return "/run/portside-test/bin/" + name; }
    // The installed helper, for tests that start it by pkexec themselves.
    [[nodiscard]] static std::string helper();
    // The name of the caller's login session.
    [[nodiscard]] static std::string session() { return "c7"; }
    // A plain user's environment.
    [[nodiscard]] static std::vector<std::string> environment();

    // A program that waits until it is released: its pid is known before it does anything, so that an agent can be
    // registered for it. Release it by writing a line.
    [[nodiscard]] Child start_waiting(const Place& place, const std::vector<std::string>& argv,
                                      bool terminal = false) const;
    [[nodiscard]] Child start(const Place& place, const std::vector<std::string>& argv, bool terminal = false) const;
    // pkttyagent on a terminal of its own, registered for that process (its pid inside); it asks "Password: " there.
    [[nodiscard]] Child start_terminal_agent(pid_t inner_pid) const;
    // The agent whose user always cancels (or never answers), registered for that process.
    [[nodiscard]] Child start_cancelling_agent(pid_t inner_pid, bool silent = false) const;
    // The agent that knows the password, registered for that process; it types it at most `answers` times, and then
    // its user cancels.
    [[nodiscard]] Child start_answering_agent(pid_t inner_pid, int answers) const;
    [[nodiscard]] Outcome run(const Place& place, const std::vector<std::string>& argv) const;
    // Whether anything listens on that TCP port of the sandbox's network, as the kernel itself says.
    [[nodiscard]] bool listens(int port) const;

  private:
    [[nodiscard]] Place place(uid_t uid) const;

    std::unique_ptr<Child> machine_;
    base::UniqueFd mounts_, processes_, network_, root_;
    std::string files_;
};

} // namespace portside::support
