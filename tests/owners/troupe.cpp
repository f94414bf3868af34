// SPDX-License-Identifier: MIT
// Starting actors and talking to them. One thread: the test's own.
#include "tests/owners/troupe.h"

#include "tests/support/programs.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace portside::owners {

namespace {

void must(bool worked, const std::string& what) {
    if (!worked) {
        throw std::runtime_error(what + ": " + std::system_category().message(errno));
    }
}

} // namespace

bool Actor::runs() const {
    return in_ && ::kill(pid_, 0) == 0;
}

std::string Actor::read_line() {
    const auto end = std::chrono::steady_clock::now() + support::kPatience;
    for (;;) {
        if (const auto stop = buffer_.find('\n'); stop != std::string::npos) {
            std::string line = buffer_.substr(0, stop);
            buffer_.erase(0, stop + 1);
            return line;
        }
        pollfd ready{out_.get(), POLLIN, 0};
        ::poll(&ready, 1, 100);
        std::array<char, 256> part{};
        const ssize_t length = (ready.revents & POLLIN) != 0 ? ::read(out_.get(), part.data(), part.size()) : 0;
        buffer_.append(part.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
        if (length <= 0 && ((ready.revents & POLLHUP) != 0 || std::chrono::steady_clock::now() > end)) {
            throw std::runtime_error("actor " + std::to_string(pid_) + " does not answer");
        }
    }
}

std::vector<std::string> Actor::ask(const std::string& command) {
    const std::string line = command + "\n";
    must(::write(in_.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size()), command);
    const std::string answer = read_line();
    if (!answer.starts_with("ok")) {
        throw std::runtime_error("actor " + std::to_string(pid_) + ", " + command + ": " + answer);
    }
    std::istringstream words(answer.substr(2));
    std::vector<std::string> result;
    for (std::string word; words >> word;) {
        result.push_back(word);
    }
    return result;
}

int Actor::ask_number(const std::string& command) {
    return std::stoi(ask(command).at(0));
}

Listener Actor::listen(const std::string& kind, const std::string& how) {
    const auto words = ask("listen " + kind + " " + how);
    return {kind, std::stoi(words.at(0)), static_cast<std::uint16_t>(std::stoi(words.at(1))), std::stoull(words.at(2))};
}

Listener Actor::bind(const std::string& kind) {
    const auto words = ask("bind " + kind + " 0");
    return {kind, std::stoi(words.at(0)), static_cast<std::uint16_t>(std::stoi(words.at(1))), std::stoull(words.at(2))};
}

Troupe::Troupe() {
    std::string name = (std::filesystem::temp_directory_path() / "portside-owners-XXXXXX").string();
    must(::mkdtemp(name.data()) != nullptr, name);
    folder_ = name;
    for (const char* program : {kFirstProgram, kOtherProgram}) {
        support::copy_program("tests/owners_actor", folder_ / program);
    }
    ::prctl(PR_SET_CHILD_SUBREAPER, 1); // an actor's children become ours when it ends
}

Troupe::~Troupe() {
    for (const auto& actor : actors_) {
        actor->in_.reset(); // it reads the end of its pipe
        ::kill(actor->pid_, SIGKILL);
    }
    for (bool left = true; left;) { // children of children become ours one by one
        left = false;
        for (const auto& actor : actors_) {
            if (actor->pid_ > 0 && ::waitpid(actor->pid_, nullptr, 0) == actor->pid_) {
                actor->pid_ = 0;
                left = true;
            }
        }
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

Actor& Troupe::prepare() {
    Actor& actor = *actors_.emplace_back(std::make_unique<Actor>());
    const std::string base = (folder_ / std::to_string(++count_)).string();
    actor.in_path_ = base + ".in";
    actor.out_path_ = base + ".out";
    must(::mkfifo(actor.in_path_.c_str(), 0600) == 0 && ::mkfifo(actor.out_path_.c_str(), 0600) == 0, base);
    actor.in_.reset(::open(actor.in_path_.c_str(), O_RDWR | O_CLOEXEC)); // does not wait for the reader (fifo(7))
    actor.out_.reset(::open(actor.out_path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    must(actor.in_ && actor.out_, base);
    return actor;
}

Actor& Troupe::spawn(const std::string& mode) {
    Actor& actor = prepare();
    std::string path = program(kFirstProgram);
    std::string argument = mode;
    std::array<char*, 5> arguments{path.data(), argument.data(), actor.in_path_.data(), actor.out_path_.data(),
                                   nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    const int error = ::posix_spawn(&actor.pid_, path.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    errno = error;
    must(error == 0, path);
    actor.read_line(); // "ok PID"
    return actor;
}

Actor& Troupe::fork(Actor& parent, Table table) {
    Actor& child = prepare();
    child.parent_ = &parent;
    const char* const kind = table == Table::shared ? "shared" : "own";
    child.pid_ = parent.ask_number(std::string("fork ") + kind + " " + child.in_path_ + " " + child.out_path_);
    child.read_line();
    return child;
}

void Troupe::exec(Actor& actor, const std::string& name) {
    actor.ask("exec " + program(name));
}

void Troupe::end(Actor& actor, Reaped reaped) {
    actor.ask("exit");
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(actor.pid_), &info, WEXITED | WNOWAIT) != 0) {
        actor.parent_->ask("reap " + std::to_string(actor.pid_) + " keep");
    }
    actor.in_.reset();
    if (reaped == Reaped::yes) {
        reap(actor);
    }
}

void Troupe::reap(Actor& zombie) {
    if (::waitpid(zombie.pid_, nullptr, 0) != zombie.pid_) {
        must(zombie.parent_ != nullptr && zombie.parent_->runs(), "a zombie without a parent");
        zombie.parent_->ask("reap " + std::to_string(zombie.pid_) + " take");
    }
    forget(zombie);
}

void Troupe::forget(Actor& actor) {
    for (const auto& other : actors_) {
        if (other->parent_ == &actor) {
            other->parent_ = nullptr; // ours now
        }
    }
    std::erase_if(actors_, [&](const auto& one) { return one.get() == &actor; });
}

void Troupe::give_mailbox(Actor& actor) {
    if (actor.mailbox_.empty()) {
        actor.mailbox_ = "portside-owners-" + folder_.filename().string() + "-" + std::to_string(++count_);
        actor.ask("mailbox " + actor.mailbox_);
    }
}

void Troupe::post(Actor& from, int fd, Actor& to) {
    give_mailbox(to);
    from.ask("send " + std::to_string(fd) + " " + to.mailbox_);
}

int Troupe::pass(Actor& from, int fd, Actor& to) {
    post(from, fd, to);
    return to.ask_number("receive");
}

} // namespace portside::owners
