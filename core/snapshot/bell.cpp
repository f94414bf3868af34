// SPDX-License-Identifier: MIT
// A sleep by poll(2) over an eventfd and one descriptor of the kernel's.
#include "core/snapshot/bell.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace portside::snapshot {

namespace {

constexpr std::chrono::milliseconds kDeaf{100}; // between two looks where there is no bell

timespec time_until(SteadyTime end) {
    const auto left = std::max<std::chrono::nanoseconds>(end - std::chrono::steady_clock::now(), {});
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    return {.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
}

} // namespace

Bell::Bell() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Bell::ring() {
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the thread is about to look anyway.
    static_cast<void>(::write(fd_.get(), &one, sizeof one) == sizeof one);
}

Bell::Reason Bell::wait(std::optional<SteadyTime> due, int events, std::optional<SteadyTime> events_from) {
    if (!fd_) {
        const auto look = std::chrono::steady_clock::now() + kDeaf;
        due = due ? std::min(*due, look) : look;
    }
    const bool may_tell = events >= 0 && events_from.has_value();
    bool told = false; // before its time: from then on only that time is waited for, so that quiet costs no wake
    for (;;) {
        auto end = due;
        if (told) {
            if (*events_from <= std::chrono::steady_clock::now()) {
                return Reason::event;
            }
            end = end ? std::min(*end, *events_from) : *events_from;
        }
        std::array<pollfd, 2> waiting{pollfd{fd_.get(), POLLIN, 0}, pollfd{may_tell && !told ? events : -1, POLLIN, 0}};
        const timespec limit = end ? time_until(*end) : timespec{};
        const int ready = ::ppoll(waiting.data(), waiting.size(), end ? &limit : nullptr, nullptr);
        std::uint64_t rings = 0;
        if (ready > 0 && waiting[0].revents != 0 && ::read(fd_.get(), &rings, sizeof rings) == sizeof rings) {
            return Reason::rung;
        }
        told = told || (ready > 0 && waiting[1].revents != 0);
        if (due && *due <= std::chrono::steady_clock::now()) {
            return fd_ ? Reason::due : Reason::rung;
        }
    }
}

} // namespace portside::snapshot
