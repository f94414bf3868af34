// SPDX-License-Identifier: MIT
// core/snapshot/scanner: when a scan can be spared. Anybody on the machine may begin or end at any time, so these cases
// run beside nothing.
#include "core/base/unique_fd.h"
#include "core/snapshot/scanner.h"
#include "core/snapshot/scanner_thread.h"
#include "tests/platform/puppet.h"
#include "tests/snapshot/own_listener.h"
#include "tests/support/passed_descriptor.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <doctest/doctest.h>
#include <optional>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace portside;
using platform::test::Puppet;
using snapshot::Scanner;
using snapshot::test::OwnListener;

namespace {

bool lists(Scanner& scanner, std::uint16_t port) {
    const auto found = scanner.scan();
    REQUIRE(found);
    return std::ranges::any_of((*found)->rows, [&](const auto& row) { return row.key.port == port; });
}

// Scans until nothing more happens; false where the kernel does not tell, so that it is never quiet.
bool becomes_quiet(Scanner& scanner) {
    for (int i = 0; i < 3; ++i) { // it listens to the kernel from the second scan on, and to all of it from the third
        REQUIRE(scanner.scan());
    }
    return platform::ForkExitEvents().is_told() && platform::ProcessEvents().is_told() &&
           support::wait_until([&] { return scanner.is_quiet() || !scanner.scan(); });
}

// While it lives nothing more can be opened.
class NoMoreDescriptors {
  public:
    NoMoreDescriptors() {
        REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
        const rlimit none{0, before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    }
    ~NoMoreDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    NoMoreDescriptors(const NoMoreDescriptors&) = delete;
    NoMoreDescriptors& operator=(const NoMoreDescriptors&) = delete;

  private:
    rlimit before_{};
};

} // namespace

TEST_CASE("quiet scans - what nobody tells is seen although scans are spared") {
    std::array<int, 2> pair{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) == 0);
    const base::UniqueFd ours(pair[0]);
    const base::UniqueFd theirs(pair[1]);
    Puppet child([&](char) { static_cast<void>(support::keep_descriptor(theirs.get())); });
    const OwnListener listener; // which the child has no copy of
    snapshot::ScannerThread scanner({}, std::chrono::milliseconds(5), nullptr);
    const auto owners = [&]() -> std::size_t {
        const auto newest = scanner.report().snapshot;
        if (!newest) {
            return 0;
        }
        const auto row =
            std::ranges::find_if(newest->rows, [&](const auto& one) { return one.key.port == listener.port(); });
        return row == newest->rows.end() ? 0 : row->owners.size();
    };
    REQUIRE(support::wait_until([&] { return owners() == 1; }));
    REQUIRE(support::send_descriptor(ours.get(), listener.fd()));
    child.order('k');
    CHECK(support::wait_until([&] { return owners() == 2; }));
}

TEST_CASE("quiet scans - a scan can be spared until a socket or a process is news") {
    Scanner scanner({});
    CHECK_FALSE(scanner.is_quiet()); // nothing was scanned yet
    if (!becomes_quiet(scanner)) {
        CHECK_FALSE(scanner.is_quiet());
        return;
    }
    std::optional<OwnListener> listener(std::in_place);
    const std::uint16_t port = listener->port();
    CHECK_FALSE(scanner.is_quiet());
    CHECK_FALSE(scanner.is_quiet()); // it stays news until it was scanned
    CHECK(lists(scanner, port));
    REQUIRE(becomes_quiet(scanner));
    listener.reset();
    CHECK_FALSE(scanner.is_quiet());
    CHECK_FALSE(lists(scanner, port));

    REQUIRE(becomes_quiet(scanner));
    Puppet child([](char) { ::prctl(PR_SET_NAME, "another name"); });
    CHECK_FALSE(scanner.is_quiet()); // it began
    REQUIRE(becomes_quiet(scanner));
    child.order('n');
    CHECK_FALSE(scanner.is_quiet());
    REQUIRE(becomes_quiet(scanner));
    child.end();
    CHECK_FALSE(scanner.is_quiet());
}

TEST_CASE("quiet scans - after one that failed none is spared") {
    Scanner scanner({.source = platform::SourceChoice::proc});
    if (!becomes_quiet(scanner)) {
        return;
    }
    {
        const NoMoreDescriptors none; // the tables of /proc/net cannot be opened
        CHECK_FALSE(scanner.scan());
    }
    CHECK_FALSE(scanner.is_quiet());
    REQUIRE(scanner.scan());
    CHECK(becomes_quiet(scanner));
}

TEST_CASE("quiet scans - what the scanner is asked for is not spared") {
    Scanner scanner({});
    if (!becomes_quiet(scanner)) {
        return;
    }
    scanner.set_include_bound(true);
    CHECK_FALSE(scanner.is_quiet());
    REQUIRE(becomes_quiet(scanner));
    scanner.set_privileged_owners({});
    CHECK_FALSE(scanner.is_quiet());
}
