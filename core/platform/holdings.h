// SPDX-License-Identifier: MIT
// Every descriptor that was seen to lead to a socket, listening or not, by inode. One object belongs to one thread.
#pragma once

#include "core/platform/process_look.h"

#include <span>
#include <vector>

namespace portside::platform {

class Holdings {
  public:
    // Replaces what is known of the tables that `looks` read (sorted by pid) by `found`, and forgets `ended` processes
    // (sorted). Appends to `lost` the inodes of holdings that a look no longer found. True when that changed anything.
    // `found` is sorted and emptied; buffers are reused.
    [[nodiscard]] bool replace(std::span<const Look> looks, std::span<const pid_t> ended, std::vector<Holding>& found,
                               std::vector<std::uint64_t>& lost);

    // By pid, thread and descriptor.
    [[nodiscard]] std::span<const Holding> of_socket(std::uint64_t inode) const;

    // The same for one inode after another, in ascending order: few steps where the next one is near.
    class InOrder {
      public:
        // `holdings` outlives it and does not change meanwhile.
        explicit InOrder(const Holdings& holdings) : rest_(holdings.all_) {}
        [[nodiscard]] std::span<const Holding> of_socket(std::uint64_t inode);

      private:
        std::span<const Holding> rest_;
    };

  private:
    void compare(std::span<const Look> looks, std::span<const pid_t> ended, std::vector<Holding>& found,
                 std::vector<std::uint64_t>& lost);
    void leave_out_gone();
    void put_in(std::span<const Holding> fresh); // sorted; none of them is known

    std::vector<Holding> all_;      // sorted, unique
    std::vector<std::size_t> gone_; // places in it
};

} // namespace portside::platform
