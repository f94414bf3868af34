// SPDX-License-Identifier: MIT
// A child that carries out one order at a time and stands still in between. One thread; it must outlive the child.
#pragma once

#include "core/base/unique_fd.h"

#include <functional>
#include <stdexcept>
#include <string>
#include <sys/types.h>

namespace portside::platform::test {

class Puppet {
  public:
    // `act` runs in the child, once for each order. It may exec another program. Returns when the child stands still.
    explicit Puppet(const std::function<void(char)>& act);
    ~Puppet(); // killed and reaped
    Puppet(const Puppet&) = delete;
    Puppet& operator=(const Puppet&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }
    // Returns when the order has been carried out, or the child is another program, or it has ended.
    void order(char what);
    // Has ended, but its number is still its own.
    void kill_without_reaping() const;
    void end(); // and its number is free

  private:
    pid_t pid_ = -1;
    base::UniqueFd channel_;
};

// For parts of a test that run in a child, where doctest's own checks tell nobody.
inline void must(bool holds, const std::string& what) {
    if (!holds) {
        throw std::runtime_error("not true: " + what);
    }
}

// A TCP socket without a name.
[[nodiscard]] base::UniqueFd new_socket();
// The inode number of an open socket.
[[nodiscard]] std::uint64_t inode_of(int socket);

} // namespace portside::platform::test
