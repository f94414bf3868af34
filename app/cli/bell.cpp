// SPDX-License-Identifier: MIT
// eventfd(2), signalfd(2), poll(2).
#include "app/cli/bell.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace portside::cli {

namespace {
using namespace std::chrono_literals;
constexpr std::chrono::milliseconds kLongestWait = 1h; // poll(2) counts in an int
} // namespace

Bell::Bell() : rung_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    sigset_t wanted;
    ::sigemptyset(&wanted);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction now {};
        if (::sigaction(number, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) {
            ::sigaddset(&wanted, number);
        }
    }
    ::pthread_sigmask(SIG_BLOCK, &wanted, &before_);
    signals_.reset(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals_) { // out of descriptors: then they end the program, as ever
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
}

Bell::~Bell() {
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Bell::ring() {
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the main thread is about to look anyway.
    static_cast<void>(::write(rung_.get(), &one, sizeof(one)) == sizeof(one));
}

int Bell::wait(std::optional<std::chrono::milliseconds> limit) {
    const int patience = limit ? static_cast<int>(std::clamp(*limit, 0ms, kLongestWait).count()) : -1;
    for (;;) {
        std::array<pollfd, 2> waits{pollfd{signals_.get(), POLLIN, 0}, pollfd{rung_.get(), POLLIN, 0}};
        // Without an eventfd (out of descriptors) it is looked again and again.
        if (::poll(waits.data(), waits.size(), rung_ ? patience : 50) < 0 && errno != EINTR) {
            return 0;
        }
        if (signalfd_siginfo info{}; signals_ && ::read(signals_.get(), &info, sizeof(info)) == sizeof(info)) {
            return static_cast<int>(info.ssi_signo);
        }
        std::uint64_t count = 0;
        const bool rung = !rung_ || ::read(rung_.get(), &count, sizeof(count)) == sizeof(count);
        if (rung || limit) {
            return 0;
        }
    }
}

} // namespace portside::cli
