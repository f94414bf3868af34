// SPDX-License-Identifier: MIT
#include "core/commands/end_check.h"

#include <algorithm>
#include <utility>

namespace portside::commands {

using namespace std::chrono_literals;

namespace {

// Workers end a moment after their master: so often, and so long each time, others who still hold a port are waited
// for.
constexpr int kWaits = 5;
constexpr auto kWait = 200ms;

// A manager restarts within 0.1 s by default, supervisord after a second; what takes longer is seen in the next scans.
std::vector<std::chrono::milliseconds> looks_after(snapshot::Return comes_back) {
    switch (comes_back) {
    case snapshot::Return::likely:
        return {300ms, 1000ms, 2000ms};
    case snapshot::Return::possible:
        return {300ms, 1000ms};
    case snapshot::Return::unlikely:
        break;
    }
    return {};
}

bool shows(const snapshot::Snapshot& snapshot, const PortBefore& port) {
    return std::any_of(snapshot.rows.begin(), snapshot.rows.end(),
                       [&](const auto& row) { return row.key.port == port.port && row.key.protocol == port.protocol; });
}

} // namespace

EndCheck::EndCheck(Plan plan, std::string end, snapshot::ScannerThread& scanner, jobs::JobThread& jobs)
    : scanner_(scanner), jobs_(jobs), plan_(std::move(plan)), end_(std::move(end)) {
    for (auto& before : plan_.ports) {
        auto& port = ports_.emplace_back();
        port.before = std::move(before);
        look(port, false);
    }
    ask_scan();
}

void EndCheck::look(Port& port, bool name_holders) {
    jobs::PortWatchRequest request;
    request.protocol = port.before.protocol;
    request.port = port.before.port;
    request.source = plan_.source;
    request.name_holders = name_holders;
    if (!name_holders) {
        request.again = looks_after(plan_.comes_back);
    }
    port.seen = false;
    port.last = false;
    port.job = jobs_.start(std::move(request));
}

// That others still hold a port is told only when they had the time to end.
bool EndCheck::wait_for_followers(PortAfter after) {
    if (told_ || after != PortAfter::held || waits_ == kWaits) {
        return false;
    }
    ++waits_;
    later_looks_ = ports_.size();
    for (auto& port : ports_) {
        jobs::PortWatchRequest request;
        request.protocol = port.before.protocol;
        request.port = port.before.port;
        request.source = plan_.source;
        request.again = {kWait};
        port.later_look = jobs_.start(std::move(request));
    }
    return true;
}

bool EndCheck::take_later_look(const jobs::JobEvent& event) {
    const auto port =
        std::find_if(ports_.begin(), ports_.end(), [&](const Port& one) { return one.later_look == event.job; });
    if (port == ports_.end()) {
        return false;
    }
    if (event.last || event.stage == jobs::Stage::refused) {
        port->use = event.port_use;
        port->later_look = 0;
        if (--later_looks_ == 0) {
            ask_scan();
        }
    }
    return true;
}

bool EndCheck::take(const jobs::JobEvent& event) {
    if (take_later_look(event)) {
        return true;
    }
    const auto port = std::find_if(ports_.begin(), ports_.end(), [&](const Port& one) { return one.job == event.job; });
    if (port == ports_.end()) {
        return false;
    }
    const bool seen_before = std::exchange(port->seen, true);
    const auto holders = [](const auto& use) { return use ? use->holders : std::vector<std::uint64_t>{}; };
    const bool taken = seen_before && holders(event.port_use) != holders(port->use) && !holders(event.port_use).empty();
    port->use = event.port_use; // nothing where the job could not be started
    port->names = event.left;
    port->last = event.last || event.stage == jobs::Stage::refused;
    port->since_end = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - ended_at_);
    if (told_ && taken) {
        ask_scan();
    }
    return true;
}

// A socket that no row shows: bound without listening, or younger than the scan. A second scan tells which.
bool EndCheck::look_closer(const snapshot::Snapshot* snapshot) {
    bool any = false;
    if (snapshot != nullptr && !std::exchange(closer_, true)) {
        for (auto& port : ports_) {
            if (port.use && !port.use->holders.empty() && !shows(*snapshot, port.before)) {
                look(port, true);
                any = true;
            }
        }
    }
    if (any) {
        ask_scan();
    }
    return any;
}

std::vector<PortVerdict> EndCheck::judge(const snapshot::Snapshot* snapshot) const {
    std::vector<PortVerdict> verdicts;
    for (const auto& port : ports_) {
        const auto since_end =
            told_ ? port.since_end : std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - ended_at_);
        verdicts.push_back(judge_port(port.before, {snapshot, port.use, port.names, since_end}, plan_.unit));
    }
    return verdicts;
}

std::optional<EndNews> EndCheck::news(const snapshot::ScannerReport& report) {
    const auto all = [&](auto what) { return std::all_of(ports_.begin(), ports_.end(), what); };
    const bool scanned = scan_request_ && report.snapshot && report.answered_request >= *scan_request_;
    if (!scanned || !all([](const Port& port) { return port.seen; })) {
        over_ = over_ || (told_ && !scan_request_ && all([](const Port& port) { return port.last; }));
        return std::nullopt;
    }
    const auto* const snapshot = report.error.empty() ? report.snapshot.get() : nullptr;
    scan_request_.reset();
    if (!told_ && look_closer(snapshot)) {
        return std::nullopt;
    }
    auto found = end_news(end_, judge(snapshot));
    if (wait_for_followers(found.after)) {
        return std::nullopt;
    }
    const bool first = !std::exchange(told_, true);
    const bool settled = found.after != PortAfter::free && found.after != PortAfter::closing;
    over_ = settled || all([](const Port& port) { return port.last; });
    // Later news is told only where it is one: somebody took the port, and still had it when the scan looked.
    return first || found.after == PortAfter::retaken ? std::optional(std::move(found)) : std::nullopt;
}

} // namespace portside::commands
