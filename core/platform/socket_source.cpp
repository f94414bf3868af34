// SPDX-License-Identifier: MIT
// Chooses, per protocol and family, who tells the sockets. One object belongs to one thread.
#include "core/platform/socket_source.h"

#include "core/platform/proc_net.h"
#include "core/platform/sock_diag.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <net/if.h>
#include <system_error>
#include <tuple>

namespace portside::platform {

namespace {

const char* name_of(Protocol protocol) {
    return protocol == Protocol::tcp ? "TCP" : "UDP";
}

const char* name_of(Family family) {
    return family == Family::ipv4 ? "IPv4" : "IPv6";
}

// The failures of sock_diag after which /proc/net may well know. Anything else is an error to be seen.
bool allows_proc(int error) {
    switch (error) {
    case EPERM: // a sandbox or a security module refuses netlink
    case EACCES:
    case ENOENT:          // this protocol's diag module is missing
    case EOPNOTSUPP:      // as above, for kernels and emulations that say it so
    case EPROTONOSUPPORT: // no NETLINK_SOCK_DIAG
    case EAFNOSUPPORT:    // no netlink (systemd's RestrictAddressFamilies= answers this)
    case ECONNREFUSED:    // nobody in the kernel listens to NETLINK_SOCK_DIAG
    case ENOSYS:
    case EINVAL:    // a request that this kernel or emulation does not know
    case ETIMEDOUT: // no answer
    case EBADMSG:   // an answer that is none
        return true;
    default:
        return false;
    }
}

auto order_of(const SocketEntry& entry) {
    return std::tie(entry.protocol, entry.local.port, entry.family, entry.local.address, entry.state, entry.inode,
                    entry.cookie);
}

std::uint64_t first_part_of(const SocketEntry& entry) {
    return static_cast<std::uint64_t>(entry.protocol) << 32U | std::uint64_t{entry.local.port} << 8U |
           static_cast<std::uint64_t>(entry.family);
}

// Entries are large: what is put in order is where they are, and each is copied once.
struct Place {
    std::uint64_t first_part; // of the order, as one number: it mostly says enough
    const SocketEntry* entry;
    std::uint32_t interface_index; // 0 also where the entry has its name
};

// One of the four, as it was read: in the source's own order, with interfaces as numbers where sock_diag served it.
struct Table {
    TableStatus status;
    std::vector<DiagSocket> dumped;
    std::vector<SocketEntry> read; // from /proc/net
};

// All but queue lengths, which change all the time.
bool same_socket(const SocketEntry& a, const SocketEntry& b) {
    return order_of(a) == order_of(b) && a.remote == b.remote && a.interface == b.interface && a.uid == b.uid &&
           a.v6only == b.v6only && a.cgroup_id == b.cgroup_id;
}

bool same_table(const Table& a, const Table& b) {
    const auto same_dumped = [](const DiagSocket& x, const DiagSocket& y) {
        return x.interface_index == y.interface_index && same_socket(x.entry, y.entry);
    };
    return a.status == b.status &&
           std::equal(a.dumped.begin(), a.dumped.end(), b.dumped.begin(), b.dumped.end(), same_dumped) &&
           std::equal(a.read.begin(), a.read.end(), b.read.begin(), b.read.end(), same_socket);
}

// Of the same sockets.
void take_queues(Table& table, const Table& next) {
    const auto take = [](SocketEntry& entry, const SocketEntry& now) {
        entry.receive_queue = now.receive_queue;
        entry.send_queue = now.send_queue;
    };
    for (std::size_t i = 0; i < table.dumped.size(); ++i) {
        take(table.dumped[i].entry, next.dumped[i].entry);
    }
    for (std::size_t i = 0; i < table.read.size(); ++i) {
        take(table.read[i], next.read[i]);
    }
}

} // namespace

struct SocketSource::State {
    SourceChoice choice;
    std::string net_folder; // holds tcp, tcp6, udp, udp6
    SockDiag diag;
    std::array<Table, kTableCount> tables; // as they were read last
    Table next;                            // the one that is being read; kept for its memory
    bool bound_known = false;
    std::vector<std::pair<std::uint32_t, std::string>> interfaces; // of the sockets that are bound to one
    std::vector<std::pair<std::uint32_t, std::string>> next_interfaces;

    void note_interfaces();
    [[nodiscard]] std::string interface_name(std::uint32_t index) const; // empty for 0
    [[nodiscard]] base::Result<void> read_by_proc(TableKey key);
    void read_table(TableKey key, bool bound);
};

// Names may change, and few sockets are bound to an interface at all.
void SocketSource::State::note_interfaces() {
    next_interfaces.clear();
    for (const Table& table : tables) {
        for (const DiagSocket& socket : table.dumped) {
            const std::uint32_t index = socket.interface_index;
            const bool known = index == 0 || std::any_of(next_interfaces.begin(), next_interfaces.end(),
                                                         [&](const auto& i) { return i.first == index; });
            if (known) {
                continue;
            }
            std::array<char, IF_NAMESIZE> name{};
            // One that was removed meanwhile has no name; its number still says that it is one.
            const bool named = ::if_indextoname(index, name.data()) != nullptr;
            next_interfaces.emplace_back(index, named ? name.data() : fmt::format("if{}", index));
        }
    }
}

std::string SocketSource::State::interface_name(std::uint32_t index) const {
    const auto known =
        std::find_if(interfaces.begin(), interfaces.end(), [&](const auto& i) { return i.first == index; });
    return known != interfaces.end() ? known->second : std::string();
}

base::Result<void> SocketSource::State::read_by_proc(TableKey key) {
    const std::string path = fmt::format("{}/{}", net_folder, proc_net_file(key.protocol, key.family));
    return read_proc_net(path, key.protocol, key.family, next.read);
}

void SocketSource::State::read_table(TableKey key, bool bound) {
    next.status = {};
    next.dumped.clear();
    next.read.clear();
    int diag_error = 0;
    if (choice != SourceChoice::proc) {
        const auto dump =
            diag.dump({key.protocol, key.family, true, bound && key.protocol == Protocol::tcp}, next.dumped);
        if (dump) {
            next.status.source = Source::sock_diag;
            return;
        }
        next.dumped.clear();
        diag_error = dump.error().number;
        if (choice == SourceChoice::netlink || !allows_proc(diag_error)) {
            next.status.why = dump.error().what + ".";
            return;
        }
    }
    const auto read = read_by_proc(key);
    if (!read) {
        // Without IPv6 there is no such file, and nothing is missing.
        const bool no_ipv6 = key.family == Family::ipv6 && read.error().number == ENOENT;
        next.status.why = no_ipv6 ? "" : read.error().what + ".";
        return;
    }
    next.status.source = Source::proc;
    if (diag_error != 0) {
        next.status.why =
            fmt::format("{} sockets over {} come from /proc/net, because sock_diag could not be used: {}.",
                        name_of(key.protocol), name_of(key.family), std::generic_category().message(diag_error));
    }
}

SocketSource::SocketSource(SourceChoice choice, std::string proc_root) : state_(std::make_unique<State>()) {
    state_->choice = choice;
    // /proc/net is the namespace of the process's main thread (proc_pid_net(5)); a thread's own is in its own folder.
    state_->net_folder = proc_root == "/proc" ? "/proc/thread-self/net" : proc_root + "/net";
}

SocketSource::~SocketSource() = default;
SocketSource::SocketSource(SocketSource&&) noexcept = default;
SocketSource& SocketSource::operator=(SocketSource&&) noexcept = default;

base::Result<bool> SocketSource::refresh(const ListingRequest& request) {
    State& state = *state_;
    bool changed = false;
    for (std::size_t i = 0; i < kTableCount; ++i) {
        state.read_table(kTables[i], request.include_bound);
        if (same_table(state.next, state.tables[i])) {
            take_queues(state.tables[i], state.next);
        } else {
            state.tables[i] =
                Table(state.next); // a copy takes no more memory than it needs; what is read into has room
            changed = true;
        }
    }
    state.note_interfaces();
    changed = changed || state.next_interfaces != state.interfaces;
    std::swap(state.next_interfaces, state.interfaces);
    const bool bound_known = request.include_bound && state.tables[0].status.source == Source::sock_diag &&
                             state.tables[1].status.source == Source::sock_diag && kernel_tells_bound();
    changed = changed || bound_known != state.bound_known;
    state.bound_known = bound_known;
    const bool any = std::any_of(state.tables.begin(), state.tables.end(),
                                 [](const Table& table) { return table.status.source != Source::none; });
    if (any) {
        return changed;
    }
    return base::failed(base::ErrorKind::system, "No list of sockets could be read. " + state.tables[0].status.why);
}

void SocketSource::fill(SocketListing& listing) {
    State& state = *state_;
    std::vector<Place> order;
    for (std::size_t i = 0; i < kTableCount; ++i) {
        Table& table = state.tables[i];
        listing.tables[i] = table.status;
        merge_duplicates(table.dumped);
        for (const DiagSocket& socket : table.dumped) {
            order.push_back({first_part_of(socket.entry), &socket.entry, socket.interface_index});
        }
        for (const SocketEntry& entry : table.read) {
            order.push_back({first_part_of(entry), &entry, 0});
        }
    }
    std::sort(order.begin(), order.end(), [](const Place& a, const Place& b) {
        return a.first_part != b.first_part ? a.first_part < b.first_part : order_of(*a.entry) < order_of(*b.entry);
    });
    listing.sockets.clear();
    listing.sockets.reserve(order.size());
    for (const Place& place : order) {
        SocketEntry& socket = listing.sockets.emplace_back(*place.entry);
        if (place.interface_index != 0) {
            socket.interface = state.interface_name(place.interface_index);
        }
    }
    listing.bound_known = state.bound_known;
}

base::Result<void> SocketSource::list(const ListingRequest& request, SocketListing& listing) {
    const auto read = refresh(request);
    fill(listing); // what each table has to say of why it could not be read
    return read ? base::Result<void>() : base::failed(read.error());
}

} // namespace portside::platform
