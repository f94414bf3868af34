// SPDX-License-Identifier: MIT
// The same question to the kernel that SockDiag asks, with the answer's bytes only received: the least that a dump can
// cost, and bytes to parse. One thread.
#pragma once

#include "core/base/unique_fd.h"
#include "core/platform/sock_diag.h"

#include <cstdint>
#include <vector>

namespace portside::bench {

struct RawDump {
    platform::DumpExpected expected;
    std::vector<std::vector<std::uint8_t>> datagrams; // empty where they were not kept
    bool whole = false;                               // the kernel's last message came
};

class RawReceiver {
  public:
    RawReceiver();

    // `keep`: whether the datagrams are copied for the caller.
    [[nodiscard]] RawDump receive(platform::Protocol protocol, platform::Family family, bool keep);

  private:
    base::UniqueFd socket_; // one for all dumps; empty where it could not be opened
    std::uint32_t port_id_ = 0;
    std::uint32_t sequence_ = 0;
    std::vector<std::uint8_t> buffer_;
};

} // namespace portside::bench
