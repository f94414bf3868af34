// SPDX-License-Identifier: MIT
#include "core/commands/port_check.h"

#include "core/commands/targets.h"
#include "core/commands/times.h"
#include "core/snapshot/respawner.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace portside::commands {

namespace {

using snapshot::ProcessId;
using snapshot::Row;
using snapshot::Snapshot;

bool is_on(const Row& row, const PortBefore& port) {
    return row.key.port == port.port && row.key.protocol == port.protocol;
}

// A row that was there before: one of its sockets was, or one of its owners is one that held the port.
bool was_there(const Row& row, const PortBefore& before) {
    const auto known_socket = [&](const platform::SocketEntry& socket) {
        return socket.inode != 0 && std::binary_search(before.inodes.begin(), before.inodes.end(), socket.inode);
    };
    const auto known_owner = [&](const snapshot::Owner& owner) {
        return std::binary_search(before.owners.begin(), before.owners.end(), owner.id);
    };
    return std::any_of(row.sockets.begin(), row.sockets.end(), known_socket) ||
           std::any_of(row.owners.begin(), row.owners.end(), known_owner);
}

PortVerdict held(const PortBefore& before, const Snapshot& snapshot, const std::vector<const Row*>& rows) {
    std::set<ProcessId> owners;
    std::vector<std::string> users; // of sockets whose owner is not known
    for (const auto* row : rows) {
        for (const auto& owner : row->owners) {
            owners.insert(owner.id);
        }
        if (row->owners.empty()) {
            users.push_back(row->user);
        }
    }
    if (owners.empty()) {
        return {PortAfter::held,
                fmt::format("but a socket of user {} still holds port {}.", joined_names(users), before.port),
                {}};
    }
    std::vector<std::string> names;
    names.reserve(owners.size());
    for (const auto& id : owners) {
        names.push_back(label_of(snapshot, id));
    }
    const auto count = names.size() + users.size();
    return {PortAfter::held,
            fmt::format("but {} still {} port {}: {}.",
                        count == 1 ? "another owner" : fmt::format("{} other owners", count),
                        count == 1 ? "holds" : "hold", before.port, joined_names(names)),
            {}};
}

// "PID 4243 (node, same unit)".
std::string holder_text(const Snapshot& snapshot, const Row& row, const std::optional<platform::Unit>& unit) {
    const auto* const facts = snapshot::topmost_process(snapshot, row);
    if (facts == nullptr) {
        return fmt::format("a process of user {}", row.user);
    }
    const auto& unit_now = row.unit ? row.unit : facts->unit;
    return fmt::format("PID {} ({}{})", facts->id.pid, facts->name, unit && unit_now == unit ? ", same unit" : "");
}

std::string parent_text(const Snapshot& snapshot, const Row& row) {
    const auto* const facts = snapshot::topmost_process(snapshot, row);
    if (facts == nullptr || facts->parent <= 0) {
        return {};
    }
    const auto* const parent = snapshot::find_pid(snapshot, facts->parent);
    return parent != nullptr ? fmt::format(" Its parent is {}.", label_of(snapshot, parent->id))
                             : fmt::format(" Its parent is process {}.", facts->parent);
}

PortVerdict retaken(const PortBefore& before, const PortSeen& seen, const Row& row,
                    const std::optional<platform::Unit>& unit) {
    const auto& snapshot = *seen.snapshot;
    PortVerdict verdict{PortAfter::retaken,
                        fmt::format("but {} took port {} again after {}.{}", holder_text(snapshot, row, unit),
                                    before.port, seconds_text(seen.since_end), parent_text(snapshot, row)),
                        {}};
    if (!row.owners.empty()) {
        verdict.new_holder = row.owners.front().id;
    }
    return verdict;
}

std::string connections_text(platform::Protocol protocol, const platform::PortUse& use) {
    const auto count = [](std::size_t number, const char* what) {
        return fmt::format("{} {} {} still", number, number == 1 ? what : std::string(what) + "s",
                           number == 1 ? "is" : "are");
    };
    if (protocol == platform::Protocol::udp) {
        return count(use.open, "connected socket") + " there";
    }
    const auto closing = count(use.closing, "connection") + " closing";
    const auto open = count(use.open, "connection") + " open";
    return use.open == 0 ? closing : use.closing == 0 ? open : fmt::format("{} and {}", open, closing);
}

} // namespace

PortBefore port_before(const Snapshot* snapshot, platform::Protocol protocol, std::uint16_t port) {
    PortBefore before{protocol, port, {}, {}};
    if (snapshot == nullptr) {
        return before;
    }
    for (const auto& row : snapshot->rows) {
        if (is_on(row, before)) {
            for (const auto& socket : row.sockets) {
                before.inodes.push_back(socket.inode);
            }
            for (const auto& owner : row.owners) {
                before.owners.push_back(owner.id);
            }
        }
    }
    std::sort(before.inodes.begin(), before.inodes.end());
    std::sort(before.owners.begin(), before.owners.end());
    return before;
}

PortVerdict judge_port(const PortBefore& before, const PortSeen& seen, const std::optional<platform::Unit>& unit) {
    std::vector<const Row*> old_rows;
    const Row* new_row = nullptr;
    if (seen.snapshot != nullptr) {
        for (const auto& row : seen.snapshot->rows) {
            if (is_on(row, before) && was_there(row, before)) {
                old_rows.push_back(&row);
            } else if (is_on(row, before) && new_row == nullptr) {
                new_row = &row;
            }
        }
    }
    if (!old_rows.empty()) {
        return held(before, *seen.snapshot, old_rows);
    }
    if (new_row != nullptr) {
        return retaken(before, seen, *new_row, unit);
    }
    if (seen.use && !seen.use->holders.empty()) {
        const auto of = seen.bound_names.empty() ? "" : fmt::format(" (of {})", joined_names(seen.bound_names));
        return {PortAfter::held,
                fmt::format("but a socket that is bound without listening{} still holds port {}.", of, before.port),
                {}};
    }
    if (seen.snapshot == nullptr || !seen.use) {
        return {PortAfter::unknown, fmt::format("but whether port {} is free could not be seen.", before.port), {}};
    }
    if (seen.use->open + seen.use->closing > 0) {
        return {PortAfter::closing,
                fmt::format("Nobody listens on port {}; {}, so a program without SO_REUSEADDR may have to wait.",
                            before.port, connections_text(before.protocol, *seen.use)),
                {}};
    }
    return {PortAfter::free, fmt::format("Port {} is free.", before.port), {}};
}

EndNews end_news(const std::string& end, const std::vector<PortVerdict>& verdicts) {
    EndNews news{verdicts.empty() ? PortAfter::unknown : PortAfter::free, {}};
    std::vector<std::string> good;
    std::vector<std::string> bad;
    for (const auto& verdict : verdicts) {
        news.after = std::max(news.after, verdict.after);
        auto& texts = verdict.after <= PortAfter::closing ? good : bad;
        if (std::find(texts.begin(), texts.end(), verdict.text) == texts.end()) { // tcp and udp of one number
            texts.push_back(verdict.text);
        }
    }
    const auto first = bad.empty() ? end + "." : fmt::format("{}, {}", end, fmt::join(bad, " And "));
    news.sentence = good.empty()  ? first
                    : bad.empty() ? fmt::format("{} {}", fmt::join(good, " "), first)
                                  : fmt::format("{} {}", first, fmt::join(good, " "));
    return news;
}

std::string joined_names(const std::vector<std::string>& names, std::size_t most) {
    const auto shown = std::min(most, names.size());
    auto text = fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
    if (shown < names.size()) {
        text += fmt::format(" and {} more", names.size() - shown);
    }
    return text;
}

} // namespace portside::commands
