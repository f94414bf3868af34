// SPDX-License-Identifier: MIT
// cgroups of a test's own. One thread.
#include "tests/platform/own_cgroup.h"

#include "tests/platform/puppet.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace portside::platform::test {

namespace {

void must_work(bool worked, const std::string& what) {
    must(worked, what + ": " + std::system_category().message(errno));
}

} // namespace

OwnCgroups::OwnCgroups() {
    must_work(::mkdtemp(point_.data()) != nullptr && ::chmod(point_.c_str(), 0755) == 0, "a folder");
    must_work(::mount("cgroup2", point_.c_str(), "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) == 0,
              "mounting cgroup2");
    struct stat processes {};
    must_work(::stat("/proc/self/ns/pid", &processes) == 0, "the pid namespace");
    slice_ = fmt::format("portside{}.slice", processes.st_ino); // no other test is in that namespace
    must_work(::mkdir((point_ + "/" + slice_).c_str(), 0755) == 0, "making " + slice_);
}

OwnCgroups::~OwnCgroups() {
    for (auto name = made_.rbegin(); name != made_.rend(); ++name) {
        // A process that was reaped leaves its cgroup a moment later.
        static_cast<void>(support::wait_until([&] { return ::rmdir(folder(*name).c_str()) == 0 || errno == ENOENT; }));
    }
    ::rmdir((point_ + "/" + slice_).c_str());
    ::umount2(point_.c_str(), MNT_DETACH);
    ::rmdir(point_.c_str());
}

std::string OwnCgroups::folder(const std::string& name) const {
    return point_ + "/" + slice_ + "/" + name;
}

std::string OwnCgroups::path(const std::string& name) const {
    return "/" + slice_ + "/" + name;
}

void OwnCgroups::make(const std::string& name) {
    must_work(::mkdir(folder(name).c_str(), 0755) == 0, "making " + name);
    made_.push_back(name);
}

void OwnCgroups::enter(const std::string& name) const {
    const base::UniqueFd file(::open((folder(name) + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
    must_work(file && ::write(file.get(), "0", 1) == 1, "entering " + name);
}

bool OwnCgroups::remove(const std::string& name) {
    if (::rmdir(folder(name).c_str()) != 0) {
        return false;
    }
    std::erase(made_, name);
    return true;
}

} // namespace portside::platform::test
