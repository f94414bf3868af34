// SPDX-License-Identifier: MIT
// The population's choices, and what happens to its processes and threads. One thread.
#include "tests/owners/population.h"

#include "tests/owners/elsewhere.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace portside::owners {

namespace {

constexpr std::size_t kFewest = 5;
constexpr std::size_t kMost = 12;
constexpr std::size_t kMostZombies = 3;

} // namespace

Population::Population(std::uint64_t seed, bool reuse_pids) : random_(seed), reuse_pids_(reuse_pids) {
    while (members_.size() < kFewest) {
        static_cast<void>(spawn());
    }
}

const std::vector<Population::Choice>& Population::choices() {
    using P = Population;
    static const std::vector<Choice> all{
        {4, &P::spawn},
        {10, &P::fork},
        {2, &P::fork_with_one_table},
        {4, &P::exec},
        {8, &P::end},
        {3, &P::end_as_zombie},
        {4, &P::reap},
        {4, &P::live_again},
        {1, &P::title},
        {14, &P::listen},
        {6, &P::listen_for_a_file},
        {6, &P::listen_at_the_same_number},
        {6, &P::share_port},
        {5, &P::move_port},
        {5, &P::bind},
        {6, &P::start},
        {12, &P::close},
        {5, &P::close_for_a_file},
        {4, &P::dup},
        {3, &P::dup_over},
        {5, &P::files},
        {8, &P::post},
        {6, &P::post_and_close},
        {14, &P::receive},
        {5, &P::receive_for_a_file},
        {5, &P::hand_over},
        {6, &P::start_worker},
        {5, &P::worker_listens},
        {5, &P::worker_closes},
        {4, &P::end_worker},
        {2, &P::leader_exits},
    };
    return all;
}

Step Population::act() {
    static const int sum = std::accumulate(choices().begin(), choices().end(), 0,
                                           [](int total, const Choice& choice) { return total + choice.weight; });
    for (;;) {
        int at = static_cast<int>(below(static_cast<std::size_t>(sum)));
        const auto chosen = std::find_if(choices().begin(), choices().end(), [&](const Choice& choice) {
            at -= choice.weight;
            return at < 0;
        });
        if (auto step = (this->*chosen->action)()) {
            return *std::move(step);
        }
    }
}

std::size_t Population::below(std::size_t count) {
    return static_cast<std::size_t>(random_() % count); // the same on every machine, as distributions are not
}

Member& Population::any() {
    return *members_[below(members_.size())];
}

Member* Population::other_than(const Member& member) {
    Member& other = any();
    return &other == &member ? nullptr : &other;
}

std::optional<int> Population::any_socket(const Descriptors& table) {
    if (table.empty()) {
        return std::nullopt;
    }
    return std::next(table.begin(), static_cast<std::ptrdiff_t>(below(table.size())))->first;
}

std::set<pid_t> Population::sharing(const Member& member) const {
    std::set<pid_t> pids;
    for (const auto& one : members_) {
        if (one->table == member.table) {
            pids.insert(one->actor->pid());
        }
    }
    return pids;
}

Population::Message Population::in_a_message(const SocketPtr& socket) const {
    const bool sent = std::any_of(members_.begin(), members_.end(), [&](const auto& member) {
        return std::find(member->mail.begin(), member->mail.end(), socket) != member->mail.end();
    });
    if (sent) {
        return Message::yes;
    }
    return lost_.contains(socket->inode) ? Message::perhaps : Message::no;
}

Member& Population::add(Actor& actor) {
    Member& member = *members_.emplace_back(std::make_unique<Member>());
    member.actor = &actor;
    troupe_.give_mailbox(actor);
    return member;
}

void Population::remove(const Member& member) {
    for (const SocketPtr& socket : member.mail) {
        lost_.insert(socket->inode);
    }
    std::erase_if(members_, [&](const auto& one) { return one.get() == &member; });
}

std::optional<Step> Population::spawn() {
    if (members_.size() >= kMost) {
        return std::nullopt;
    }
    const Member& member = add(troupe_.spawn());
    return Step{fmt::format("{} starts", member.actor->pid())};
}

std::optional<Step> Population::fork() {
    if (members_.size() >= kMost) {
        return std::nullopt;
    }
    Member& parent = any();
    Member& child = add(troupe_.fork(*parent.actor));
    child.table = std::make_shared<Descriptors>(*parent.table);
    child.files = parent.files;
    return Step{fmt::format("{} forks {}", parent.actor->pid(), child.actor->pid())};
}

std::optional<Step> Population::fork_with_one_table() {
    if (members_.size() >= kMost) {
        return std::nullopt;
    }
    Member& parent = any();
    Member& child = add(troupe_.fork(*parent.actor, Table::shared));
    child.table = parent.table;
    return Step{fmt::format("{} forks {} with the same table", parent.actor->pid(), child.actor->pid())};
}

std::optional<Step> Population::exec() {
    Member& member = any();
    const char* const program = often(50) ? kFirstProgram : kOtherProgram;
    troupe_.exec(*member.actor, program);
    member.table = std::make_shared<Descriptors>(*member.table); // execve(2): no longer shared
    member.of_worker.clear();
    member.worker.clear();
    member.has_leader = true;
    member.files = member.actor->ask_number("files 0");
    return Step{fmt::format("{} becomes {}", member.actor->pid(), program)};
}

std::optional<Step> Population::end() {
    if (members_.size() <= kFewest) {
        return std::nullopt;
    }
    Member& member = any();
    const pid_t pid = member.actor->pid();
    troupe_.end(*member.actor);
    remove(member);
    return Step{fmt::format("{} ends", pid)};
}

std::optional<Step> Population::end_as_zombie() {
    if (members_.size() <= kFewest || zombies_.size() >= kMostZombies) {
        return std::nullopt;
    }
    Member& member = any();
    troupe_.end(*member.actor, Reaped::no);
    zombies_.push_back(member.actor);
    remove(member);
    return Step{fmt::format("{} becomes a zombie", zombies_.back()->pid())};
}

std::optional<Step> Population::reap() {
    if (zombies_.empty()) {
        return std::nullopt;
    }
    const pid_t pid = zombies_.back()->pid();
    troupe_.reap(*zombies_.back());
    zombies_.pop_back();
    return Step{fmt::format("zombie {} is taken away", pid)};
}

// Another process gets the number of one that ends, if the noise does not take it first.
std::optional<Step> Population::live_again() {
    if (!reuse_pids_ || members_.size() <= kFewest) {
        return std::nullopt;
    }
    Member& old = any();
    Member* const parent = other_than(old);
    if (parent == nullptr) {
        return std::nullopt;
    }
    const pid_t pid = old.actor->pid();
    troupe_.end(*old.actor);
    remove(old);
    choose_next_pid(pid);
    Member& child = add(troupe_.fork(*parent->actor));
    child.table = std::make_shared<Descriptors>(*parent->table);
    child.files = parent->files;
    return Step{fmt::format("{} ends and {} forks {}", pid, parent->actor->pid(), child.actor->pid())};
}

std::optional<Step> Population::title() {
    const Member& member = any();
    member.actor->ask("title " + std::string(1 + below(20), 'x'));
    return Step{fmt::format("{} rewrites its command line", member.actor->pid())};
}

std::optional<Step> Population::start_worker() {
    Member& member = any();
    if (!member.worker.empty()) {
        return std::nullopt;
    }
    const auto fd = any_socket(*member.table);
    member.worker = member.actor->ask(fd ? fmt::format("thread {}", *fd) : "thread").at(0);
    std::string what = fmt::format("{} starts a thread with its own table", member.actor->pid());
    if (fd) {
        const SocketPtr socket = member.table->at(*fd);
        member.of_worker[*fd] = socket;
        what += fmt::format(", which keeps port {}", socket->port);
        if (often(60)) {
            drop(member, *fd);
            what += " alone";
        }
    }
    return Step{what};
}

std::optional<Step> Population::worker_listens() {
    Member& member = any();
    if (member.worker.empty()) {
        return std::nullopt;
    }
    const std::string kind = any_kind();
    const auto words = member.actor->ask(fmt::format("worker listen {} 0 alone", kind));
    const SocketPtr socket =
        enter(member.of_worker, {kind, std::stoi(words.at(0)), static_cast<std::uint16_t>(std::stoi(words.at(1))),
                                 std::stoull(words.at(2))});
    return Step{fmt::format("the thread of {} listens on port {}", member.actor->pid(), socket->port)};
}

std::optional<Step> Population::worker_closes() {
    Member& member = any();
    const auto fd = any_socket(member.of_worker);
    if (!fd) {
        return std::nullopt;
    }
    const std::uint16_t port = member.of_worker.at(*fd)->port;
    member.actor->ask(fmt::format("worker close {}", *fd));
    member.of_worker.erase(*fd);
    return Step{fmt::format("the thread of {} closes port {}", member.actor->pid(), port)};
}

std::optional<Step> Population::end_worker() {
    Member& member = any();
    if (member.worker.empty()) {
        return std::nullopt;
    }
    member.actor->ask("worker end " + member.worker);
    member.worker.clear();
    member.of_worker.clear();
    return Step{fmt::format("the thread of {} ends", member.actor->pid())};
}

std::optional<Step> Population::leader_exits() {
    Member& member = any();
    if (!member.has_leader) {
        return std::nullopt;
    }
    member.actor->ask("leader_exit");
    member.has_leader = false;
    return Step{fmt::format("the leader of {} exits", member.actor->pid())};
}

} // namespace portside::owners
