// SPDX-License-Identifier: MIT
// Comparing snapshots with what must be. One thread.
#include "tests/owners/watch.h"

#include "tests/owners/scan_work.h"

#include <algorithm>
#include <fmt/format.h>

namespace portside::owners {

std::string text_of(const std::set<pid_t>& pids) {
    return fmt::format("{{{}}}", fmt::join(pids, ", "));
}

std::set<pid_t> pids_of(const Holders& holders) {
    std::set<pid_t> pids;
    std::transform(holders.begin(), holders.end(), std::inserter(pids, pids.end()),
                   [](const platform::ProcessId& id) { return id.pid; });
    return pids;
}

void Watch::scan() {
    auto taken = scanner_.scan();
    if (!taken) {
        throw Wrong("the scan failed: " + taken.error().what);
    }
    newest_ = *taken;
}

bool Watch::unfinished() const {
    return owners::unfinished(scanner_);
}

void Watch::settle() {
    scan();
    for (std::size_t i = 0; i < kFollowUps && unfinished(); ++i) {
        scan();
    }
}

void Watch::stay_quiet() {
    constexpr int kQuietScans = 5;
    for (int i = 0; i < kQuietScans; ++i) {
        settle();
    }
}

bool Watch::has_row(const Listener& socket) const {
    return std::any_of(newest_->rows.begin(), newest_->rows.end(), [&](const snapshot::Row& row) {
        return std::any_of(row.sockets.begin(), row.sockets.end(),
                           [&](const platform::SocketEntry& entry) { return entry.inode == socket.inode; });
    });
}

// Other programs may have taken the port at another address: SO_REUSEPORT alone makes it the same row's.
Holders Watch::owners(const Listener& socket) const {
    Holders holders;
    const std::string loopback = socket.kind.back() == '6' ? "::1" : "127.0.0.1";
    for (const snapshot::Row& row : newest_->rows) {
        const bool same = row.key.port == socket.port && row.key.protocol == socket.protocol() &&
                          std::any_of(row.sockets.begin(), row.sockets.end(), [&](const platform::SocketEntry& entry) {
                              return to_string(entry.local.address) == loopback;
                          });
        if (!same) {
            continue;
        }
        for (const snapshot::Owner& owner : row.owners) {
            holders.insert(owner.id);
            if (newest_->find_process(owner.id) == nullptr) {
                throw Wrong(fmt::format("port {}: owner {} is no process of the snapshot", socket.port, owner.id.pid));
            }
        }
        if (row.owners.empty() != row.unknown.has_value()) {
            throw Wrong(fmt::format("port {}: a row with {} owners, and a reason why none is known: {}", socket.port,
                                    row.owners.size(), row.unknown.has_value()));
        }
    }
    return holders;
}

void Watch::compare(const std::string& action, const Listener& socket, const std::set<pid_t>& pids) const {
    const Holders found = owners(socket);
    if (pids_of(found) != pids || !has_row(socket)) {
        throw Wrong(fmt::format("after '{}': {} port {} must have the owners {}, found {}{}", action, socket.kind,
                                socket.port, text_of(pids), text_of(pids_of(found)),
                                has_row(socket) ? "" : " (there is no row)"));
    }
    for (const platform::ProcessId& id : found) {
        if (const auto now = identity_of(id.pid); now != id) {
            throw Wrong(fmt::format("after '{}': {} port {}: process {} was started at {}, found {}", action,
                                    socket.kind, socket.port, id.pid, now.start_time, id.start_time));
        }
    }
}

void Watch::expect_within(std::size_t scans, const std::string& action, const Listener& socket,
                          const std::set<pid_t>& pids) {
    // The test's own idea first: when this is wrong, the scanner is not to blame.
    const std::set<pid_t> held = pids_of(read_truth().required(socket.inode));
    if (held.empty() != pids.empty() || !std::includes(pids.begin(), pids.end(), held.begin(), held.end())) {
        throw Wrong(fmt::format("after '{}': the oracle says that {} port {} is held by {}, the test {}", action,
                                socket.kind, socket.port, text_of(held), text_of(pids)));
    }
    for (std::size_t done = 1;; ++done) {
        settle();
        if (done >= scans || (has_row(socket) && pids_of(owners(socket)) == pids)) {
            break;
        }
    }
    compare(action, socket, pids);
}

void Watch::expect(const std::string& action, const Listener& socket, const std::set<pid_t>& pids) {
    expect_within(1, action, socket, pids);
}

void Watch::expect_unowned(const std::string& action, const Listener& socket) {
    settle();
    compare(action, socket, {});
}

void Watch::expect_no_row(const std::string& action, const Listener& socket) {
    settle();
    if (has_row(socket)) {
        throw Wrong(fmt::format("after '{}': {} port {} must be gone, found a row of {}", action, socket.kind,
                                socket.port, text_of(pids_of(owners(socket)))));
    }
}

} // namespace portside::owners
