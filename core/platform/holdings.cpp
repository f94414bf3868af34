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
    if (looks.empty() || holding.pid < looks.front().pid || holding.pid > looks.back().pid) {
        return false; // most
    }
    const auto [first, last] = std::equal_range(looks.begin(), looks.end(), holding.pid, ByPid{});
    return std::any_of(first, last, [&](const Look& look) {
        return holding.thread != 0 ? look.range.first == 0 : look.range.contains(holding.fd);
    });
}

} // namespace

// What is known and was not found again, by its place, and what was found and is not known: few, nearly always.
void Holdings::compare(std::span<const Look> looks, std::span<const pid_t> ended, std::vector<Holding>& found,
                       std::vector<std::uint64_t>& lost) {
    gone_.clear();
    std::sort(found.begin(), found.end());
    const std::size_t read = found.size();
    std::size_t fresh = 0; // so many of `found` are new, and were moved to its front
    std::size_t next = 0;
    for (std::size_t place = 0; place < all_.size(); ++place) {
        const Holding& known = all_[place];
        if (is_covered(looks, known)) {
            while (next < read && found[next] < known) {
                found[fresh++] = found[next++];
            }
            if (next < read && found[next] == known) {
                ++next;
            } else {
                gone_.push_back(place);
                lost.push_back(known.inode);
            }
        } else if (!ended.empty() && std::binary_search(ended.begin(), ended.end(), known.pid)) {
            gone_.push_back(place);
        }
    }
    while (next < read) {
        found[fresh++] = found[next++];
    }
    found.resize(fresh);
}

bool Holdings::replace(std::span<const Look> looks, std::span<const pid_t> ended, std::vector<Holding>& found,
                       std::vector<std::uint64_t>& lost) {
    compare(looks, ended, found, lost);
    if (found.empty() && gone_.empty()) {
        return false;
    }
    next_.clear();
    next_.reserve(all_.size() + found.size());
    std::size_t copied = 0;
    const auto copy_until = [&](std::size_t place) {
        next_.insert(next_.end(), all_.begin() + static_cast<std::ptrdiff_t>(copied),
                     all_.begin() + static_cast<std::ptrdiff_t>(place));
        copied = place;
    };
    auto gone = gone_.cbegin();
    const auto leave_out_until = [&](std::size_t place) {
        for (; gone != gone_.cend() && *gone < place; ++gone) {
            copy_until(*gone);
            ++copied;
        }
        copy_until(place);
    };
    for (const Holding& holding : found) {
        leave_out_until(static_cast<std::size_t>(
            std::lower_bound(all_.begin() + static_cast<std::ptrdiff_t>(copied), all_.end(), holding) - all_.begin()));
        next_.push_back(holding);
    }
    leave_out_until(all_.size());
    found.clear();
    std::swap(all_, next_);
    return true;
}

std::span<const Holding> Holdings::of_socket(std::uint64_t inode) const {
    return InOrder(*this).of_socket(inode);
}

// In steps of doubled length up to one that is not before it, then by halves.
std::span<const Holding> Holdings::InOrder::of_socket(std::uint64_t inode) {
    std::size_t before = 0; // so many are before it
    std::size_t step = 1;
    while (before + step <= rest_.size() && rest_[before + step - 1].inode < inode) {
        before += step;
        step *= 2;
    }
    const auto near = rest_.subspan(before, std::min(step, rest_.size() - before));
    const auto first =
        std::lower_bound(near.begin(), near.end(), inode,
                         [](const Holding& holding, std::uint64_t wanted) { return holding.inode < wanted; });
    rest_ = rest_.subspan(before + static_cast<std::size_t>(first - near.begin()));
    std::size_t count = 0;
    while (count < rest_.size() && rest_[count].inode == inode) {
        ++count;
    }
    return rest_.first(count);
}

} // namespace portside::platform
