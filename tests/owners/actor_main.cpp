// SPDX-License-Identifier: MIT
// A process under the tests' control: it reads commands from one named pipe, one a line, and answers each on another.
// It uses pipes, so that it holds no socket but those it is told to open. When the test goes, so does it: its pipe
// ends. One thread obeys at a time: the leader (or the one that took over from it), or a worker with a descriptor table
// of its own, for which the other one waits.
//
// usage: owners_actor run IN OUT, owners_actor churn, owners_actor resume IN_FD OUT_FD MAILBOX_FD (after exec)
#include "tests/owners/actor_commands.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <mutex>
#include <new>
#include <optional>
#include <sched.h>
#include <span>
#include <string>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace portside::owners {

namespace {

class Actor {
  public:
    Actor(int in, int out, std::span<char*> arguments) : in_(in), out_(out), arguments_(arguments) {}

    [[noreturn]] void obey();
    void reply(const std::string& text) const;

  private:
    [[nodiscard]] std::string carry_out(const Words& words);
    [[nodiscard]] std::string fork_child(const Words& words);
    [[nodiscard]] std::string exec_program(const std::string& path) const;
    [[nodiscard]] std::string start_worker(const Words& words);
    [[nodiscard]] std::string in_worker(const Words& words);
    [[nodiscard]] std::string leader_exit();
    [[nodiscard]] std::string set_title(const std::string& title) const;
    void be_worker(const Words& keep);

    int in_, out_;
    std::span<char*> arguments_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool has_worker_ = false;
    std::optional<Words> task_;          // for the worker
    std::optional<std::string> outcome_; // of the task
};

void Actor::reply(const std::string& text) const {
    const std::string line = text + "\n";
    if (::write(out_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
        ::_exit(3);
    }
}

void Actor::obey() {
    std::array<char, 512> buffer{};
    for (;;) {
        const ssize_t length = ::read(in_, buffer.data(), buffer.size()); // the test waits for the answer: one line
        if (length <= 0) {
            ::_exit(0);
        }
        const std::string answer = carry_out(words_of({buffer.data(), static_cast<std::size_t>(length)}));
        if (!answer.empty()) {
            reply(answer);
        }
    }
}

//   fork own|shared IN OUT  a child with a copy of the table, or with the very same one (clone(2), CLONE_FILES). ok PID
//   exec PATH               ok PID, from the new program
//   thread [FD...]          a thread with its own table, in which only these are left. ok TID
//   worker COMMAND...       a command on descriptors, in that thread. "worker end" ends it
//   leader_exit             the first thread ends, another one goes on
//   title TEXT              rewrites the command line in place
//   reap PID keep|take      waits until the child has ended; takes it away or leaves a zombie
//   exit
std::string Actor::carry_out(const Words& words) {
    const std::string& what = words.at(0);
    if (what == "fork") {
        return fork_child(words);
    }
    if (what == "exec") {
        return exec_program(words.at(1));
    }
    if (what == "thread") {
        return start_worker(words);
    }
    if (what == "worker") {
        return in_worker({words.begin() + 1, words.end()});
    }
    if (what == "leader_exit") {
        return leader_exit();
    }
    if (what == "title") {
        return set_title(words.at(1));
    }
    if (what == "reap") {
        siginfo_t info{};
        const int flags = WEXITED | (words.at(2) == "keep" ? WNOWAIT : 0);
        return ::waitid(P_PID, static_cast<id_t>(std::atoi(words.at(1).c_str())), &info, flags) == 0 ? "ok"
                                                                                                     : error_of("reap");
    }
    if (what == "exit") {
        reply("ok");
        ::_exit(0);
    }
    const std::string answer = descriptor_command(words);
    return answer.empty() ? "error no such command" : answer;
}

std::string Actor::fork_child(const Words& words) {
    const bool shared = words.at(1) == "shared";
    const pid_t child = shared ? static_cast<pid_t>(::syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0)) : ::fork();
    if (child != 0) {
        return child < 0 ? error_of("fork") : "ok " + std::to_string(child);
    }
    has_worker_ = false; // only this thread came along; whoever waited here did not
    new (&mutex_) std::mutex;
    new (&changed_) std::condition_variable;
    const int in = ::open(words.at(2).c_str(), O_RDONLY);
    const int out = ::open(words.at(3).c_str(), O_WRONLY);
    if (shared) { // the parent still needs its own pipes in here
        in_ = in;
        out_ = out;
    } else {
        ::dup2(in, in_);
        ::dup2(out, out_);
        ::close(in);
        ::close(out);
    }
    forget_mailbox(!shared);
    return "ok " + std::to_string(::getpid()); // to its own pipe
}

std::string Actor::exec_program(const std::string& path) const {
    const std::string in = std::to_string(in_);
    const std::string out = std::to_string(out_);
    const std::string box = std::to_string(mailbox());
    ::execl(path.c_str(), path.c_str(), "resume", in.c_str(), out.c_str(), box.c_str(), nullptr);
    return error_of("exec " + path);
}

void Actor::be_worker(const Words& keep) {
    ::unshare(CLONE_FILES);
    int last = -1; // closes all that lies between what is kept
    std::vector<int> numbers;
    for (auto word = keep.begin() + 1; word != keep.end(); ++word) {
        numbers.push_back(std::atoi(word->c_str()));
    }
    std::sort(numbers.begin(), numbers.end());
    for (const int fd : numbers) {
        if (fd > last + 1) {
            ::syscall(SYS_close_range, last + 1, fd - 1, 0);
        }
        last = fd;
    }
    ::syscall(SYS_close_range, last + 1, ~0U, 0);
    std::unique_lock lock(mutex_);
    outcome_ = "ok " + std::to_string(::gettid());
    changed_.notify_all();
    for (;;) {
        changed_.wait(lock, [&] { return task_.has_value(); });
        const Words words = *task_;
        task_.reset();
        if (words.at(0) == "end") {
            return;
        }
        outcome_ = descriptor_command(words);
        changed_.notify_all();
    }
}

std::string Actor::start_worker(const Words& words) {
    std::unique_lock lock(mutex_);
    outcome_.reset();
    has_worker_ = true;
    std::thread([this, words] { be_worker(words); }).detach();
    changed_.wait(lock, [&] { return outcome_.has_value(); });
    const pid_t worker = std::atoi(outcome_->substr(3).c_str());
    task_.reset();
    return "ok " + std::to_string(worker);
}

bool ended(pid_t thread) {
    return ::access(("/proc/self/task/" + std::to_string(thread)).c_str(), F_OK) != 0;
}

std::string Actor::in_worker(const Words& words) {
    std::unique_lock lock(mutex_);
    if (!has_worker_) {
        return "error there is no worker";
    }
    outcome_.reset();
    task_ = words;
    changed_.notify_all();
    if (words.at(0) != "end") {
        changed_.wait(lock, [&] { return outcome_.has_value(); });
        return *outcome_;
    }
    has_worker_ = false;
    lock.unlock();
    const pid_t worker = std::atoi(words.at(1).c_str());
    while (!ended(worker)) { // its table is gone when it is
        ::sched_yield();
    }
    return "ok";
}

char state_of(pid_t thread) {
    std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/stat");
    std::string text;
    std::getline(file, text, '\0');
    const auto end = text.rfind(')');
    return end == std::string::npos || end + 2 >= text.size() ? '?' : text[end + 2];
}

std::string Actor::leader_exit() {
    if (::gettid() != ::getpid()) {
        return "error the leader has gone already";
    }
    std::thread([this] {
        while (state_of(::getpid()) != 'Z') {
            ::sched_yield();
        }
        reply("ok");
        obey();
    }).detach();
    ::syscall(SYS_exit, 0); // this thread alone (exit(2)); the stack and its objects stay
    return "";
}

// As setproctitle does: over the memory of the arguments. What does not fit is cut.
std::string Actor::set_title(const std::string& title) const {
    char* const first = arguments_.front();
    char* const last = arguments_.back() + std::strlen(arguments_.back());
    const auto room = static_cast<std::size_t>(last - first);
    std::memset(first, 0, room);
    std::memcpy(first, title.data(), std::min(room, title.size()));
    return "ok";
}

// Noise: children that come and go, files and sockets that open and close, for as long as the test lives.
[[noreturn]] void churn(int in) {
    ::fcntl(in, F_SETFL, O_NONBLOCK);
    for (unsigned round = 0;; ++round) {
        char byte = 0;
        if (::read(in, &byte, 1) == 0) { // the test has gone
            ::_exit(0);
        }
        const std::string listener = descriptor_command({"listen", round % 2 == 0 ? "tcp4" : "udp6", "0", "alone"});
        static_cast<void>(descriptor_command({"files", "5"}));
        if (const pid_t child = ::fork(); child == 0) {
            static_cast<void>(descriptor_command({"files", "3"}));
            ::usleep(500);
            ::_exit(0);
        } else if (child > 0) {
            ::waitpid(child, nullptr, 0);
        }
        if (listener.rfind("ok", 0) == 0) {
            static_cast<void>(descriptor_command({"close", words_of(listener).at(1)}));
        }
        static_cast<void>(descriptor_command({"unfiles", "5"}));
        ::usleep(2000);
    }
}

} // namespace

} // namespace portside::owners

int main(int count, char** arguments) {
    using namespace portside::owners;
    const std::string mode = count > 1 ? arguments[1] : "";
    if (count < 4) {
        return 2;
    }
    const bool resumed = mode == "resume";
    if (!resumed) { // whose parent may be another actor, which may end before it
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    }
    const int in = resumed ? std::atoi(arguments[2]) : ::open(arguments[2], O_RDONLY);
    const int out = resumed ? std::atoi(arguments[3]) : ::open(arguments[3], O_WRONLY);
    if (in < 0 || out < 0) {
        return 2;
    }
    if (resumed) {
        remember_files(count > 4 ? std::atoi(arguments[4]) : -1);
    }
    static Actor actor(in, out, std::span(arguments, static_cast<std::size_t>(count))); // outlives the leader
    actor.reply("ok " + std::to_string(::getpid()));
    if (mode == "churn") {
        churn(in);
    }
    actor.obey();
}
