// SPDX-License-Identifier: MIT
// What the population does with its descriptors. One thread.
#include "tests/owners/population.h"

#include <fmt/format.h>

namespace portside::owners {

namespace {

constexpr std::size_t kMostSockets = 60; // of all processes
constexpr int kManyFiles = 300;

} // namespace

std::string Population::any_kind() {
    static constexpr const char* kKinds[] = {"tcp4", "tcp6", "udp4", "udp6"};
    return kKinds[below(std::size(kKinds))];
}

SocketPtr Population::enter(Descriptors& table, const Listener& made) {
    const auto socket = std::make_shared<const Listener>(made);
    table[made.fd] = socket;
    sockets_.push_back(socket);
    bound_.erase(made.inode); // a number of a socket that has gone may come again
    lost_.erase(made.inode);
    return socket;
}

void Population::drop(Member& member, int fd) {
    member.actor->ask(fmt::format("close {}", fd));
    member.table->erase(fd);
}

std::optional<Step> Population::listen() {
    Member& member = any();
    if (sockets_.size() >= kMostSockets) {
        return std::nullopt;
    }
    const SocketPtr socket = enter(*member.table, member.actor->listen(any_kind(), often(30) ? "0 reuse" : "0 alone"));
    return Step{fmt::format("{} listens on {} port {}", member.actor->pid(), socket->kind, socket->port)};
}

std::optional<Step> Population::listen_for_a_file() {
    Member& member = any();
    if (member.files == 0 || sockets_.size() >= kMostSockets) {
        return std::nullopt;
    }
    member.files = member.actor->ask_number("unfiles 1");
    const SocketPtr socket = enter(*member.table, member.actor->listen(any_kind()));
    return Step{fmt::format("{} closes a file and listens on port {}", member.actor->pid(), socket->port)};
}

std::optional<Step> Population::listen_at_the_same_number() {
    Member& member = any();
    const auto fd = any_socket(*member.table);
    if (!fd) {
        return std::nullopt;
    }
    const std::uint16_t old = member.table->at(*fd)->port;
    const SocketPtr socket = enter(*member.table, member.actor->listen(any_kind(), fmt::format("0 alone {}", *fd)));
    return Step{
        fmt::format("{} opens port {} where port {} was, descriptor {}", member.actor->pid(), socket->port, old, *fd)};
}

std::optional<Step> Population::share_port() {
    Member& member = any();
    if (sockets_.empty() || sockets_.size() >= kMostSockets) {
        return std::nullopt;
    }
    const SocketPtr other = sockets_[below(sockets_.size())];
    try { // refused where the other one does not share
        const SocketPtr socket =
            enter(*member.table, member.actor->listen(other->kind, fmt::format("{} reuse", other->port)));
        return Step{fmt::format("{} shares {} port {}", member.actor->pid(), socket->kind, socket->port)};
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

std::optional<Step> Population::move_port() {
    Member& from = any();
    Member* const to = other_than(from);
    const auto fd = any_socket(*from.table);
    if (to == nullptr || !fd) {
        return std::nullopt;
    }
    const SocketPtr old = from.table->at(*fd);
    drop(from, *fd);
    try { // refused while others hold the old one
        enter(*to->table, to->actor->listen(old->kind, fmt::format("{} alone", old->port)));
    } catch (const std::runtime_error&) {
        return Step{fmt::format("{} closes port {}", from.actor->pid(), old->port)};
    }
    return Step{fmt::format("port {} moves from {} to {}", old->port, from.actor->pid(), to->actor->pid())};
}

std::optional<Step> Population::bind() {
    Member& member = any();
    if (sockets_.size() >= kMostSockets) {
        return std::nullopt;
    }
    const SocketPtr socket = enter(*member.table, member.actor->bind(often(50) ? "tcp4" : "tcp6"));
    bound_.insert(socket->inode);
    return Step{fmt::format("{} binds port {}", member.actor->pid(), socket->port)};
}

std::optional<Step> Population::start() {
    Member& member = any();
    for (const auto& [fd, socket] : *member.table) {
        if (bound_.contains(socket->inode)) {
            member.actor->ask(fmt::format("start {}", fd));
            bound_.erase(socket->inode);
            Step step{fmt::format("{} listens on port {} that was bound", member.actor->pid(), socket->port)};
            step.same_count = std::exchange(got_for_a_file_[socket->inode], {}); // seen by nobody while it had no row
            return step;
        }
    }
    return std::nullopt;
}

std::optional<Step> Population::close() {
    Member& member = any();
    const auto fd = any_socket(*member.table);
    if (!fd) {
        return std::nullopt;
    }
    const std::uint16_t port = member.table->at(*fd)->port;
    drop(member, *fd);
    return Step{fmt::format("{} closes port {}", member.actor->pid(), port)};
}

// By another file at the same number, or at another one.
std::optional<Step> Population::close_for_a_file() {
    Member& member = any();
    const auto fd = any_socket(*member.table);
    if (!fd) {
        return std::nullopt;
    }
    const std::uint16_t port = member.table->at(*fd)->port;
    if (often(50)) {
        member.actor->ask(fmt::format("blank {}", *fd));
        member.table->erase(*fd);
    } else {
        drop(member, *fd);
        member.actor->ask("files 1");
    }
    ++member.files;
    return Step{fmt::format("{} closes port {} and opens a file", member.actor->pid(), port), sharing(member)};
}

std::optional<Step> Population::dup() {
    Member& member = any();
    const auto fd = any_socket(*member.table);
    if (!fd) {
        return std::nullopt;
    }
    const SocketPtr socket = member.table->at(*fd);
    (*member.table)[member.actor->ask_number(fmt::format("dup {}", *fd))] = socket;
    return Step{fmt::format("{} has port {} twice", member.actor->pid(), socket->port)};
}

std::optional<Step> Population::dup_over() {
    Member& member = any();
    const auto from = any_socket(*member.table);
    const auto over = any_socket(*member.table);
    if (!from || from == over) {
        return std::nullopt;
    }
    const SocketPtr socket = member.table->at(*from);
    const std::uint16_t old = member.table->at(*over)->port;
    member.actor->ask(fmt::format("dup2 {} {}", *from, *over));
    (*member.table)[*over] = socket;
    return Step{fmt::format("{} puts port {} over port {}", member.actor->pid(), socket->port, old), sharing(member)};
}

std::optional<Step> Population::files() {
    Member& member = any();
    const bool many = often(3) && member.files < kManyFiles;
    const int wanted = many ? kManyFiles : static_cast<int>(below(20));
    const int change = wanted - member.files;
    if (change == 0) {
        return std::nullopt;
    }
    member.files =
        member.actor->ask_number(change > 0 ? fmt::format("files {}", change) : fmt::format("unfiles {}", -change));
    return Step{fmt::format("{} has {} other files now", member.actor->pid(), member.files)};
}

std::optional<Step> Population::post() {
    Member& from = any();
    Member& to = any();
    const auto fd = any_socket(*from.table);
    constexpr std::size_t kMostMail = 5; // net.unix.max_dgram_qlen is 10 at least
    if (!fd || to.mail.size() >= kMostMail) {
        return std::nullopt;
    }
    const SocketPtr socket = from.table->at(*fd);
    troupe_.post(*from.actor, *fd, *to.actor);
    to.mail.push_back(socket);
    return Step{fmt::format("{} sends port {} to {}", from.actor->pid(), socket->port, to.actor->pid())};
}

std::optional<Step> Population::post_and_close() {
    Member& from = any();
    Member& to = any();
    const auto fd = any_socket(*from.table);
    constexpr std::size_t kMostMail = 5;
    if (!fd || to.mail.size() >= kMostMail) {
        return std::nullopt;
    }
    const SocketPtr socket = from.table->at(*fd);
    troupe_.post(*from.actor, *fd, *to.actor);
    to.mail.push_back(socket);
    drop(from, *fd);
    return Step{fmt::format("{} sends port {} to {} and closes it", from.actor->pid(), socket->port, to.actor->pid())};
}

std::optional<Step> Population::receive() {
    Member& member = any();
    if (member.mail.empty()) {
        return std::nullopt;
    }
    const SocketPtr socket = member.mail.front();
    member.mail.pop_front();
    (*member.table)[member.actor->ask_number("receive")] = socket;
    return Step{fmt::format("{} receives port {}", member.actor->pid(), socket->port)};
}

std::optional<Step> Population::receive_for_a_file() {
    Member& member = any();
    if (member.mail.empty() || member.files == 0) {
        return std::nullopt;
    }
    member.files = member.actor->ask_number("unfiles 1");
    Step step;
    const SocketPtr socket = member.mail.front();
    member.mail.pop_front();
    (*member.table)[member.actor->ask_number("receive")] = socket;
    return got_for_a_file(member, socket,
                          fmt::format("{} closes a file and receives port {}", member.actor->pid(), socket->port));
}

// Sent, closed and received at once, for a file.
std::optional<Step> Population::hand_over() {
    Member& from = any();
    Member* const to = other_than(from);
    const auto fd = any_socket(*from.table);
    if (to == nullptr || !fd || !to->mail.empty() || to->files == 0) {
        return std::nullopt;
    }
    const SocketPtr socket = from.table->at(*fd);
    troupe_.post(*from.actor, *fd, *to->actor);
    drop(from, *fd);
    to->files = to->actor->ask_number("unfiles 1");
    (*to->table)[to->actor->ask_number("receive")] = socket;
    return got_for_a_file(*to, socket,
                          fmt::format("{} hands port {} over to {}, which closes a file", from.actor->pid(),
                                      socket->port, to->actor->pid()));
}

Step Population::got_for_a_file(const Member& member, const SocketPtr& socket, std::string what) {
    Step step{std::move(what), sharing(member)};
    if (!listening(socket)) {
        got_for_a_file_[socket->inode].insert(step.same_count.begin(), step.same_count.end());
    }
    return step;
}

} // namespace portside::owners
