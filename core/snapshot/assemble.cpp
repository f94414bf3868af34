// SPDX-License-Identifier: MIT
// Facts in, rows out. Pure: no system call, no clock. Any thread.
#include "core/snapshot/assemble.h"

#include "core/base/text.h"
#include "core/snapshot/addresses.h"
#include "core/snapshot/keepers.h"
#include "core/snapshot/notes.h"
#include "core/snapshot/respawner.h"
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

// One socket on its way into a row.
struct Draft {
    RowKey key;
    const SocketEntry* socket = nullptr;
    std::vector<Owner> owners; // by pid
    std::optional<Unknown> unknown;
};

bool is_alive(const ScanFacts& facts, const ProcessId& id) {
    const auto found = facts.processes.find(id.pid);
    return found != facts.processes.end() && found->second.stat.id == id;
}

// The process and its ancestors, nearest first, until `visit` returns false. Parent pids that were read one after
// another can form a ring when numbers are used again meanwhile, hence the limit.
template <typename Visit>
void visit_lineage(const ScanFacts& facts, pid_t pid, Visit visit) {
    for (std::size_t steps = 0; steps <= facts.processes.size(); ++steps) {
        const auto found = facts.processes.find(pid);
        if (found == facts.processes.end() || !visit(found->second)) {
            return;
        }
        pid = found->second.stat.parent;
    }
}

bool has_owner(const std::vector<Owner>& owners, const ProcessId& id) {
    const auto found =
        std::lower_bound(owners.begin(), owners.end(), id, [](const Owner& a, const ProcessId& b) { return a.id < b; });
    return found != owners.end() && found->id == id;
}

// A manager that activates sockets holds them only to hand them on: what it started is the one to end.
bool is_manager(const ScanFacts& facts, const ProcessId& id) {
    const auto found = facts.processes.find(id.pid);
    return found != facts.processes.end() &&
           is_service_manager(id.pid, found->second.stat.parent, found->second.executable, found->second.command_line);
}

ProcessId topmost_of(const ScanFacts& facts, const std::vector<Owner>& owners) {
    if (owners.size() == 1) {
        return owners.front().id;
    }
    const auto has_ancestor_among = [&](const ProcessId& id) {
        bool among = false;
        visit_lineage(facts, id.pid, [&](const platform::ProcessFacts& process) {
            among = process.stat.id != id && has_owner(owners, process.stat.id) && !is_manager(facts, process.stat.id);
            return !among;
        });
        return among;
    };
    const auto age = [](const ProcessId& id) { return std::tie(id.start_time, id.pid); };
    const Owner* best = nullptr;
    for (const auto& owner : owners) {
        const bool older = best == nullptr || age(owner.id) < age(best->id);
        if (older && !is_manager(facts, owner.id) && !has_ancestor_among(owner.id)) {
            best = &owner;
        }
    }
    return best != nullptr ? best->id : owners.front().id; // a ring of parents has no topmost; any of it is as good
}

class Drafter {
  public:
    explicit Drafter(const ScanFacts& facts) : facts_(facts) {
        for (const auto& told : facts.privileged) {
            privileged_.emplace(told.inode, &told);
        }
    }

    [[nodiscard]] Draft draft(const SocketEntry& socket) const {
        Draft draft;
        draft.socket = &socket;
        bool ended = false; // an owner was known, but its process is no longer there
        if (socket.inode != 0) {
            add_holders(draft, ended);
            if (draft.owners.empty()) {
                add_told(draft, ended);
            }
        }
        draft.key.protocol = socket.protocol;
        draft.key.port = socket.local.port;
        if (draft.owners.empty()) {
            draft.key.holder = RowKey::Unowned{socket.uid, socket.cgroup_id.value_or(0)};
            draft.unknown = ended ? Unknown::gone : why_unknown(socket);
        } else {
            draft.key.holder = topmost_of(facts_, draft.owners);
        }
        return draft;
    }

  private:
    void add_holders(Draft& draft, bool& ended) const {
        for (const auto& owner : facts_.walk.owners.of(draft.socket->inode)) { // by pid
            if (is_alive(facts_, owner.process)) {
                draft.owners.push_back(Owner{owner.process, Knowledge::holds, std::nullopt});
            } else {
                ended = true;
            }
        }
    }

    void add_told(Draft& draft, bool& ended) const {
        const auto [first, last] = privileged_.equal_range(draft.socket->inode);
        for (auto at = first; at != last; ++at) {
            const PrivilegedOwner& told = *at->second;
            if (told.uid != draft.socket->uid || told.local != draft.socket->local) {
                continue;
            }
            if (is_alive(facts_, told.process)) {
                draft.owners.push_back(Owner{told.process, Knowledge::administrator, told.seen_at});
            } else {
                ended = true;
            }
        }
        sort_owners(draft.owners);
    }

    static void sort_owners(std::vector<Owner>& owners) {
        std::sort(owners.begin(), owners.end(), [](const Owner& a, const Owner& b) {
            return std::tie(a.id, a.knowledge, b.seen_at) < std::tie(b.id, b.knowledge, a.seen_at); // newest first
        });
        const auto same = [](const Owner& a, const Owner& b) { return a.id == b.id; };
        owners.erase(std::unique(owners.begin(), owners.end(), same), owners.end());
    }

    [[nodiscard]] Unknown why_unknown(const SocketEntry& socket) const {
        const auto& searching = facts_.walk.searching;
        if (!facts_.owners_wanted || !facts_.walk.complete ||
            std::binary_search(searching.begin(), searching.end(), socket.inode)) {
            return Unknown::searching;
        }
        // Without an inode no descriptor leads to it: looking with more privilege would not help.
        return facts_.walk.denied > 0 && socket.inode != 0 ? Unknown::not_permitted : Unknown::not_found;
    }

    const ScanFacts& facts_;
    std::unordered_multimap<std::uint64_t, const PrivilegedOwner*> privileged_;
};

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
