// SPDX-License-Identifier: MIT
// posix_spawn(3): an exec that fails is told by its return value, so a program's own exit code 127 is never mistaken
// for it.
#include "core/platform/child_process.h"

#include "core/base/parse.h"
#include "core/platform/pidfd.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace portside::platform {

namespace {

struct Pipe {
    base::UniqueFd reader; // ours: non-blocking
    base::UniqueFd writer; // the child's
};

// Where our own stdin, stdout or stderr is closed, a new descriptor gets their number, and handing the child its three
// descriptors would overwrite it.
bool move_above_stdio(base::UniqueFd& fd) {
    if (fd.get() <= STDERR_FILENO) {
        fd.reset(::fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    }
    return static_cast<bool>(fd);
}

base::Result<Pipe> make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        return base::failed(base::error_from_errno(errno, "Could not make a pipe"));
    }
    Pipe pipe{base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
    if (!move_above_stdio(pipe.reader) || !move_above_stdio(pipe.writer) ||
        ::fcntl(pipe.reader.get(), F_SETFL, O_NONBLOCK) != 0) {
        return base::failed(base::error_from_errno(errno, "Could not prepare a pipe"));
    }
    return pipe;
}

// A program may be started with SIGCHLD ignored; the kernel then throws away how our children end, and their pids are
// free at once. Nothing here ever wants that.
void keep_child_states() {
    struct sigaction action {};
    if (::sigaction(SIGCHLD, nullptr, &action) == 0 &&
        (action.sa_handler == SIG_IGN || (action.sa_flags & SA_NOCLDWAIT) != 0)) {
        action = {};
        action.sa_handler = SIG_DFL;
        ::sigaction(SIGCHLD, &action, nullptr);
    }
}

// The child begins with no signal blocked and none ignored, whatever the calling thread does with them.
class SpawnPlan {
  public:
    SpawnPlan(const ChildCommand& command, int output, int errors) {
        ::posix_spawnattr_init(&attributes_);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes_, &signals);
        ::sigfillset(&signals);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

        ::posix_spawn_file_actions_init(&actions_);
        if (command.input >= 0) { // first: its number may be that of a stream which is replaced below
            ::posix_spawn_file_actions_adddup2(&actions_, command.input, STDIN_FILENO);
        } else if (!command.inherit_stdin) {
            ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        }
        if (output >= 0) {
            ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        } else {
            ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        }
        ::posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
    }
    ~SpawnPlan() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    // 0 or an errno.
    [[nodiscard]] int spawn(const ChildCommand& command, pid_t& pid) const {
        std::vector<char*> arguments{const_cast<char*>(command.program.c_str())};
        for (const auto& argument : command.arguments) {
            arguments.push_back(const_cast<char*>(argument.c_str()));
        }
        arguments.push_back(nullptr);
        return ::posix_spawn(&pid, command.program.c_str(), &actions_, &attributes_, arguments.data(), environ);
    }

  private:
    posix_spawnattr_t attributes_{};
    posix_spawn_file_actions_t actions_{};
};

} // namespace

base::Result<ChildProcess> ChildProcess::start(const ChildCommand& command) {
    if (!command.program.starts_with('/')) {
        return base::failed(base::ErrorKind::malformed,
                            fmt::format("{} was not started: it is not an absolute path.", command.program));
    }
    Pipe output;
    if (command.capture_output) {
        auto made = make_pipe();
        if (!made) {
            return base::failed(std::move(made.error()));
        }
        output = std::move(*made);
    }
    auto errors = make_pipe();
    if (!errors) {
        return base::failed(std::move(errors.error()));
    }
    keep_child_states();
    pid_t pid = 0;
    if (const int number = SpawnPlan(command, output.writer.get(), errors->writer.get()).spawn(command, pid);
        number != 0) {
        return base::failed(base::error_from_errno(number, fmt::format("{} could not be started", command.program)));
    }
    auto pidfd = open_pidfd(pid); // it is our child and not reaped yet: the number cannot mean another process
    if (!pidfd) {
        ::kill(pid, SIGKILL);
        while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
        }
        return base::failed(std::move(pidfd.error()));
    }
    ChildProcess child;
    child.pid_ = pid;
    child.pidfd_ = std::move(*pidfd);
    child.output_ = std::move(output.reader);
    child.errors_ = std::move(errors->reader);
    return child;
}

ChildProcess::~ChildProcess() {
    if (pidfd_) {
        static_cast<void>(reap()); // still running: its entry stays until this program ends; see the header
    }
}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
    if (this == &other) {
        return *this;
    }
    const ChildProcess old(std::move(*this)); // reaps what was here before, if it has ended
    pidfd_ = std::move(other.pidfd_);
    output_ = std::move(other.output_);
    errors_ = std::move(other.errors_);
    pid_ = other.pid_;
    reaped_ = other.reaped_;
    return *this;
}

base::Result<ChildEnd> ChildProcess::reap() {
    if (reaped_ || !pidfd_) {
        return base::failed(base::ErrorKind::not_found, "This child was reaped before.");
    }
    siginfo_t info{};
    int result = 0;
    do {
        result = ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG);
    } while (result != 0 && errno == EINTR);
    if (result != 0) {
        return base::failed(base::error_from_errno(errno, fmt::format("How process {} ended is not known", pid_)));
    }
    if (info.si_pid == 0) {
        return base::failed(base::ErrorKind::system, fmt::format("Process {} is still running.", pid_));
    }
    reaped_ = true;
    if (info.si_code == CLD_EXITED) {
        return ChildEnd{info.si_status, 0};
    }
    return ChildEnd{std::nullopt, info.si_status};
}

base::Result<void> ChildProcess::terminate() {
    if (!pidfd_) {
        return base::failed(base::ErrorKind::not_found, "There is no child to end.");
    }
    return send_signal(pidfd_, Signal::term);
}

std::optional<std::string> find_program(const std::string& program) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing of ours changes the environment after the start
    const char* path = std::getenv("PATH");
    const std::string folders = path == nullptr || *path == '\0' ? "/usr/local/bin:/usr/bin:/bin" : path;
    for (const auto folder : base::split_at(folders, ':')) {
        if (!folder.starts_with('/')) {
            continue; // an empty or relative part means the working directory: never a place to start programs from
        }
        std::string candidate = fmt::format("{}/{}", folder, program);
        struct stat status {};
        if (::stat(candidate.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
            ::access(candidate.c_str(), X_OK) == 0) {
            return candidate;
        }
    }
    return std::nullopt;
}

} // namespace portside::platform
