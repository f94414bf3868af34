// SPDX-License-Identifier: MIT
// Facts in, rows out. Pure: no system call, no clock. Any thread.
#include "core/snapshot/assemble.h"

#include "core/base/text.h"
#include "core/snapshot/addresses.h"
#include "core/snapshot/draft.h"
#include "core/snapshot/keepers.h"
#include "core/snapshot/lineage.h"
#include "core/snapshot/notes.h"
#include "core/snapshot/search_text.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <tuple>
#include <unordered_set>
#include <utility>

namespace portside::snapshot {

namespace {

using platform::SocketEntry;
using platform::SocketState;

auto position(const Draft& draft) {
    const SocketEntry& socket = *draft.socket;
    return std::tie(draft.key.port, draft.key.protocol, draft.key.holder, socket.family, socket.local.address,
                    socket.inode, socket.interface, socket.cookie);
}

// A draft's place among the rows, to be put in order: port and protocol mostly say enough.
struct Place {
    std::uint32_t port_and_protocol = 0;
    Draft* draft = nullptr;
};

bool operator<(const Place& a, const Place& b) {
    return a.port_and_protocol != b.port_and_protocol ? a.port_and_protocol < b.port_and_protocol
                                                      : position(*a.draft) < position(*b.draft);
}

std::uint32_t port_and_protocol(const RowKey& key) {
    return std::uint32_t{key.port} << 8U | static_cast<std::uint32_t>(key.protocol);
}

// The least settled one, so that a row says "gone" only when that is true of all its sockets.
Unknown merged_unknown(Unknown a, Unknown b) {
    return std::min(a, b);
}
static_assert(Unknown::not_permitted < Unknown::not_found && Unknown::not_found < Unknown::searching &&
              Unknown::searching < Unknown::gone);

void add_owners(Row& row, std::vector<Owner>& owners) {
    if (row.owners.empty()) {
        row.owners = std::move(owners);
    } else {
        row.owners.insert(row.owners.end(), owners.begin(), owners.end());
    }
}

// The topmost first, then by pid; of one process the best knowledge.
void settle_owners(Row& row) {
    if (row.owners.size() < 2) {
        return;
    }
    const ProcessId topmost = std::get<ProcessId>(row.key.holder);
    std::sort(row.owners.begin(), row.owners.end(), [&](const Owner& a, const Owner& b) {
        const bool a_below = a.id != topmost;
        const bool b_below = b.id != topmost;
        return std::tie(a_below, a.id, a.knowledge, b.seen_at) < std::tie(b_below, b.id, b.knowledge, a.seen_at);
    });
    const auto same = [](const Owner& a, const Owner& b) { return a.id == b.id; };
    row.owners.erase(std::unique(row.owners.begin(), row.owners.end(), same), row.owners.end());
}

using Users = std::map<uid_t, std::string>;

// Safe texts; also of those whose name nobody looked up.
Users users_of(const ScanFacts& facts) {
    Users users;
    const auto add = [&](uid_t uid) {
        if (const auto place = users.lower_bound(uid); place == users.end() || place->first != uid) {
            users.emplace_hint(place, uid, user_text(facts.users, uid));
        }
    };
    for (const auto& [uid, name] : facts.users) {
        add(uid);
    }
    for (const auto& socket : facts.listing.sockets) {
        add(socket.uid);
    }
    for (const auto& [pid, process] : facts.processes) {
        if (process.uid) {
            add(*process.uid);
        }
    }
    return users;
}

// `row` is empty. Rows are large: each is made where it stays. Its drafts lose their owners to it.
void fill_row(Row& row, const ScanFacts& facts, const Users& users, std::span<const Place> drafts,
              AddressTexts& addresses) {
    row.key = drafts.front().draft->key;
    row.state = SocketState::bound;
    row.unknown = drafts.front().draft->unknown;
    row.sockets.reserve(drafts.size());
    for (const Place& place : drafts) {
        Draft& draft = *place.draft;
        SocketEntry& socket = row.sockets.emplace_back(*draft.socket);
        if (!socket.interface.empty()) {
            socket.interface = base::sanitise(socket.interface);
        }
        if (socket.state != SocketState::bound) {
            row.state = socket.state;
        }
        add_owners(row, draft.owners);
        if (draft.unknown) {
            row.unknown = merged_unknown(*row.unknown, *draft.unknown);
        }
    }
    settle_owners(row);
    row.exposure = exposure_of(row.sockets);
    row.port_text = std::to_string(row.key.port);
    row.addresses = merged_addresses(row.sockets, addresses);
    for (const auto& address : row.addresses) {
        row.address_text += row.address_text.empty() ? "" : "  ";
        row.address_text += address;
    }
    uid_t uid = row.sockets.front().uid;
    if (!row.owners.empty()) {
        uid = facts.processes.at(row.owners.front().id.pid).uid.value_or(uid);
    }
    row.user = users.at(uid);
}

// Every owner, every candidate and their ancestors, by pid.
std::vector<const platform::ProcessFacts*> shown_processes(const ScanFacts& facts, const std::vector<Row>& rows) {
    std::unordered_set<pid_t> known;
    known.reserve(facts.processes.size());
    std::vector<const platform::ProcessFacts*> wanted;
    const auto add_all = [&](const std::vector<Owner>& owners) {
        for (const auto& owner : owners) {
            visit_lineage(facts, owner.id.pid, [&](const platform::ProcessFacts& process) {
                const bool is_new = known.insert(process.stat.id.pid).second;
                if (is_new) {
                    wanted.push_back(&process);
                }
                return is_new;
            });
        }
    };
    for (const auto& row : rows) {
        add_all(row.owners);
        add_all(row.candidates);
    }
    std::sort(wanted.begin(), wanted.end(),
              [](const auto* a, const auto* b) { return a->stat.id.pid < b->stat.id.pid; });
    return wanted;
}

} // namespace

Snapshot assemble(const ScanFacts& facts) {
    return Assembler().assemble(facts);
}

Snapshot Assembler::assemble(const ScanFacts& facts) {
    const Drafter drafter(facts);
    std::vector<Draft> drafts;
    drafts.reserve(facts.listing.sockets.size());
    std::vector<Place> order; // of rows, and of a row's sockets
    order.reserve(facts.listing.sockets.size());
    for (const auto& socket : facts.listing.sockets) {
        Draft& draft = drafts.emplace_back(drafter.draft(socket));
        order.push_back({port_and_protocol(draft.key), &draft});
    }
    std::sort(order.begin(), order.end());

    Snapshot snapshot;
    snapshot.users = users_of(facts);
    Keepers keepers(facts, keepers_);
    AddressTexts addresses;
    snapshot.rows.reserve(order.size());
    for (auto first = order.cbegin(); first != order.cend();) {
        const auto last = std::find_if(first, order.cend(),
                                       [&](const Place& place) { return place.draft->key != first->draft->key; });
        Row& row = snapshot.rows.emplace_back();
        fill_row(row, facts, snapshot.users, {first, last}, addresses);
        keepers.add_to(row);
        first = last;
    }
    snapshot.processes = views_.of(shown_processes(facts, snapshot.rows), facts.users);
    add_texts(snapshot);
    snapshot.tables = facts.listing.tables;
    snapshot.notes = notes_on(facts, snapshot.rows);
    return snapshot;
}

} // namespace portside::snapshot
