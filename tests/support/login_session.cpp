// SPDX-License-Identifier: MIT
// cgroups(7), version 2: a directory is a cgroup, and a process enters it by its number. One thread.
#include "tests/support/login_session.h"

#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace portside::support {
namespace {

void must_work(bool worked, const std::string& what) {
    if (!worked) {
        throw std::runtime_error(what + ": " + std::system_category().message(errno));
    }
}

} // namespace

LoginSession::LoginSession(const PolkitSandbox& sandbox) : sandbox_(sandbox) {
    const auto inside = sandbox.root();
    cgroups_ = base::UniqueFd(open((inside.files + "/sys/fs/cgroup").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    struct stat processes {};
    must_work(cgroups_ && fstat(inside.processes, &processes) == 0, "the sandbox's cgroups");
    slice_ = "portside" + std::to_string(processes.st_ino) + ".slice"; // no other sandbox is that pid namespace
    scope_ = slice_ + "/session-" + PolkitSandbox::session() + ".scope";
    must_work(mkdirat(cgroups_.get(), slice_.c_str(), 0755) == 0, "making " + slice_);
    must_work(mkdirat(cgroups_.get(), scope_.c_str(), 0755) == 0, "making " + scope_);
}

LoginSession::~LoginSession() {
    for (const auto& name : {scope_, slice_}) {
        // A process that was reaped leaves its cgroup a moment later.
        static_cast<void>(
            wait_until([&] { return unlinkat(cgroups_.get(), name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT; }));
    }
}

void LoginSession::enter(const Child& child) const {
    const std::string file = scope_ + "/cgroup.procs";
    const std::string pid = std::to_string(child.pid());
    const base::UniqueFd procs(openat(cgroups_.get(), file.c_str(), O_WRONLY | O_CLOEXEC));
    must_work(procs && write(procs.get(), pid.data(), pid.size()) == static_cast<ssize_t>(pid.size()),
              "entering " + scope_);
}

Child LoginSession::start_agent(int answers) const {
    Child agent = sandbox_.start_waiting(sandbox_.caller(),
                                         {PolkitSandbox::program("test_agent"), "session:" + PolkitSandbox::session(),
                                          "answer", PolkitSandbox::password(), std::to_string(answers)});
    enter(agent);
    agent.write("go\n");
    agent.expect("registered");
    return agent;
}

} // namespace portside::support
