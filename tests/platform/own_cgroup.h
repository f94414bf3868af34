// SPDX-License-Identifier: MIT
// cgroups that a test makes in the real cgroup2 hierarchy, which it mounts for itself. As root, in a mount namespace of
// its own (owners::in_own_processes). One thread.
#pragma once

#include <string>
#include <vector>

namespace portside::platform::test {

class OwnCgroups {
  public:
    OwnCgroups();  // throws std::runtime_error where the hierarchy cannot be mounted
    ~OwnCgroups(); // with all that were made in it; nobody may be in them any more
    OwnCgroups(const OwnCgroups&) = delete;
    OwnCgroups& operator=(const OwnCgroups&) = delete;

    // "web.service" becomes a directory below a slice of this object's own.
    void make(const std::string& name);
    // Moves the calling process there.
    void enter(const std::string& name) const;
    // False while somebody is in there.
    bool remove(const std::string& name);
    [[nodiscard]] std::string path(const std::string& name) const;   // as /proc/PID/cgroup names it
    [[nodiscard]] std::string folder(const std::string& name) const; // where it is seen

  private:
    std::string point_ = "/tmp/portside-cgroup-XXXXXX";
    std::string slice_;
    std::vector<std::string> made_;
};

} // namespace portside::platform::test
