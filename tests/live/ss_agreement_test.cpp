// SPDX-License-Identifier: MIT
// Our listing against ss's, as a sandwich: what two runs of ss around ours both show must be there; what neither shows
// must not. The main thread, and one that a test starts.
#include "core/base/parse.h"
#include "core/platform/owners.h"
#include "tests/live/live_sockets.h"
#include "tests/support/child.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <map>
#include <net/if.h>
#include <sched.h>
#include <set>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace portside::live;
using namespace portside::platform;
namespace base = portside::base;

namespace {

constexpr int kOfEachKind = 60;

struct Told {
    std::string text; // "tcp LISTEN [::1]:80"
    std::set<pid_t> owners;
};
using ByInode = std::map<std::uint64_t, Told>;

// "users:(("nc",pid=12,fd=3),("nc",pid=13,fd=3))"; a program may call itself ",pid=1".
std::set<pid_t> pids_in(std::string_view users) {
    std::set<pid_t> pids;
    constexpr std::string_view kKey = "\",pid=";
    for (auto at = users.find(kKey); at != std::string_view::npos; at = users.find(kKey, at + 1)) {
        const auto digits = users.substr(at + kKey.size());
        if (const auto pid = base::parse_number<pid_t>(digits.substr(0, digits.find(',')))) {
            pids.insert(*pid);
        }
    }
    return pids;
}

ByInode run_ss() {
    const auto outcome = portside::support::run({.argv = {"ss", "-tulnpeH"}});
    REQUIRE(outcome.status == 0);
    ByInode all;
    for (const auto line : base::split_at(outcome.output, '\n')) {
        const auto words = base::split_words(line);
        REQUIRE(words.size() > 5);
        const auto inode = std::find_if(words.begin(), words.end(), [](auto word) { return word.starts_with("ino:"); });
        REQUIRE(inode != words.end());
        Told& told = all[base::parse_decimal(inode->substr(4)).value()];
        told.text = fmt::format("{} {} {}", words[0], words[1], words[4]);
        told.owners = pids_in(line);
    }
    return all;
}

// The local address as ss writes it: "*" where IPv4 is taken too, the device behind a "%".
std::string as_ss_writes(const SocketEntry& entry) {
    std::string address = to_string(entry.local.address);
    if (entry.family == Family::ipv6) {
        address = entry.v6only == false && address == "::" ? "*" : "[" + address + "]";
    }
    const std::string device = entry.interface.empty() ? "" : "%" + entry.interface;
    return fmt::format("{} {} {}{}:{}", to_string(entry.protocol),
                       entry.protocol == Protocol::tcp ? "LISTEN" : "UNCONN", address, device, entry.local.port);
}

ByInode our_listing(SourceChoice choice) {
    const SocketListing listing = list(choice);
    std::vector<std::uint64_t> inodes;
    ByInode all;
    for (const SocketEntry& entry : listing.sockets) {
        all[entry.inode].text = as_ss_writes(entry);
        inodes.push_back(entry.inode);
    }
    CHECK(all.size() == listing.sockets.size()); // every socket once
    std::sort(inodes.begin(), inodes.end());
    const OwnerWalk walk = walk_owners(inodes);
    for (const SocketOwner& owner : walk.owners) {
        all[owner.inode].owners.insert(owner.process.pid);
    }
    return all;
}

struct Sandwich {
    ByInode before;
    ByInode ours;
    ByInode after;
};

Sandwich make_sandwich(SourceChoice choice) {
    Sandwich sandwich;
    sandwich.before = run_ss();
    sandwich.ours = our_listing(choice);
    sandwich.after = run_ss();
    return sandwich;
}

// What both runs of ss show is there, with its owners; /proc knows neither v6only nor the device, so not its text.
void check_nothing_missing(const Sandwich& sandwich, bool same_text) {
    for (const auto& [inode, told] : sandwich.before) {
        const auto after = sandwich.after.find(inode);
        if (after == sandwich.after.end()) {
            continue;
        }
        CAPTURE(told.text);
        const auto ours = sandwich.ours.find(inode);
        REQUIRE(ours != sandwich.ours.end());
        CHECK((!same_text || ours->second.text == told.text));
        for (const pid_t pid : told.owners) {
            CHECK((ours->second.owners.contains(pid) || !after->second.owners.contains(pid)));
        }
    }
}

std::vector<std::string> too_many(const Sandwich& sandwich) {
    std::vector<std::string> texts;
    for (const auto& [inode, told] : sandwich.ours) {
        if (!sandwich.before.contains(inode) && !sandwich.after.contains(inode)) {
            texts.push_back(told.text);
        }
    }
    return texts;
}

std::vector<LiveSocket> many_sockets() {
    std::vector<LiveSocket> sockets;
    for (int i = 0; i < kOfEachKind; ++i) {
        for (const Protocol protocol : {Protocol::tcp, Protocol::udp}) {
            sockets.push_back(make_socket({.protocol = protocol, .address = i % 2 == 0 ? "127.0.0.1" : "127.1.2.3"}));
            sockets.push_back(make_socket({.protocol = protocol, .address = "::1", .v6only = i % 2 == 0}));
        }
    }
    return sockets;
}

void check_own(const Sandwich& sandwich, const std::vector<LiveSocket>& sockets) {
    for (const LiveSocket& socket : sockets) {
        const auto ours = sandwich.ours.find(socket.inode);
        REQUIRE(ours != sandwich.ours.end());
        CHECK(ours->second.owners == std::set<pid_t>{::getpid()});
        CHECK(sandwich.before.at(socket.inode).owners == ours->second.owners);
    }
}

} // namespace

TEST_CASE("nothing that ss shows is missing and nothing else is there") {
    const auto sockets = many_sockets();
    REQUIRE(sockets.size() >= 200);
    for (const SourceChoice choice : {SourceChoice::netlink, SourceChoice::proc}) {
        // Other programs open and close sockets between two runs of ss. What nobody else has seen five times in a row
        // is wrong all the same.
        std::vector<std::string> extra;
        for (int i = 0; i < 5; ++i) {
            const Sandwich sandwich = make_sandwich(choice);
            check_nothing_missing(sandwich, choice == SourceChoice::netlink);
            check_own(sandwich, sockets);
            extra = too_many(sandwich);
            if (extra.empty()) {
                break;
            }
        }
        CHECK(extra == std::vector<std::string>{});
    }
}

TEST_SUITE("netns") {
    TEST_CASE("in a network namespace of its own the listing is exactly that of ss") {
        std::jthread([] {
            REQUIRE(::unshare(CLONE_NEWNET) == 0);
            const base::UniqueFd control(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
            ifreq request{"lo", {}};
            request.ifr_flags = IFF_UP | IFF_RUNNING;
            REQUIRE(::ioctl(control.get(), SIOCSIFFLAGS, &request) == 0);
            auto sockets = many_sockets();
            for (const Protocol protocol : {Protocol::tcp, Protocol::udp}) {
                sockets.push_back(make_socket({.protocol = protocol, .address = "::", .v6only = false}));
                sockets.push_back(make_socket({.protocol = protocol, .address = "::", .v6only = true}));
                sockets.push_back(make_socket({.protocol = protocol, .address = "0.0.0.0"}));
                sockets.push_back(make_socket({.protocol = protocol, .address = "0.0.0.0", .device = "lo"}));
                sockets.push_back(make_socket({.protocol = protocol, .address = "::ffff:127.0.0.1", .v6only = false}));
            }
            const Sandwich sandwich = make_sandwich(SourceChoice::netlink);
            CHECK(sandwich.before.size() == sockets.size());
            CHECK(sandwich.ours.size() == sockets.size());
            check_nothing_missing(sandwich, true);
            check_own(sandwich, sockets);
            CHECK(our_listing(SourceChoice::proc).size() == sockets.size());
        }).join();
    }
}
