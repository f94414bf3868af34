// SPDX-License-Identifier: MIT
// The processes of a login session inside a polkit sandbox: a cgroup named as logind names it, which is how polkit
// finds the session of a process. One thread: the test's own.
#pragma once

#include "tests/support/polkit_sandbox.h"

#include <string>

namespace portside::support {

class LoginSession {
  public:
    // The sandbox has a session (see Session). Throws std::runtime_error where the cgroup cannot be made.
    explicit LoginSession(const PolkitSandbox& sandbox);
    LoginSession(const LoginSession&) = delete;
    LoginSession& operator=(const LoginSession&) = delete;
    // Waits until everybody in it has ended, and removes it.
    ~LoginSession();

    // Moves a process of the sandbox into the session, with what it will start.
    void enter(const Child& child) const;
    // An agent for the whole session that knows the password and types it at most `answers` times.
    [[nodiscard]] Child start_agent(int answers = 1000) const;

  private:
    const PolkitSandbox& sandbox_;
    base::UniqueFd cgroups_; // the hierarchy's root
    std::string slice_, scope_;
};

} // namespace portside::support
