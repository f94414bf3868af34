// SPDX-License-Identifier: MIT
// One sorted list, changed where it lies: less to keep than a tree or a table of small lists.
#include "core/platform/holdings.h"

#include <algorithm>
#include <iterator>

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

void Holdings::leave_out_gone() {
    if (gone_.empty()) {
        return;
    }
    const auto at = [this](std::size_t place) { return all_.begin() + static_cast<std::ptrdiff_t>(place); };
    auto to = at(gone_.front());
    for (auto gone = gone_.cbegin(); gone != gone_.cend(); ++gone) {
        const auto next = std::next(gone);
        to = std::move(at(*gone + 1), next == gone_.cend() ? all_.end() : at(*next), to);
    }
    all_.erase(to, all_.end());
}

// From the back: nearly always they belong to the end, as the kernel counts inode numbers up.
void Holdings::put_in(std::span<const Holding> fresh) {
    auto left = static_cast<std::ptrdiff_t>(all_.size());
    auto to = left + static_cast<std::ptrdiff_t>(fresh.size());
    all_.resize(static_cast<std::size_t>(to));
    const auto at = [this](std::ptrdiff_t place) { return all_.begin() + place; };
    for (; !fresh.empty(); fresh = fresh.first(fresh.size() - 1)) {
        const auto place = std::lower_bound(at(0), at(left), fresh.back()) - at(0);
        std::move_backward(at(place), at(left), at(to));
        to -= left - place + 1;
        left = place;
        *at(to) = fresh.back();
    }
}

bool Holdings::replace(std::span<const Look> looks, std::span<const pid_t> ended, std::vector<Holding>& found,
                       std::vector<std::uint64_t>& lost) {
    compare(looks, ended, found, lost);
    if (found.empty() && gone_.empty()) {
        return false;
    }
    leave_out_gone();
    put_in(found);
    found.clear();
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
