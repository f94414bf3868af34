// SPDX-License-Identifier: MIT
// A population of actors that does one random thing a step, and the book of which descriptor numbers hold sockets. The
// book only serves to choose: what is true is the oracle's to say. One thread.
#pragma once

#include "tests/owners/troupe.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace portside::owners {

using SocketPtr = std::shared_ptr<const Listener>; // its `fd` means nothing here
using Descriptors = std::map<int, SocketPtr>;

struct Member {
    Actor* actor = nullptr;
    std::shared_ptr<Descriptors> table = std::make_shared<Descriptors>(); // several members may share one
    Descriptors of_worker;
    std::string worker; // its thread's number; empty: there is none
    bool has_leader = true;
    int files = 0; // of /dev/null, that it can close
    std::deque<SocketPtr> mail;
};

struct Step {
    std::string what; // with its port, where it has one
    // Whose number of descriptors is what it was, though they changed: the scanner may learn that later.
    std::set<pid_t> same_count = {};
};

class Population {
  public:
    Population(std::uint64_t seed, bool reuse_pids);
    void start_churn() { troupe_.start_churn(); }

    // One action of a random actor; each is possible where the actor is able to do it.
    [[nodiscard]] Step act();
    // Every socket that an actor has made and that may still be there, listening or not.
    [[nodiscard]] const std::vector<SocketPtr>& sockets() const { return sockets_; }
    [[nodiscard]] bool listening(const SocketPtr& socket) const { return !bound_.contains(socket->inode); }
    enum class Message : std::uint8_t { no, yes, perhaps }; // perhaps: sent to a mailbox whose owner has ended
    [[nodiscard]] Message in_a_message(const SocketPtr& socket) const;
    void forget(const SocketPtr& socket) { std::erase(sockets_, socket); }

  private:
    using Action = std::optional<Step> (Population::*)();
    struct Choice {
        int weight;
        Action action;
    };
    [[nodiscard]] static const std::vector<Choice>& choices();

    [[nodiscard]] Step got_for_a_file(const Member& member, const SocketPtr& socket, std::string what);
    [[nodiscard]] std::optional<Step> spawn();
    [[nodiscard]] std::optional<Step> fork();
    [[nodiscard]] std::optional<Step> fork_with_one_table();
    [[nodiscard]] std::optional<Step> exec();
    [[nodiscard]] std::optional<Step> end();
    [[nodiscard]] std::optional<Step> end_as_zombie();
    [[nodiscard]] std::optional<Step> reap();
    [[nodiscard]] std::optional<Step> live_again();
    [[nodiscard]] std::optional<Step> title();

    [[nodiscard]] std::optional<Step> listen();
    [[nodiscard]] std::optional<Step> listen_for_a_file();
    [[nodiscard]] std::optional<Step> listen_at_the_same_number();
    [[nodiscard]] std::optional<Step> share_port();
    [[nodiscard]] std::optional<Step> move_port();
    [[nodiscard]] std::optional<Step> bind();
    [[nodiscard]] std::optional<Step> start();
    [[nodiscard]] std::optional<Step> close();
    [[nodiscard]] std::optional<Step> close_for_a_file();
    [[nodiscard]] std::optional<Step> dup();
    [[nodiscard]] std::optional<Step> dup_over();
    [[nodiscard]] std::optional<Step> files();

    [[nodiscard]] std::optional<Step> post();
    [[nodiscard]] std::optional<Step> post_and_close();
    [[nodiscard]] std::optional<Step> receive();
    [[nodiscard]] std::optional<Step> receive_for_a_file();
    [[nodiscard]] std::optional<Step> hand_over();

    [[nodiscard]] std::optional<Step> start_worker();
    [[nodiscard]] std::optional<Step> worker_listens();
    [[nodiscard]] std::optional<Step> worker_closes();
    [[nodiscard]] std::optional<Step> end_worker();
    [[nodiscard]] std::optional<Step> leader_exits();

    [[nodiscard]] std::size_t below(std::size_t count);
    [[nodiscard]] bool often(int in_hundred) { return below(100) < static_cast<std::size_t>(in_hundred); }
    [[nodiscard]] Member& any();
    [[nodiscard]] Member* other_than(const Member& member);
    [[nodiscard]] std::optional<int> any_socket(const Descriptors& table);
    [[nodiscard]] std::string any_kind();
    SocketPtr enter(Descriptors& table, const Listener& made);
    Member& add(Actor& actor);
    void remove(const Member& member);
    void drop(Member& member, int fd);
    [[nodiscard]] std::set<pid_t> sharing(const Member& member) const;

    std::mt19937_64 random_;
    bool reuse_pids_;
    Troupe troupe_;
    std::vector<std::unique_ptr<Member>> members_;
    std::vector<Actor*> zombies_;
    std::vector<SocketPtr> sockets_;
    std::set<std::uint64_t> bound_; // inodes that do not listen yet
    // Who got them for a file that was closed, while they were bound only.
    std::map<std::uint64_t, std::set<pid_t>> got_for_a_file_;
    std::set<std::uint64_t> lost_; // inodes in the mailbox of a process that ended: a copy of its table may live on
};

} // namespace portside::owners
