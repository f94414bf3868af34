// SPDX-License-Identifier: MIT
// The two sides of a puppet's strings. One thread each.
#include "tests/platform/puppet.h"

#include <array>
#include <csignal>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace portside::platform::test {

Puppet::Puppet(const std::function<void(char)>& act) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw std::runtime_error("no socket pair");
    }
    channel_.reset(ends[0]);
    base::UniqueFd far(ends[1]);
    pid_ = ::fork();
    if (pid_ < 0) {
        throw std::runtime_error("no fork");
    }
    if (pid_ == 0) {
        channel_.reset();
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        char what = 0;
        while (::write(far.get(), &what, 1) == 1 && ::read(far.get(), &what, 1) == 1) {
            act(what);
        }
        ::_exit(0);
    }
    far.reset();
    char ready = 0;
    if (::read(channel_.get(), &ready, 1) != 1) {
        end();
        throw std::runtime_error("the child ended early");
    }
}

Puppet::~Puppet() {
    end();
}

void Puppet::order(char what) {
    char done = 0;
    if (::write(channel_.get(), &what, 1) == 1) {
        static_cast<void>(::read(channel_.get(), &done, 1)); // 0 bytes: its end was closed by exec or exit
    }
}

void Puppet::kill_without_reaping() const {
    ::kill(pid_, SIGKILL);
    siginfo_t ignored{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &ignored, WEXITED | WNOWAIT);
}

void Puppet::end() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
}

base::UniqueFd new_socket() {
    base::UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    must(bool(socket), "a socket");
    return socket;
}

std::uint64_t inode_of(int socket) {
    struct stat status {};
    return ::fstat(socket, &status) == 0 ? status.st_ino : 0;
}

} // namespace portside::platform::test
