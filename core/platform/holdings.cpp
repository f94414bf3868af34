// SPDX-License-Identifier: MIT
// One sorted list: a change is one pass over it, which costs less than keeping a tree or a table of small lists.
#include "core/platform/holdings.h"

#include <algorithm>

namespace portside::platform {

namespace {

struct ByPid {
    bool operator()(const Look& look, pid_t pid) const { return look.pid < pid; }
    bool operator()(pid_t pid, const Look& look) const { return pid < look.pid; }
};

// What a look read is known anew by it: a part of the process's table, and threads' own tables where it began at 0.
bool is_covered(std::span<const Look> looks, const Holding& holding) {
    const auto [first, last] = std::equal_range(looks.begin(), looks.end(), holding.pid, ByPid{});
    return std::any_of(first, last, [&](const Look& look) {
        return holding.thread != 0 ? look.range.first == 0 : look.range.contains(holding.fd);
    });
}

} // namespace

// Whether the looks found just what was known. Most do, and reading is cheaper than writing it all anew.
bool Holdings::is_old_news(std::span<const Look> looks, std::span<const Holding> found) const {
    if (looks.empty()) {
        return found.empty();
    }
    auto next = found.begin();
    for (const Holding& known : all_) {
        const bool may_be = known.pid >= looks.front().pid && known.pid <= looks.back().pid;
        if (!may_be || !is_covered(looks, known)) {
            continue;
        }
        if (next == found.end() || *next != known) {
            return false;
        }
        ++next;
    }
    return next == found.end();
}

bool Holdings::replace(std::span<const Look> looks, std::span<const pid_t> ended, std::vector<Holding>& found,
                       std::vector<std::uint64_t>& lost) {
    std::sort(found.begin(), found.end());
    if (ended.empty() && is_old_news(looks, found)) {
        found.clear();
        return false;
    }
    next_.clear();
    next_.reserve(all_.size() + found.size());
    auto fresh = found.cbegin();
    for (const Holding& known : all_) {
        if (is_covered(looks, known)) {
            if (!std::binary_search(found.begin(), found.end(), known)) {
                lost.push_back(known.inode);
            }
            continue;
        }
        if (std::binary_search(ended.begin(), ended.end(), known.pid)) {
            continue;
        }
        for (; fresh != found.cend() && *fresh < known; ++fresh) {
            next_.push_back(*fresh);
        }
        next_.push_back(known);
    }
    next_.insert(next_.end(), fresh, found.cend());
    found.clear();
    const bool changed = next_ != all_;
    std::swap(all_, next_);
    return changed;
}

std::span<const Holding> Holdings::of_socket(std::uint64_t inode) const {
    const auto first =
        std::lower_bound(all_.begin(), all_.end(), inode,
                         [](const Holding& holding, std::uint64_t wanted) { return holding.inode < wanted; });
    auto last = first;
    while (last != all_.end() && last->inode == inode) {
        ++last;
    }
    return {first, last};
}

} // namespace portside::platform
