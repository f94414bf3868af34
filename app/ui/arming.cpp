// SPDX-License-Identifier: MIT
// The 300 ms rule, by place on the screen. UI thread.
#include "app/ui/arming.h"

#include <string_view>
#include <variant>

namespace portside::ui {

namespace {

// FNV-1a over whole words: only differences matter here, nobody attacks it across frames.
constexpr std::uint64_t kHashStart = 0xCBF29CE484222325U;
constexpr std::uint64_t kHashPrime = 0x100000001B3U;

std::uint64_t add(std::uint64_t hash, std::uint64_t word) {
    for (unsigned shift = 0; shift < 64; shift += 8) {
        hash = (hash ^ ((word >> shift) & 0xFFU)) * kHashPrime;
    }
    return hash;
}

std::uint64_t add(std::uint64_t hash, std::string_view text) {
    for (const char byte : text) {
        hash = (hash ^ static_cast<unsigned char>(byte)) * kHashPrime;
    }
    return hash;
}

std::uint64_t sockets_of(const snapshot::Row& row) {
    std::uint64_t hash = kHashStart;
    for (const platform::SocketEntry& socket : row.sockets) {
        hash = add(hash, socket.inode);
    }
    return hash;
}

bool same(const Armed& a, const Armed& b) {
    return a.row == b.row && a.action == b.action && a.question == b.question && a.sockets == b.sockets;
}

} // namespace

Armed meaning_of(const snapshot::Row& row, RowAction action) {
    std::uint64_t meant = sockets_of(row);
    if (action == RowAction::stop_unit && row.unit) {
        meant = add(add(meant, row.unit->name), row.unit->manager.value_or(0));
    } else if (action == RowAction::stop_container && row.container) {
        meant = add(add(meant, row.container->id), row.container->name);
    }
    return {.row = row.key, .action = action, .question = false, .sockets = meant, .since = {}};
}

Armed meaning_of(const snapshot::Row& row, const Question& question) {
    // Another text is another question, though it is about the same row.
    std::uint64_t asked = add(sockets_of(row), question.text);
    for (const Answer& answer : question.answers) {
        asked = add(add(asked, static_cast<std::uint64_t>(answer.action)), answer.label);
    }
    return {.row = row.key, .action = RowAction::none, .question = true, .sockets = asked, .since = {}};
}

std::size_t chosen_answer(const UiState& state, const snapshot::Row& row, const Question& question) {
    return state.answering.question == meaning_of(row, question).sockets ? state.answering.chosen : 0;
}

bool is_settled(const Frame& frame, int place, const Armed& meaning) {
    const Armed* const before = frame.state.armed.find(place);
    return before != nullptr && same(*before, meaning) && frame.now() - before->since >= kArmingTime;
}

bool settle(Frame& frame, int place, Armed meaning) {
    const Armed* const before = frame.state.armed.find(place);
    const bool stayed = before != nullptr && same(*before, meaning);
    meaning.since = stayed ? before->since : frame.now();
    const bool settled = frame.now() - meaning.since >= kArmingTime;
    frame.state.arming.put(place, meaning);
    return settled;
}

void note_list_place(UiState& state, const UiState::ListPlace& place) {
    if (state.list != place) {
        state.list = place;
        state.armed.clear();
    }
}

Act act_on(const snapshot::Row& row, RowAction action) {
    Act act{.row = row.key, .action = action, .process = {}, .inodes = {}};
    if (action != RowAction::reveal_owner && !row.owners.empty()) {
        act.process = row.owners.front().id;
    }
    for (const platform::SocketEntry& socket : row.sockets) {
        if (socket.inode != 0) {
            act.inodes.push_back(socket.inode);
        }
    }
    return act;
}

std::uint64_t hash_of(const snapshot::RowKey& key) {
    std::uint64_t hash = add(kHashStart, static_cast<std::uint64_t>(key.protocol));
    hash = add(add(hash, key.port), key.holder.index());
    if (const auto* process = std::get_if<snapshot::ProcessId>(&key.holder)) {
        return add(add(hash, static_cast<std::uint64_t>(process->pid)), process->start_time);
    }
    const auto& unowned = std::get<snapshot::RowKey::Unowned>(key.holder);
    return add(add(hash, unowned.uid), unowned.cgroup_id);
}

} // namespace portside::ui
