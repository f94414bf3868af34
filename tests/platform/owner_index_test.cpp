// SPDX-License-Identifier: MIT
// core/platform/owner_index: what it says of itself. tests/owners holds its answers against an oracle.
#include "core/platform/owner_index.h"

#include "tests/owners/elsewhere.h"
#include "tests/platform/fake_proc.h"
#include "tests/platform/puppet.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <memory>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace portside::platform;
using portside::base::UniqueFd;
using test::inode_of;

namespace {

UniqueFd new_listener() {
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(::listen(socket.get(), 1) == 0);
    return socket;
}

std::vector<pid_t> owners_of(const OwnerIndex& index, std::uint64_t inode) {
    std::vector<pid_t> pids;
    for (const SocketOwner& owner : index.owners().owners.of(inode)) {
        pids.push_back(owner.process.pid);
    }
    return pids;
}

bool is_searched_for(const OwnerIndex& index, std::uint64_t inode) {
    const auto& searching = index.owners().searching;
    return std::binary_search(searching.begin(), searching.end(), inode);
}

} // namespace

TEST_CASE("owner index - true when the owners changed and false while they stay") {
    const auto index = std::make_unique<OwnerIndex>();
    UniqueFd socket = new_listener();
    const std::uint64_t inode = inode_of(socket.get());
    const std::vector wanted{WantedSocket{.inode = inode, .uid = ::geteuid()}};
    CHECK(index->update(wanted));
    CHECK(owners_of(*index, inode) == std::vector{::getpid()});
    CHECK_FALSE(index->unfinished());
    for (int i = 0; i < 20; ++i) {
        REQUIRE_FALSE(index->update(wanted));
    }
    {
        const test::Puppet child([](char) {}); // with a copy
        CHECK(index->update(wanted));
        CHECK(owners_of(*index, inode).size() == 2);
        CHECK_FALSE(index->update(wanted));
    }
    CHECK(index->update(wanted));
    CHECK(index->processes_changed());
    CHECK(owners_of(*index, inode) == std::vector{::getpid()});
    CHECK(index->update({})); // no longer asked for
    CHECK(owners_of(*index, inode).empty());
    CHECK(index->update(wanted));
    CHECK(owners_of(*index, inode) == std::vector{::getpid()});
    socket.reset();
    CHECK(index->update({}));
}

TEST_CASE("owner index - nothing wanted is nothing found and nothing searched for") {
    const auto index = std::make_unique<OwnerIndex>();
    static_cast<void>(index->update({})); // true to a user who is denied something
    for (int i = 0; i < 5; ++i) {
        CHECK_FALSE(index->update({}));
        CHECK(index->owners().owners.empty());
        CHECK(index->owners().complete);
        CHECK_FALSE(index->unfinished());
    }
    CHECK(index->work().full_walks == 0);
}

TEST_CASE("owner index - a tree that cannot be opened is an answer that is not complete") {
    const auto index = std::make_unique<OwnerIndex>("/nowhere");
    const std::vector wanted{WantedSocket{.inode = 100}};
    CHECK(index->update(wanted));
    CHECK_FALSE(index->owners().complete);
    CHECK(index->owners().owners.empty());
    CHECK_FALSE(index->unfinished());
    CHECK_FALSE(index->update(wanted));
    CHECK(index->update({}));
    CHECK(index->owners().complete);
    CHECK(index->folder_of(::getpid()) == 0);
}

TEST_CASE("owner index - a socket that nobody holds is searched for with pauses") {
    const test::TemporaryFolder proc;
    test::add_process(proc, 5, 50, {100});
    const auto index = std::make_unique<OwnerIndex>(proc.path());
    const std::vector wanted{WantedSocket{.inode = 100}, WantedSocket{.inode = 999}};
    CHECK(index->update(wanted));
    CHECK(owners_of(*index, 100) == std::vector<pid_t>{5});
    CHECK(owners_of(*index, 999).empty());
    CHECK_FALSE(index->unfinished()); // everything has been looked at
    CHECK(index->owners().searching.empty());
    CHECK(index->owners().complete);
}

TEST_CASE("owner index - the folder of a process names it while it lives") {
    const auto index = std::make_unique<OwnerIndex>();
    test::Puppet child([](char) {});
    const pid_t pid = child.pid();
    CHECK(index->folder_of(pid) == 0);
    static_cast<void>(index->update({}));
    const std::uint64_t folder = index->folder_of(pid);
    CHECK(folder != 0);
    static_cast<void>(index->update({}));
    CHECK(index->folder_of(pid) == folder);
    child.end();
    static_cast<void>(index->update({}));
    CHECK(index->folder_of(pid) == 0);
}

namespace {

// With a limit: searches for the last of so many descriptors of a process, with some more such processes around.
void search_for_last_of(int many) {
    constexpr std::size_t kLimit = 500;
    constexpr std::uint64_t kPart = 1024;       // at least so many are read in one go
    const auto open_many = [many](char order) { // the last one is a listener, or none is
        const auto enough = static_cast<rlim_t>(many + 100);
        const rlimit limit{enough, enough};
        for (int i = ::setrlimit(RLIMIT_NOFILE, &limit); i < many; ++i) {
            static_cast<void>(::dup(2));
        }
        if (order == 'l' && ::listen(::socket(AF_INET, SOCK_STREAM, 0), 1) != 0) {
            ::_exit(1);
        }
    };
    test::Puppet child(open_many);
    child.order('l');
    std::vector<std::unique_ptr<test::Puppet>> bystanders; // nobody waits for them once it is found
    for (int i = 0; i < 3; ++i) {
        bystanders.push_back(std::make_unique<test::Puppet>(open_many));
        bystanders.back()->order('n');
    }
    std::vector<Holding> holdings;
    const ProcRoot root("/proc");
    Look look{.pid = child.pid(), .range = {.first = many - 10}};
    std::make_unique<Looker>(root)->look(look, holdings);
    REQUIRE(holdings.size() == 1);
    REQUIRE(holdings[0].fd >= many);
    const std::uint64_t inode = holdings[0].inode;
    const auto index = std::make_unique<OwnerIndex>();
    index->set_limit(kLimit);
    const std::vector wanted{WantedSocket{.inode = inode, .uid = ::geteuid()}};
    int searched = 0;
    int updates = 0;
    for (std::uint64_t read_before = 0; updates == 0 || index->unfinished(); ++updates) {
        REQUIRE(updates < 200);
        CHECK((index->update(wanted) || updates != 0)); // it begins to be searched for
        const std::uint64_t read = index->work().links_read - read_before;
        read_before = index->work().links_read;
        // Two shares for what changed, the search's, and the audit's: each may go over by its last part.
        CHECK(read <= 2 * kLimit + 512 + 4 * kPart);
        // It may also be unfinished for others' sake: a machine has processes that change.
        const bool is_open = is_searched_for(*index, inode);
        CHECK(owners_of(*index, inode).empty() == is_open);
        CHECK((index->unfinished() || !is_open));
        searched += is_open ? 1 : 0;
    }
    CHECK(searched > 0);
    CHECK(owners_of(*index, inode) == std::vector{child.pid()});
    CHECK(index->owners().searching.empty());
    CHECK(index->owners().complete);
}

} // namespace

TEST_CASE("owner index - with a limit a search goes on from update to update and ends when all is found") {
    for (const int many : {7500, 8000, 8500, 9000, 9500, 10500}) {
        CAPTURE(many);
        search_for_last_of(many);
    }
}

TEST_CASE("owner index - without a limit one update reads all of very many descriptors") {
    const UniqueFd socket = new_listener();
    test::Puppet child([&](char) {
        const rlimit limit{6000, 6000};
        if (::setrlimit(RLIMIT_NOFILE, &limit) == 0 && ::dup2(socket.get(), 5900) == 5900) {
            ::close(socket.get());
        }
        while (::dup(2) >= 0) {
        }
    });
    child.order('m');
    const std::uint64_t inode = inode_of(socket.get());
    const auto index = std::make_unique<OwnerIndex>();
    CHECK(index->update(std::vector{WantedSocket{.inode = inode, .uid = ::geteuid()}}));
    std::vector both{::getpid(), child.pid()};
    std::sort(both.begin(), both.end());
    CHECK(owners_of(*index, inode) == both);
    CHECK_FALSE(index->unfinished());
    CHECK(index->work().links_read >= 6000);
}

TEST_CASE("a search ends though sockets that nobody holds appear all the time") {
    OwnerIndex index;
    index.set_limit(64); // less than this machine's descriptors
    std::vector<WantedSocket> wanted;
    bool ended = false;
    for (std::uint64_t i = 0; i < 2000 && !ended; ++i) {
        wanted.push_back({.inode = (std::uint64_t{1} << 40) + i, .uid = ::geteuid()});
        static_cast<void>(index.update(wanted));
        ended = !index.unfinished();
    }
    CHECK(ended);
}

TEST_CASE("owner index - the facts of an owner come with its start time where somebody lends readers") {
    const auto index = std::make_unique<OwnerIndex>();
    const auto readers = std::make_unique<std::array<ProcessReader, 2>>(
        std::array{ProcessReader(index->root()), ProcessReader(index->root())});
    const UniqueFd socket = new_listener();
    const std::vector wanted{WantedSocket{.inode = inode_of(socket.get()), .uid = ::geteuid()}};
    index->read_facts_by(*readers);
    CHECK(index->update(wanted));
    const ProcessReading read = index->take_facts(::getpid());
    CHECK(read.folder == index->folder_of(::getpid()));
    CHECK(read.fingerprint == readers->front().fingerprint(::getpid()));
    CHECK(ProcessId{read.pid, read.facts.stat.id.start_time} == index->owners().owners.begin()->process);
    CHECK(read.facts.command_line == read_process(::getpid())->command_line);
    CHECK(index->take_facts(::getpid()).fingerprint == 0);  // once
    CHECK(index->take_facts(::getppid()).fingerprint == 0); // no owner
    CHECK_FALSE(index->update(wanted));
    CHECK(index->take_facts(::getpid()).fingerprint == 0); // nothing is read again
    {
        const test::Puppet child([](char) {}); // with a copy of the socket
        CHECK(index->update(wanted));
        CHECK(index->take_facts(child.pid()).facts.stat.parent == ::getpid());
        CHECK(index->update({}));
        CHECK(index->update(wanted));
        CHECK(index->take_facts(child.pid()).fingerprint == 0); // not taken then, and not kept: it is known
    }
}

TEST_SUITE("root") {
    TEST_CASE("owner index - our own last descriptor is read though reading takes one below it") {
        const std::string wrong = portside::owners::in_own_processes([] { // few of them: one thread reads
            const auto index = std::make_unique<OwnerIndex>();
            const auto fill = [] { return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)); };
            UniqueFd hole = fill();
            const UniqueFd socket(::fcntl(new_listener().get(), F_DUPFD_CLOEXEC, 100)); // above all others
            test::must(::close_range(101, ~0U, 0) == 0, "close_range");                 // what a shell left to us
            std::vector<UniqueFd> filling;
            do {
                filling.push_back(fill());
            } while (filling.back().get() < socket.get());
            filling.pop_back(); // from here on every number up to the socket's is taken
            hole.reset();       // but one
            const std::vector wanted{WantedSocket{.inode = inode_of(socket.get()), .uid = ::geteuid()}};
            test::must(index->update(wanted), "news");
            test::must(owners_of(*index, wanted.front().inode) == std::vector{::getpid()}, "our socket is ours");
        });
        CHECK(wrong == "");
    }
}
