// SPDX-License-Identifier: MIT
// Step, scan, compare. One thread.
#include "tests/owners/sequence.h"

#include "tests/owners/population.h"
#include "tests/owners/scan_work.h"
#include "tests/owners/watch.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

namespace portside::owners {

namespace {

constexpr std::size_t kLastActions = 12; // that a failure tells

struct Difference {
    std::string text;
    bool later_is_enough = false; // it only concerns processes whose number of descriptors is what it was
};

using RowsByInode = std::unordered_map<std::uint64_t, const snapshot::Row*>;

RowsByInode rows_by_inode(const snapshot::Snapshot& newest) {
    RowsByInode rows;
    for (const snapshot::Row& row : newest.rows) {
        for (const auto& socket : row.sockets) {
            if (!rows.emplace(socket.inode, &row).second) {
                throw Wrong(fmt::format("port {}: socket {} is in two rows", row.key.port, socket.inode));
            }
        }
    }
    return rows;
}

// A row's owners are those of all its sockets.
Difference compare_row(const snapshot::Snapshot& newest, const snapshot::Row& row, const Truth& truth,
                       const std::set<pid_t>& same_count, const std::set<std::uint64_t>& unowned_before) {
    Holders required;
    Holders allowed;
    for (const auto& socket : row.sockets) {
        required.merge(truth.required(socket.inode));
        allowed.merge(truth.allowed(socket.inode));
    }
    Holders shown;
    for (const snapshot::Owner& owner : row.owners) {
        shown.insert(owner.id);
    }
    Holders wrong;
    std::set_difference(required.begin(), required.end(), shown.begin(), shown.end(),
                        std::inserter(wrong, wrong.end()));
    std::set_difference(shown.begin(), shown.end(), allowed.begin(), allowed.end(), std::inserter(wrong, wrong.end()));
    const bool in_order =
        row.owners.empty() == row.unknown.has_value() &&
        std::all_of(shown.begin(), shown.end(), [&](const auto& id) { return newest.find_process(id) != nullptr; });
    if (wrong.empty() && in_order) {
        return {};
    }
    // One that was in a message before may also be found late; a new one may not.
    const bool was_unowned = std::all_of(row.sockets.begin(), row.sockets.end(),
                                         [&](const auto& socket) { return unowned_before.contains(socket.inode); });
    const bool unchanged = std::all_of(wrong.begin(), wrong.end(),
                                       [&](const platform::ProcessId& id) { return same_count.contains(id.pid); });
    return {fmt::format("{} port {} must have the owners {} (and may have {}), found {}{}{}",
                        row.key.protocol == platform::Protocol::tcp ? "tcp" : "udp", row.key.port,
                        text_of(pids_of(required)), text_of(pids_of(allowed)), text_of(pids_of(shown)),
                        row.unknown ? fmt::format(" ({})", to_string(*row.unknown)) : "",
                        !in_order                             ? ": the row contradicts itself"
                        : pids_of(shown) == pids_of(required) ? ": with another start time"
                                                              : ""),
            unchanged && in_order && (!shown.empty() || was_unowned)};
}

class Sequence {
  public:
    explicit Sequence(const SequenceOptions& options)
        : options_(options), population_(options.seed, options.reuse_pids) {}

    void run();

  private:
    [[nodiscard]] Difference compare(const Truth& truth, const std::set<pid_t>& same_count) const;
    [[nodiscard]] Difference compare_socket(const SocketPtr& socket, const RowsByInode& rows, const Truth& truth,
                                            const std::set<pid_t>& same_count) const;
    void check(const Step& step);
    void forget_closed(const Truth& truth);
    void note_unowned();
    [[nodiscard]] std::string story(const std::string& what) const;

    SequenceOptions options_;
    Population population_;
    Watch watch_;
    std::vector<std::string> actions_;
    std::set<std::uint64_t> unowned_before_; // inodes that had a row without an owner after the last step
};

Difference Sequence::compare_socket(const SocketPtr& socket, const RowsByInode& rows, const Truth& truth,
                                    const std::set<pid_t>& same_count) const {
    const auto found = rows.find(socket->inode);
    const bool held = !truth.allowed(socket->inode).empty();
    const auto message = population_.in_a_message(socket);
    const bool must = population_.listening(socket) && (held || message == Population::Message::yes);
    const bool may = must || (population_.listening(socket) && message == Population::Message::perhaps);
    if (found == rows.end()) {
        return {must ? fmt::format("{} port {} must have a row, found none", socket->kind, socket->port) : ""};
    }
    if (!may) {
        return {fmt::format("{} port {} must be gone, found a row", socket->kind, socket->port)};
    }
    return compare_row(watch_.newest(), *found->second, truth, same_count, unowned_before_);
}

// The first that is wrong for good, or else the first that may still be.
Difference Sequence::compare(const Truth& truth, const std::set<pid_t>& same_count) const {
    const RowsByInode rows = rows_by_inode(watch_.newest());
    Difference soft;
    for (const SocketPtr& socket : population_.sockets()) {
        Difference difference = compare_socket(socket, rows, truth, same_count);
        if (difference.text.empty()) {
            continue;
        }
        if (!difference.later_is_enough) {
            return difference;
        }
        soft = std::move(difference);
    }
    return soft;
}

void Sequence::check(const Step& step) {
    const Truth truth = read_truth(); // the actors stand still until the next step
    watch_.scan();
    Difference difference = compare(truth, step.same_count);
    for (std::size_t i = 0; i < kFollowUps && !difference.text.empty() && watch_.unfinished(); ++i) {
        watch_.scan();
        difference = compare(truth, step.same_count);
    }
    for (std::size_t i = 0; i < audit_period(watch_.scanner()) && difference.later_is_enough; ++i) {
        watch_.scan();
        difference = compare(truth, step.same_count);
    }
    if (!difference.text.empty()) {
        throw Wrong(story(difference.text));
    }
    forget_closed(truth);
    note_unowned();
}

void Sequence::note_unowned() {
    unowned_before_.clear();
    for (const snapshot::Row& row : watch_.newest().rows) {
        for (const auto& socket : row.sockets) {
            if (row.owners.empty()) {
                unowned_before_.insert(socket.inode);
            }
        }
    }
}

void Sequence::forget_closed(const Truth& truth) {
    const std::vector<SocketPtr> sockets = population_.sockets();
    for (const SocketPtr& socket : sockets) {
        if (truth.allowed(socket->inode).empty() && population_.in_a_message(socket) == Population::Message::no) {
            population_.forget(socket);
        }
    }
}

std::string Sequence::story(const std::string& what) const {
    const std::size_t first = actions_.size() > kLastActions ? actions_.size() - kLastActions : 0;
    return fmt::format("PORTSIDE_SEED={}, step {} of {}: {}\nthe last actions:\n  {}", options_.seed, actions_.size(),
                       options_.steps, what,
                       fmt::join(actions_.begin() + static_cast<std::ptrdiff_t>(first), actions_.end(), "\n  "));
}

void Sequence::run() {
    try {
        for (int i = 0; i < options_.steps; ++i) {
            if (i == options_.steps / 2) { // noise can hide that nothing else makes the scanner look again
                population_.start_churn();
            }
            const Step step = population_.act();
            actions_.push_back(step.what);
            check(step);
        }
    } catch (const Wrong&) {
        throw;
    } catch (const std::exception& error) { // an actor that does not obey: the test's own fault, to be seen as such
        throw std::runtime_error(story(error.what()));
    }
}

} // namespace

void run_sequence(const SequenceOptions& options) {
    Sequence(options).run();
}

} // namespace portside::owners
