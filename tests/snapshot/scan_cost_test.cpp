// SPDX-License-Identifier: MIT
// A scan in which nothing changed allocates nothing, and tens of thousands in which much does leave nothing behind.
// A program of its own, as it counts every allocation. One thread, and whatever the scanner starts.
#include "core/base/unique_fd.h"
#include "core/snapshot/scanner.h"
#include "tests/owners/elsewhere.h"
#include "tests/platform/own_cgroup.h"
#include "tests/platform/puppet.h"
#include "tests/support/allocations.h"
#include "tests/support/wait.h"

#include <array>
#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace portside;
using namespace portside::snapshot;
using base::UniqueFd;
using platform::test::must;
using platform::test::Puppet;

namespace {

constexpr int kScans = PORTSIDE_SANITIZED ? 10'000 : 100'000;
// That may be held more at the end: a buffer that grew once more.
constexpr std::int64_t kFewBytes = 8 * 1024;

SnapshotPtr scanned(Scanner& scanner) {
    auto snapshot = scanner.scan();
    must(snapshot.has_value(), "a scan");
    return *snapshot;
}

// Until every descriptor has been looked at twice and whatever waits its turn has had it.
void warm_up(Scanner& scanner) {
    scanned(scanner);
    for (std::size_t left = 2 * scanner.audit_period() + 64; left > 0; --left) {
        scanned(scanner);
    }
}

UniqueFd new_listener() {
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    must(::listen(socket.get(), 8) == 0, "a listener");
    return socket;
}

// Of so many scans one after another.
struct Cost {
    int steady = 0;       // scans in which nothing changed
    int costly = 0;       // and that allocated all the same
    std::size_t most = 0; // allocations of one of them
};

Cost cost_of(Scanner& scanner, int scans) {
    Cost cost;
    SnapshotPtr newest = scanned(scanner);
    for (int i = 0; i < scans; ++i) {
        const std::size_t before = support::allocations();
        SnapshotPtr next = scanned(scanner);
        const std::size_t made = support::allocations() - before;
        if (next == newest) {
            ++cost.steady;
            cost.costly += made != 0 ? 1 : 0;
            cost.most = std::max(cost.most, made);
        }
        newest = std::move(next);
    }
    return cost;
}

// A child that opens and closes listeners, and forks children that hold them for a while, at its own full speed. Stands
// still while it is told nothing else.
class Churn {
  public:
    Churn() {
        std::array<int, 2> ends{};
        must(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0, "a socket pair");
        channel_.reset(ends[0]);
        const UniqueFd far(ends[1]);
        pid_ = ::fork();
        must(pid_ >= 0, "a fork");
        if (pid_ == 0) {
            channel_.reset();
            run(far.get());
        }
    }
    ~Churn() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    Churn(const Churn&) = delete;
    Churn& operator=(const Churn&) = delete;

    void go() { tell('g'); }
    void stand_still() { tell('s'); }                              // holding nothing
    [[nodiscard]] std::uint32_t rounds() const { return rounds_; } // by the last time it stood still

  private:
    void tell(char order) {
        must(::write(channel_.get(), &order, 1) == 1 &&
                 ::read(channel_.get(), &rounds_, sizeof rounds_) == static_cast<ssize_t>(sizeof rounds_),
             "the churn goes on");
    }

    [[noreturn]] static void run(int channel) {
        bool going = false;
        for (std::uint32_t round = 0;; round += going ? 1 : 0) {
            pollfd order{channel, POLLIN, 0};
            if (::poll(&order, 1, going ? 0 : -1) == 1) {
                char what = 0;
                if (::read(channel, &what, 1) != 1 || ::write(channel, &round, sizeof round) < 0) {
                    ::_exit(0);
                }
                going = what == 'g';
            }
            if (going) {
                churn_once(round);
            }
        }
    }

    static void churn_once(std::uint32_t round) {
        std::array<UniqueFd, 6> sockets;
        for (std::size_t i = 0; i <= round % sockets.size(); ++i) {
            sockets[i].reset(::socket(i % 2 == 0 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
            ::listen(sockets[i].get(), 8);
        }
        const pid_t child = ::fork();
        if (child == 0) {
            sockets[0].reset();
            const UniqueFd own(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
            ::listen(own.get(), 8);
            ::_exit(0);
        }
        ::waitpid(child, nullptr, 0);
    }

    pid_t pid_ = -1;
    UniqueFd channel_;
    std::uint32_t rounds_ = 0;
};

std::int64_t bytes_at_rest(Scanner& scanner, Churn& churn) {
    churn.stand_still();
    warm_up(scanner);
    return support::live_bytes();
}

} // namespace

TEST_CASE("scan cost - a scan of this machine in which nothing changed allocates nothing") {
    Scanner scanner({});
    warm_up(scanner);
    // Other processes come and go, which costs what it costs; in between there is peace for a few scans.
    Cost cost;
    const bool found = support::wait_until(
        [&] {
            cost = cost_of(scanner, 8);
            return cost.steady == 8 && cost.costly == 0;
        },
        support::kPatience, std::chrono::milliseconds(0));
    CHECK(found);
    CHECK(cost.most == 0);
}

TEST_SUITE("root") {
    TEST_CASE("scan cost - on a machine in peace no scan allocates") {
        const std::string wrong = owners::in_own_processes([] {
            const UniqueFd listener = new_listener();
            std::vector<std::unique_ptr<Puppet>> children;
            for (int i = 0; i < 20; ++i) {
                children.push_back(std::make_unique<Puppet>([](char) {}));
            }
            Scanner scanner({});
            warm_up(scanner);
            must(scanned(scanner)->rows.size() == 1, "one row");
            must(scanned(scanner)->rows[0].owners.size() == 21, "with all its owners");
            const Cost cost = cost_of(scanner, 300);
            must(cost.steady == 300, fmt::format("{} of 300 scans gave the same", cost.steady));
            must(cost.costly == 0, fmt::format("{} scans allocate, up to {} times", cost.costly, cost.most));
        });
        CHECK(wrong == "");
    }

    TEST_CASE("scan cost - rows that show candidates cost no allocation in peace") {
        const std::string wrong = owners::in_own_processes([] {
            platform::test::OwnCgroups groups;
            groups.make("a.service");
            UniqueFd listener;
            Puppet server([&](char) {
                groups.enter("a.service");
                listener = new_listener();
            });
            server.order('l');
            const std::string seen = owners::as_nobody([] {
                Scanner scanner({});
                warm_up(scanner);
                const SnapshotPtr snapshot = scanned(scanner);
                must(snapshot->rows.size() == 1 && snapshot->rows[0].candidates.size() == 1, "a candidate is shown");
                const Cost cost = cost_of(scanner, 300);
                must(cost.steady == 300, fmt::format("{} of 300 scans gave the same", cost.steady));
                must(cost.costly == 0, fmt::format("{} scans allocate, up to {} times", cost.costly, cost.most));
            });
            must(seen.empty(), seen);
        });
        CHECK(wrong == "");
    }

    TEST_CASE("scan cost - memory stays flat in very many scans of what changes all the time") {
        const std::string wrong = owners::in_own_processes([] {
            const UniqueFd listener = new_listener();
            Churn churn;
            Scanner scanner({});
            const std::uint64_t before = scanned(scanner)->generation;
            std::int64_t after_a_tenth = 0;
            churn.go();
            for (int i = 0; i < kScans; ++i) {
                if (i == kScans / 10) {
                    after_a_tenth = bytes_at_rest(scanner, churn);
                    churn.go();
                }
                scanned(scanner);
            }
            const std::int64_t at_the_end = bytes_at_rest(scanner, churn);
            const std::uint64_t changes = scanned(scanner)->generation - before;
            must(changes > kScans / 20, fmt::format("much changed: {} snapshots", changes));
            must(churn.rounds() > kScans / 100, fmt::format("the churn went on: {} rounds", churn.rounds()));
            must(at_the_end - after_a_tenth <= kFewBytes,
                 fmt::format("{} bytes after a tenth of the scans, {} at the end", after_a_tenth, at_the_end));
        });
        CHECK(wrong == "");
    }
}
