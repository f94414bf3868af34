// SPDX-License-Identifier: MIT
// Reads the connections of one row, and who is at the other end of those that stay on this machine. One object belongs
// to one thread.
#pragma once

#include "core/platform/owner_index.h"
#include "core/platform/port_connections.h"
#include "core/platform/process_reader.h"
#include "core/snapshot/row_connections.h"

#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace portside::snapshot {

class ConnectionsReader {
  public:
    // `descriptors`: about how many may be read at once to find out who is at the other end; 0: no limit.
    ConnectionsReader(std::string proc_root, std::size_t descriptors)
        : proc_root_(std::move(proc_root)), descriptors_(descriptors) {}

    // `sockets`: as they were listed by the last scan.
    [[nodiscard]] RowConnections read(const ConnectionsWish& wish, std::span<const platform::SocketEntry> sockets);
    // Nothing more is read until the next wish: what was learnt of other processes is forgotten.
    void forget();

  private:
    // Who holds the sockets at the other ends.
    struct Peers {
        Peers(const std::string& proc_root, std::size_t descriptors) : index(proc_root), reader(index.root()) {
            index.set_limit(descriptors);
        }
        platform::OwnerIndex index;
        platform::ProcessReader reader;
        std::unordered_map<pid_t, std::pair<ProcessId, std::string>> names;
    };
    void find_peers(std::span<const platform::PortConnection> found, RowConnections& told);
    [[nodiscard]] const std::string& name_of(const ProcessId& process);

    std::string proc_root_;
    std::size_t descriptors_;
    platform::PortConnections connections_;
    std::unique_ptr<Peers> peers_; // none until they are needed
    std::vector<platform::PortConnection> found_;
};

} // namespace portside::snapshot
