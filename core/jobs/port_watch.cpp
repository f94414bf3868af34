// SPDX-License-Identifier: MIT
#include "core/jobs/port_watch.h"

#include "core/platform/owners.h"
#include "core/platform/process_tree.h"

#include <algorithm>
#include <set>

namespace portside::jobs {

namespace {

// Each process that holds one of the sockets, once.
std::vector<std::string> names_of(std::vector<std::uint64_t> inodes) {
    inodes.erase(std::unique(inodes.begin(), inodes.end()), inodes.end());
    std::set<platform::ProcessId> holders;
    const auto walk = platform::walk_owners(inodes);
    for (const auto& owner : walk.owners) {
        holders.insert(owner.process);
    }
    std::vector<std::string> names;
    for (const auto& id : holders) {
        if (const auto stat = platform::read_stat(id.pid); stat && stat->id == id) {
            names.push_back(platform::label_of(*stat));
        }
    }
    return names;
}

} // namespace

void PortWatch::start() {
    started_at_ = EventLoop::Clock::now();
    auto use = look();
    if (use) {
        at_first_ = use->holders;
    }
    const bool named = request_.name_holders && !at_first_.empty();
    tell(std::move(use), request_.again.empty(), named ? names_of(at_first_) : std::vector<std::string>{});
    await_next();
}

void PortWatch::await_next() {
    if (looks_ < request_.again.size()) {
        timer_ = context_.loop.at(started_at_ + request_.again[looks_], [this] { look_again(); });
    } else {
        finish();
    }
}

void PortWatch::look_again() {
    ++looks_;
    auto use = look();
    const bool last = looks_ == request_.again.size();
    const bool taken =
        use && !std::includes(at_first_.begin(), at_first_.end(), use->holders.begin(), use->holders.end());
    if (taken || last) {
        tell(std::move(use), true);
        finish();
        return;
    }
    await_next();
}

std::optional<platform::PortUse> PortWatch::look() const {
    auto use = platform::port_use(request_.protocol, request_.port, request_.source);
    return use ? std::optional(std::move(*use)) : std::nullopt;
}

void PortWatch::tell(std::optional<platform::PortUse> use, bool last, std::vector<std::string> names) {
    JobEvent event{.job = id_, .stage = Stage::port_seen};
    event.port_use = std::move(use);
    event.left = std::move(names);
    event.last = last;
    context_.post(std::move(event));
}

} // namespace portside::jobs
