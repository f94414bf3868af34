// SPDX-License-Identifier: MIT
// Scans again and again on a thread of its own. Public functions may be called from any thread.
#include "core/snapshot/scanner_thread.h"

#include <algorithm>
#include <pthread.h>
#include <utility>

namespace portside::snapshot {

namespace {
// A wait's end must be a time that the clock can tell, whatever interval was asked for.
constexpr std::chrono::milliseconds kLongestInterval = std::chrono::hours(24);
} // namespace

ScannerThread::ScannerThread(ScannerOptions options, std::chrono::milliseconds interval, std::function<void()> wake)
    : scanner_(std::move(options)), interval_(std::min(interval, kLongestInterval)), wake_(std::move(wake)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

std::uint64_t ScannerThread::request_scan() {
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex_);
        number = ++requested_;
    }
    changed_.notify_one();
    return number;
}

void ScannerThread::set_include_bound(bool include) {
    {
        const std::lock_guard lock(mutex_);
        include_bound_ = include;
    }
    changed_.notify_one();
}

void ScannerThread::set_privileged_owners(std::vector<PrivilegedOwner> owners) {
    {
        const std::lock_guard lock(mutex_);
        privileged_ = std::move(owners);
    }
    changed_.notify_one();
}

void ScannerThread::set_visible_processes(std::vector<pid_t> pids) {
    const std::lock_guard lock(mutex_);
    visible_ = std::move(pids);
}

std::uint64_t ScannerThread::take_orders() {
    std::optional<bool> include_bound;
    std::optional<std::vector<PrivilegedOwner>> privileged;
    std::optional<std::vector<pid_t>> visible;
    std::uint64_t requested = 0;
    {
        const std::lock_guard lock(mutex_);
        include_bound = std::exchange(include_bound_, std::nullopt);
        privileged = std::exchange(privileged_, std::nullopt);
        visible = std::exchange(visible_, std::nullopt);
        requested = requested_;
    }
    if (include_bound) {
        scanner_.set_include_bound(*include_bound);
    }
    if (privileged) {
        scanner_.set_privileged_owners(std::move(*privileged));
    }
    if (visible) {
        scanner_.set_visible_processes(std::move(*visible));
    }
    return requested;
}

void ScannerThread::run(const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), "scanner");
    ScannerReport known;
    while (!stop.stop_requested()) {
        ScannerReport report{known.snapshot, take_orders(), {}};
        const std::uint64_t answered = report.answered_request;
        if (auto scanned = scanner_.scan()) {
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
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, stop, interval_,
                          [&] { return requested_ != answered || include_bound_ || privileged_; });
    }
}

} // namespace portside::snapshot
