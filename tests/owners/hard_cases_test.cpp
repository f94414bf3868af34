// SPDX-License-Identifier: MIT
// A socket that nobody holds, a process with very many descriptors, a pid that is used again, and an ordinary user.
// One thread, and forks of it.
#include "tests/owners/cases.h"
#include "tests/owners/elsewhere.h"
#include "tests/owners/scan_work.h"
#include "tests/owners/watch.h"

#include <ctime>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>

using namespace portside::owners;
using portside::snapshot::ScannerOptions;

namespace {

constexpr int kScansInFlight = 200;
constexpr std::uint64_t kWalksAllowed = 12; // growing pauses, not one a scan

constexpr rlim_t kManyFiles = 19'800;
constexpr std::size_t kBudget = 2'000;

// Very many, as this user may have.
int many_files() {
    rlimit limit{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const rlim_t room = limit.rlim_max > 200 ? limit.rlim_max - 100 : 100;
    return static_cast<int>(std::min(room, kManyFiles));
}

// Start times count ticks: within one, another process of the same number cannot be told by it.
void let_start_times_differ(const portside::platform::ProcessId& old) {
    const auto per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    for (std::uint64_t now = 0; now <= old.start_time + 1;) {
        timespec time{};
        ::clock_gettime(CLOCK_BOOTTIME, &time);
        now = static_cast<std::uint64_t>(time.tv_sec) * per_second +
              static_cast<std::uint64_t>(time.tv_nsec) * per_second / 1'000'000'000;
    }
}

void require_pid(const Actor& actor, pid_t pid) {
    if (actor.pid() != pid) {
        throw Wrong(fmt::format("process {} was to be {}", actor.pid(), pid));
    }
}

// `differ`: whether the start times are made to. With the same one, the owners must be right all the same.
void reuse_pids(bool differ) {
    Troupe troupe;
    Watch watch;
    Actor& keeper = troupe.spawn();
    const Listener shared = keeper.listen();
    const auto next_life = [&](const portside::platform::ProcessId& old) {
        if (differ) {
            let_start_times_differ(old);
        }
        choose_next_pid(old.pid);
    };
    Actor& first = troupe.fork(keeper);
    const auto old = identity_of(first.pid());
    const Listener own = first.listen();
    watch.expect("fork", shared, {keeper.pid(), old.pid});
    watch.expect("the child listens", own, {old.pid});

    troupe.end(first);
    next_life(old);
    Actor& second = troupe.fork(keeper);
    require_pid(second, old.pid);
    const Listener again = second.listen("tcp4", fmt::format("{} alone", own.port));
    if (again.fd != own.fd) {
        throw Wrong(fmt::format("descriptor {} was to be {}", again.fd, own.fd));
    }
    watch.expect("the same number with the same descriptors", shared, {keeper.pid(), second.pid()});
    watch.expect("and the same port", again, {second.pid()});

    const auto middle = identity_of(second.pid());
    troupe.end(second);
    next_life(middle);
    Actor& stranger = troupe.spawn(); // holds neither; its own listener takes the number that the shared one had
    require_pid(stranger, old.pid);
    const Listener other = stranger.listen("tcp4", fmt::format("0 alone {}", shared.fd));
    stranger.ask("files 1");
    watch.expect("the same number is a stranger", shared, {keeper.pid()});
    watch.expect("the stranger's own", other, {stranger.pid()});
    watch.expect_no_row("the port of the process before it", again);
}

// What each message must be: the socket stays, nobody has it, and looking for its owner ends.
void listen_in_flight() {
    Troupe troupe;
    Watch watch;
    Actor& from = troupe.spawn();
    Actor& to = troupe.spawn();
    troupe.give_mailbox(to);
    const Listener socket = from.listen();
    watch.expect("listen", socket, {from.pid()});
    troupe.post(from, socket.fd, to);
    from.ask(fmt::format("close {}", socket.fd));
    watch.expect_unowned("only a message holds it", socket);
    const Work before = work_of(watch.scanner());
    for (int i = 0; i < kScansInFlight; ++i) {
        watch.scan();
        if (!watch.has_row(socket)) {
            throw Wrong(fmt::format("port {} vanished {} scans after only a message held it", socket.port, i));
        }
    }
    watch.expect_unowned(fmt::format("{} scans later", kScansInFlight), socket);
    const std::uint64_t walks = work_of(watch.scanner()).full_walks - before.full_walks;
    if (walks > kWalksAllowed) {
        throw Wrong(fmt::format("port {} in a message cost {} full walks in {} scans, {} are allowed", socket.port,
                                walks, kScansInFlight, kWalksAllowed));
    }
    to.ask("receive");
    watch.expect("it is received", socket, {to.pid()});
}

void require_unfinished_or(bool good, const Watch& watch, const std::string& what) {
    if (!good && !watch.unfinished()) {
        throw Wrong(what);
    }
}

void big_process_listens() {
    Troupe troupe;
    ScannerOptions options;
    limit_descriptors(options, kBudget);
    Watch watch(options);
    Actor& big = troupe.spawn();
    Actor& small = troupe.spawn();
    const int files = big.ask_number(fmt::format("files {}", many_files()));
    if (static_cast<std::size_t>(files) < 2 * kBudget) {
        throw Wrong(fmt::format("the limit of {} descriptors is too low for this test", files));
    }
    const Listener before = small.listen();
    watch.expect("a small process listens", before, {small.pid()});
    for (int round = 0; round < 3; ++round) {
        const Listener of_big = big.listen(); // its number is above all the others
        const Listener of_small = small.listen();
        Actor& young = troupe.spawn();
        const Listener of_young = young.listen("udp6");
        watch.scan(); // one, and no more
        for (const Listener* socket : {&of_big, &of_small, &of_young, &before}) {
            if (!watch.has_row(*socket)) {
                throw Wrong(fmt::format("port {} has no row in the scan after it was opened", socket->port));
            }
        }
        const std::set<pid_t> of_the_small{small.pid()};
        const std::set<pid_t> of_the_young{young.pid()};
        if (pids_of(watch.owners(of_small)) != of_the_small || pids_of(watch.owners(of_young)) != of_the_young) {
            throw Wrong(fmt::format("process {} with {} descriptors delays others: port {} must have {}, found {}; "
                                    "port {} must have {}, found {}",
                                    big.pid(), files, of_small.port, text_of(of_the_small),
                                    text_of(pids_of(watch.owners(of_small))), of_young.port, text_of(of_the_young),
                                    text_of(pids_of(watch.owners(of_young)))));
        }
        require_unfinished_or(!watch.owners(of_big).empty(), watch,
                              fmt::format("port {} has no owner, but the scanner calls itself finished", of_big.port));
        watch.expect("a process with very many descriptors listens", of_big, {big.pid()});
        watch.expect("a small one at the same time", of_small, {small.pid()});
        big.ask(fmt::format("close {}", of_big.fd));
        troupe.end(young);
    }
}

} // namespace

TEST_CASE("a process with very many descriptors delays no other row") {
    big_process_listens();
}

// Among few processes: all else costs the same in there, and two hundred scans of everything would take long.
TEST_SUITE("root") {
    TEST_CASE("a listener in a message stays a row and costs no walk a scan") {
        CHECK(in_own_processes(listen_in_flight) == "");
    }

    TEST_CASE("within one scan - a pid is used again with the same descriptors") {
        CHECK(in_own_processes([] { reuse_pids(true); }) == "");
    }

    TEST_CASE("within one scan - a pid is used again within the same tick") {
        CHECK(in_own_processes([] { reuse_pids(false); }) == "");
    }

    TEST_CASE("an ordinary user is told the owners of his own sockets in every case") {
        for (const Case& one : all_cases()) {
            const std::string name = one.name;
            CAPTURE(name);
            CHECK(nobody_in_own_processes(one.run) == "");
        }
        CHECK(nobody_in_own_processes(listen_in_flight) == "");
    }

    TEST_CASE("an ordinary user among the processes of others") {
        CHECK(as_nobody(child_shares) == "");
    }
}
