// SPDX-License-Identifier: MIT
// Scans again and again on a thread of its own. Public functions may be called from any thread.
#include "core/snapshot/scanner_thread.h"

#include <algorithm>
#include <iterator>
#include <pthread.h>
#include <sys/prctl.h>
#include <utility>

namespace portside::snapshot {

namespace {
// One costs a twelfth of a scan. What nobody tells, a descriptor that was passed on, is seen so many intervals later.
constexpr int kMostLooks = 3;
} // namespace

ScannerThread::ScannerThread(ScannerOptions options, std::chrono::milliseconds interval, std::function<void()> wake,
                             bool paused)
    : scanner_(std::move(options)), pace_(interval), wake_(std::move(wake)), paused_(paused), begun_(!paused),
      interval_(interval), thread_([this](const std::stop_token& stop) { run(stop); }) {}

std::uint64_t ScannerThread::request_scan() {
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex_);
        number = ++requested_;
    }
    bell_.ring();
    return number;
}

void ScannerThread::set_include_bound(bool include) {
    {
        const std::lock_guard lock(mutex_);
        include_bound_ = include;
    }
    bell_.ring();
}

void ScannerThread::set_privileged_owners(std::vector<PrivilegedOwner> owners) {
    {
        const std::lock_guard lock(mutex_);
        privileged_ = std::move(owners);
    }
    bell_.ring();
}

void ScannerThread::add_container_names(std::vector<ToldContainer> told) {
    {
        const std::lock_guard lock(mutex_);
        std::move(told.begin(), told.end(), std::back_inserter(containers_));
    }
    bell_.ring();
}

void ScannerThread::set_paused(bool paused) {
    {
        const std::lock_guard lock(mutex_);
        paused_ = paused;
        begun_ = begun_ || !paused;
    }
    bell_.ring();
}

void ScannerThread::set_interval(std::chrono::milliseconds interval) {
    {
        const std::lock_guard lock(mutex_);
        interval_ = interval;
    }
    bell_.ring();
}

void ScannerThread::set_details_of(std::optional<DetailsWish> wish) {
    {
        const std::lock_guard lock(mutex_);
        details_of_ = std::move(wish);
    }
    bell_.ring();
}

void ScannerThread::set_connections_of(std::optional<ConnectionsWish> wish) {
    {
        const std::lock_guard lock(mutex_);
        connections_of_ = std::move(wish);
    }
    bell_.ring();
}

void ScannerThread::set_visible_processes(std::vector<pid_t> pids) {
    const std::lock_guard lock(mutex_);
    visible_ = std::move(pids);
}

std::uint64_t ScannerThread::take_orders() {
    std::optional<bool> include_bound;
    std::optional<std::vector<PrivilegedOwner>> privileged;
    std::vector<ToldContainer> containers;
    std::optional<std::vector<pid_t>> visible;
    std::optional<std::optional<DetailsWish>> details_of;
    std::optional<std::optional<ConnectionsWish>> connections_of;
    std::uint64_t requested = 0;
    {
        const std::lock_guard lock(mutex_);
        include_bound = std::exchange(include_bound_, std::nullopt);
        privileged = std::exchange(privileged_, std::nullopt);
        containers = std::exchange(containers_, {});
        visible = std::exchange(visible_, std::nullopt);
        details_of = std::exchange(details_of_, std::nullopt);
        connections_of = std::exchange(connections_of_, std::nullopt);
        requested = requested_;
    }
    if (include_bound) {
        scanner_.set_include_bound(*include_bound);
    }
    if (privileged) {
        scanner_.set_privileged_owners(std::move(*privileged));
    }
    if (!containers.empty()) {
        scanner_.add_container_names(std::move(containers));
    }
    if (visible) {
        scanner_.set_visible_processes(std::move(*visible));
    }
    if (details_of) {
        wish_ = std::move(*details_of);
    }
    if (connections_of) {
        connections_wish_ = std::move(*connections_of);
    }
    return requested;
}

bool ScannerThread::only_look(std::uint64_t requested) {
    const auto began = std::chrono::steady_clock::now();
    const bool spared = looks_ < kMostLooks && requested == pace_.answered() && scanner_.is_quiet();
    looks_ = spared ? looks_ + 1 : 0;
    if (spared) {
        pace_.on_scan(began, std::chrono::steady_clock::now(), requested, false);
    }
    return spared;
}

void ScannerThread::scan(std::uint64_t requested, ScannerReport& known, const std::stop_token& stop) {
    ScannerReport report{known.snapshot, 0, {}};
    const auto began = std::chrono::steady_clock::now();
    auto scanned = scanner_.scan();
    pace_.on_scan(began, std::chrono::steady_clock::now(), requested, scanned && scanner_.unfinished());
    report.answered_request = pace_.answered();
    if (scanned) {
        report.snapshot = std::move(*scanned);
    } else {
        report.error = std::move(scanned.error().what);
    }
    const bool news = report.snapshot != known.snapshot || report.error != known.error ||
                      report.answered_request != known.answered_request;
    if (news) {
        known = report;
        report_.put(std::move(report));
        if (wake_ && !stop.stop_requested()) {
            wake_();
        }
    }
}

void ScannerThread::read_details(const std::stop_token& stop) {
    const DetailsPtr known = details_.get();
    if (!wish_) {
        if (known) {
            details_.put(nullptr);
        }
        return;
    }
    auto read = scanner_.read_details(*wish_);
    if (!known || *known != read) {
        details_.put(std::make_shared<const ProcessDetails>(std::move(read)));
        if (wake_ && !stop.stop_requested()) {
            wake_();
        }
    }
}

void ScannerThread::read_connections(const std::stop_token& stop) {
    const RowConnectionsPtr known = connections_.get();
    if (!connections_wish_) {
        if (known) {
            connections_.put(nullptr);
            scanner_.forget_connections();
        }
        return;
    }
    auto read = scanner_.read_connections(*connections_wish_);
    if (!known || *known != read) {
        connections_.put(std::make_shared<const RowConnections>(std::move(read)));
        if (wake_ && !stop.stop_requested()) {
            wake_();
        }
    }
}

void ScannerThread::await_beginning(const std::stop_token& stop) {
    const auto begins = [this] {
        const std::lock_guard lock(mutex_);
        return begun_ || requested_ != 0;
    };
    while (!stop.stop_requested() && !begins()) {
        static_cast<void>(bell_.wait({}, -1, {}));
    }
}

void ScannerThread::await_due(const std::stop_token& stop) {
    std::optional<std::chrono::milliseconds> known; // asked for once in each sleep
    while (!stop.stop_requested()) {
        ScanPace::Next next;
        std::chrono::milliseconds interval{};
        {
            const std::lock_guard lock(mutex_);
            interval = interval_;
            pace_.set_interval(interval);
            pace_.set_paused(paused_);
            next = pace_.next(requested_, std::chrono::steady_clock::now());
            next.now =
                next.now || include_bound_ || privileged_ || details_of_ || connections_of_ || !containers_.empty();
        }
        if (std::exchange(known, interval) != interval) {
            save_wakeups(interval);
        }
        if (next.now || bell_.wait(next.at, scanner_.event_fd(), next.events_from) == Bell::Reason::event) {
            return;
        }
    }
}

// The kernel may let the thread sleep a little longer, so that it wakes the processor together with others.
void ScannerThread::save_wakeups(std::chrono::milliseconds interval) {
    constexpr std::chrono::milliseconds kMost{500}; // a tenth of the interval, of this one at most
    const std::chrono::nanoseconds slack = std::chrono::nanoseconds(std::clamp(interval, {}, kMost)) / 10;
    // Where it is refused the thread only wakes more exactly. 0 would mean the default.
    static_cast<void>(::prctl(PR_SET_TIMERSLACK, static_cast<unsigned long>(std::max<std::int64_t>(slack.count(), 1))));
}

void ScannerThread::run(const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), "scanner");
    const std::stop_callback on_stop(stop, [this] { bell_.ring(); });
    ScannerReport known;
    await_beginning(stop);
    while (!stop.stop_requested()) {
        const std::uint64_t requested = take_orders();
        if (!only_look(requested)) {
            scan(requested, known, stop);
        }
        read_details(stop);
        read_connections(stop);
        await_due(stop);
    }
}

} // namespace portside::snapshot
