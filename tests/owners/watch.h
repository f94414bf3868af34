// SPDX-License-Identifier: MIT
// A scanner under test, and what its snapshots must say. Everything here throws Wrong where they say something else.
// One thread.
#pragma once

#include "core/snapshot/scanner.h"
#include "tests/owners/oracle.h"
#include "tests/owners/troupe.h"

#include <set>
#include <stdexcept>
#include <string>

namespace portside::owners {

struct Wrong : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The pids, in order, for messages.
[[nodiscard]] std::string text_of(const std::set<pid_t>& pids);
[[nodiscard]] std::set<pid_t> pids_of(const Holders& holders);

class Watch {
  public:
    explicit Watch(snapshot::ScannerOptions options = {}) : scanner_(std::move(options)) {}

    // At least one scan, and more until the scanner says that nothing is left to look for.
    void settle();
    void stay_quiet(); // some more: it must not matter where rotating work stands
    void scan();
    [[nodiscard]] bool unfinished() const;

    // After `action`: one scan (more only while the scanner says that it is unfinished); then exactly these processes
    // are the owners of the port, with the start times that they have now. The oracle must agree.
    void expect(const std::string& action, const Listener& socket, const std::set<pid_t>& pids);
    // The same, but up to so many scans may pass.
    void expect_within(std::size_t scans, const std::string& action, const Listener& socket,
                       const std::set<pid_t>& pids);
    // One scan later a row is there, without an owner, and says why.
    void expect_unowned(const std::string& action, const Listener& socket);
    void expect_no_row(const std::string& action, const Listener& socket);

    // What the newest snapshot says: whether the socket is in it, and who owns its address and port.
    [[nodiscard]] bool has_row(const Listener& socket) const;
    [[nodiscard]] Holders owners(const Listener& socket) const;
    [[nodiscard]] const snapshot::Snapshot& newest() const { return *newest_; }
    [[nodiscard]] const snapshot::Scanner& scanner() const { return scanner_; }

  private:
    void compare(const std::string& action, const Listener& socket, const std::set<pid_t>& pids) const;

    snapshot::Scanner scanner_;
    snapshot::SnapshotPtr newest_;
};

// Scans that follow each other while the scanner is unfinished: more is a scanner that never ends.
inline constexpr std::size_t kFollowUps = 200;

} // namespace portside::owners
