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

} // namespace

struct SocketSource::State {
    SourceChoice choice;
    std::string net_folder; // holds tcp, tcp6, udp, udp6
    SockDiag diag;
    std::vector<DiagSocket> dumped;
    std::vector<std::pair<std::uint32_t, std::string>> interfaces; // names seen in this listing

    const std::string& interface_name(std::uint32_t index);
    [[nodiscard]] base::Result<void> list_by_diag(TableKey table, bool bound, SocketListing& listing);
    [[nodiscard]] base::Result<void> list_by_proc(TableKey table, SocketListing& listing) const;
    void list_table(TableKey table, bool bound, TableStatus& status, SocketListing& listing);
};

const std::string& SocketSource::State::interface_name(std::uint32_t index) {
    const auto known =
        std::find_if(interfaces.begin(), interfaces.end(), [&](const auto& i) { return i.first == index; });
    if (known != interfaces.end()) {
        return known->second;
    }
    std::array<char, IF_NAMESIZE> name{};
    // One that was removed meanwhile has no name; its number still says that it is one.
    const bool named = ::if_indextoname(index, name.data()) != nullptr;
    return interfaces.emplace_back(index, named ? name.data() : fmt::format("if{}", index)).second;
}

base::Result<void> SocketSource::State::list_by_diag(TableKey table, bool bound, SocketListing& listing) {
    auto dump = diag.dump({table.protocol, table.family, true, bound}, dumped);
    if (!dump) {
        return dump;
    }
    for (DiagSocket& socket : dumped) {
        if (socket.interface_index != 0) {
            socket.entry.interface = interface_name(socket.interface_index);
        }
        listing.sockets.push_back(std::move(socket.entry));
    }
    return {};
}

base::Result<void> SocketSource::State::list_by_proc(TableKey table, SocketListing& listing) const {
    const std::string path = fmt::format("{}/{}", net_folder, proc_net_file(table.protocol, table.family));
    return read_proc_net(path, table.protocol, table.family, listing.sockets);
}

void SocketSource::State::list_table(TableKey table, bool bound, TableStatus& status, SocketListing& listing) {
    int diag_error = 0;
    if (choice != SourceChoice::proc) {
        const auto dump = list_by_diag(table, bound && table.protocol == Protocol::tcp, listing);
        if (dump) {
            status.source = Source::sock_diag;
            return;
        }
        diag_error = dump.error().number;
        if (choice == SourceChoice::netlink || !allows_proc(diag_error)) {
            status.why = dump.error().what + ".";
            return;
        }
    }
    const auto read = list_by_proc(table, listing);
    if (!read) {
        // Without IPv6 there is no such file, and nothing is missing.
        const bool no_ipv6 = table.family == Family::ipv6 && read.error().number == ENOENT;
        status.why = no_ipv6 ? "" : read.error().what + ".";
        return;
    }
    status.source = Source::proc;
    if (diag_error != 0) {
        status.why =
            fmt::format("{} sockets over {} come from /proc/net, because sock_diag could not be used: {}.",
                        name_of(table.protocol), name_of(table.family), std::generic_category().message(diag_error));
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

base::Result<void> SocketSource::list(const ListingRequest& request, SocketListing& listing) {
    listing.sockets.clear();
    listing.tables = {};
    state_->interfaces.clear(); // names may change between two listings
    for (std::size_t i = 0; i < kTableCount; ++i) {
        state_->list_table(kTables[i], request.include_bound, listing.tables[i], listing);
    }
    std::sort(listing.sockets.begin(), listing.sockets.end(),
              [](const SocketEntry& a, const SocketEntry& b) { return order_of(a) < order_of(b); });
    listing.bound_known = request.include_bound && listing.tables[0].source == Source::sock_diag &&
                          listing.tables[1].source == Source::sock_diag && kernel_tells_bound();
    const bool any = std::any_of(listing.tables.begin(), listing.tables.end(),
                                 [](const TableStatus& table) { return table.source != Source::none; });
    if (any) {
        return {};
    }
    return base::failed(base::ErrorKind::system, "No list of sockets could be read. " + listing.tables[0].why);
}

} // namespace portside::platform
