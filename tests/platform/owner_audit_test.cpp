// SPDX-License-Identifier: MIT
// core/platform/owner_index: what changes no count is seen within the audit's period, whatever it has read meanwhile.
#include "core/platform/owner_index.h"

#include "tests/owners/elsewhere.h"
#include "tests/platform/puppet.h"
#include "tests/support/passed_descriptor.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <netinet/in.h>
#include <optional>
#include <sched.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace portside::platform;
using portside::base::UniqueFd;

namespace {

// A channel and nothing behind it: what a shell left to us is closed.
class Channel {
  public:
    Channel() {
        std::array<int, 2> pair{};
        test::must(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) == 0, "a channel");
        ours_.reset(pair[0]);
        theirs_.reset(pair[1]);
        test::must(::close_range(pair[1] + 1, ~0U, 0) == 0, "close_range");
    }

    void send(int descriptor) const {
        test::must(portside::support::send_descriptor(ours_.get(), descriptor), "a message");
    }
    void keep() const { static_cast<void>(portside::support::keep_descriptor(theirs_.get())); }

  private:
    UniqueFd ours_;
    UniqueFd theirs_;
};

void open_files(int many) {
    for (int i = 0; i < many; ++i) {
        static_cast<void>(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    }
}

// Our listening socket, and an index that looks for its owners.
class Watched {
  public:
    Watched() {
        test::must(::listen(socket_.get(), 1) == 0, "a listening socket");
        wanted_.push_back({.inode = test::inode_of(socket_.get()), .uid = ::geteuid()});
    }

    [[nodiscard]] int socket() const { return socket_.get(); }
    [[nodiscard]] std::size_t period() const { return index_->audit_period(); }
    [[nodiscard]] std::size_t owners() const { return index_->owners().owners.of(wanted_.front().inode).size(); }

    std::uint64_t links_of_update() {
        const std::uint64_t before = index_->work().links_read;
        static_cast<void>(index_->update(wanted_));
        return index_->work().links_read - before;
    }
    void update_until_all_is_known() {
        for (std::size_t i = 0; i < 2 * period() + 8; ++i) {
            links_of_update();
        }
    }
    [[nodiscard]] bool update_audits_a_long_table() { return links_of_update() > 200; }

  private:
    UniqueFd socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    std::vector<WantedSocket> wanted_;
    std::unique_ptr<OwnerIndex> index_ = std::make_unique<OwnerIndex>();
};

// When a process with a long table is audited, and after `then`, another one receives our socket for a file. `again`
// comes after each further audit of the long table. Few processes, so that the period is short.
using Event = std::function<void(Watched&, std::optional<test::Puppet>&)>;

std::string receives_for_a_file(const Event& then, const Event& again) {
    return portside::owners::in_own_processes([&] {
        const Channel channel;
        std::optional<test::Puppet> big([](char what) { open_files(what == 'f' ? 300 : 1); });
        const int file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        test::Puppet small([&](char) {
            ::close(file);
            channel.keep();
        });
        big->order('f');
        Watched watched; // of whose socket they have no copy
        watched.update_until_all_is_known();
        const bool audited = portside::support::wait_until([&] { return watched.update_audits_a_long_table(); });
        test::must(audited, "an audit of the long table");
        then(watched, big);
        channel.send(watched.socket());
        small.order('t'); // the same number of descriptors as before
        for (std::size_t left = watched.period(); left > 0 && watched.owners() != 2; --left) {
            if (watched.update_audits_a_long_table() && again) {
                again(watched, big);
                --left;
            }
        }
        test::must(watched.owners() == 2, "seen within the period");
    });
}

} // namespace

TEST_SUITE("root") {
    TEST_CASE("owner index - processes that share a long table are found together whoever is audited") {
        const std::string wrong = portside::owners::in_own_processes([] {
            const Channel channel;
            int filled = -1;
            test::Puppet first([&](char what) {
                if (what == 'b') { // a long table, and another process that shares it
                    open_files(329);
                    filled = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
                    if (::syscall(SYS_clone, CLONE_FILES | SIGCHLD, nullptr, nullptr, nullptr, nullptr) == 0) {
                        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
                        ::pause();
                        ::_exit(0);
                    }
                } else if (what == 'g') { // a socket for a file
                    ::close(filled);
                    channel.keep();
                } else { // and back
                    ::close(filled);
                    open_files(1);
                }
            });
            first.order('b');
            Watched watched;
            watched.update_until_all_is_known();
            const auto wait_for = [&](std::size_t owners) { // they come and go together
                for (std::size_t i = watched.period(); i > 0; --i) {
                    watched.links_of_update();
                    const std::size_t found = watched.owners();
                    test::must(found == 1 || found == 3, fmt::format("{} owners", found));
                    if (found == owners) {
                        return;
                    }
                }
                throw std::runtime_error(fmt::format("never {} owners", owners));
            };
            for (int round = 0; round < 6; ++round) {
                channel.send(watched.socket());
                first.order('g');
                wait_for(3);
                first.order('c');
                wait_for(1);
            }
        });
        CHECK(wrong == "");
    }

    TEST_CASE("owner index - what the audit read of a process that has ended is owed to nobody") {
        const Event ends = [](Watched& watched, std::optional<test::Puppet>& big) {
            big.reset();
            watched.links_of_update(); // its end is seen
        };
        const std::string wrong = receives_for_a_file(ends, {});
        CHECK(wrong == "");
    }

    TEST_CASE("owner index - the audit does not begin anew what was read to its end for a change") {
        const Event opens_another = [](Watched& watched, std::optional<test::Puppet>& big) {
            big->order('o');
            test::must(watched.links_of_update() > 300, "all of it is read");
        };
        const std::string wrong = receives_for_a_file(opens_another, opens_another);
        CHECK(wrong == "");
    }
}
