// SPDX-License-Identifier: MIT
// The kernel is asked for one local port (inet_diag_req_v2.id.idiag_sport), and its answer is filtered again: older
// kernels ignore that field for some states. Any thread.
#include "core/platform/port_use.h"

#include "core/base/file.h"
#include "core/base/parse.h"
#include "core/platform/netlink.h"
#include "core/platform/proc_net.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <sys/socket.h>

namespace portside::platform {

namespace {

constexpr std::uint8_t kNewSynRecv = 12; // TCP_NEW_SYN_RECV
constexpr std::uint32_t kAllStates = (1U << 14) - 1;

// UDP borrows TCP's numbers: ESTABLISHED is a connected socket, CLOSE an unconnected one.
void add(std::uint8_t state, std::uint64_t inode, PortUse& use) {
    switch (state) {
    case TCP_ESTABLISHED:
    case TCP_SYN_SENT:
    case TCP_SYN_RECV:
    case kNewSynRecv:
        ++use.open;
        return;
    case TCP_FIN_WAIT1:
    case TCP_FIN_WAIT2:
    case TCP_TIME_WAIT:
    case TCP_CLOSE_WAIT:
    case TCP_LAST_ACK:
    case TCP_CLOSING:
        ++use.closing;
        return;
    case TCP_LISTEN:
    case TCP_CLOSE: // of TCP: a dump tells sockets that are bound without listening as closed
    case kBoundInactive:
        use.holders.push_back(inode);
        return;
    default:
        return;
    }
}

struct Dump {
    Protocol protocol;
    std::uint16_t port;
    PortUse& use;
};

int read_message(const nlmsghdr* header, void* data) {
    auto& dump = *static_cast<Dump*>(data);
    if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY || mnl_nlmsg_get_payload_len(header) < sizeof(inet_diag_msg)) {
        return MNL_CB_OK;
    }
    const auto* const message = static_cast<const inet_diag_msg*>(mnl_nlmsg_get_payload(header));
    if (ntohs(message->id.idiag_sport) == dump.port) {
        add(message->idiag_state, message->idiag_inode, dump.use);
    }
    return MNL_CB_OK;
}

bool send_request(mnl_socket* socket, std::uint8_t family, const Dump& dump, std::uint32_t sequence) {
    alignas(nlmsghdr) std::array<char, 256> buffer{};
    nlmsghdr* const header = mnl_nlmsg_put_header(buffer.data());
    header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
    header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    header->nlmsg_seq = sequence;
    auto* const body = static_cast<inet_diag_req_v2*>(mnl_nlmsg_put_extra_header(header, sizeof(inet_diag_req_v2)));
    body->sdiag_family = family;
    body->sdiag_protocol = dump.protocol == Protocol::tcp ? IPPROTO_TCP : IPPROTO_UDP;
    body->idiag_states = kAllStates;
    body->id.idiag_sport = htons(dump.port);
    return mnl_socket_sendto(socket, header, header->nlmsg_len) >= 0;
}

// One whole dump; the errno where there is none. EINTR: it changed meanwhile.
int dump_once(mnl_socket* socket, std::uint8_t family, Dump& dump, std::uint32_t sequence) {
    if (!send_request(socket, family, dump, sequence)) {
        return errno;
    }
    alignas(nlmsghdr) std::array<char, 32768> buffer;
    for (;;) {
        const auto got = mnl_socket_recvfrom(socket, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return errno == EAGAIN ? ETIMEDOUT : errno;
        }
        const int more = mnl_cb_run(buffer.data(), static_cast<std::size_t>(got), sequence,
                                    mnl_socket_get_portid(socket), read_message, &dump);
        if (more < 0) {
            return errno;
        }
        if (more == MNL_CB_STOP) {
            return 0;
        }
    }
}

int dump_family(std::uint8_t family, Protocol protocol, std::uint16_t port, PortUse& use) {
    int error = 0;
    for (int tries = 0; tries < kDumpAttempts; ++tries) {
        // A socket of its own for each try: one that stopped half-way still has parts of an answer in its queue.
        const NetlinkSocket socket = open_sock_diag();
        if (!socket) {
            return errno;
        }
        PortUse found;
        Dump dump{protocol, port, found};
        error = dump_once(socket.get(), family, dump, static_cast<std::uint32_t>(tries) + 1);
        if (error == 0) {
            use.holders.insert(use.holders.end(), found.holders.begin(), found.holders.end());
            use.open += found.open;
            use.closing += found.closing;
            return 0;
        }
        if (error != EINTR && error != ENOBUFS) {
            break;
        }
    }
    return error;
}

// False where there is no such table, with errno set.
bool read_table(Protocol protocol, Family family, std::uint16_t port, const std::string& proc_root, PortUse& use) {
    const auto text =
        base::read_file(AT_FDCWD, (proc_root + "/net/" + proc_net_file(protocol, family)).c_str(), 256U << 20);
    if (!text) {
        errno = text.error().number;
        return false;
    }
    add_proc_net_use(*text, port, use);
    return true;
}

} // namespace

void add_proc_net_use(std::string_view text, std::uint16_t port, PortUse& use) {
    for (const auto line : base::split_at(text, '\n')) {
        const auto words = base::split_words(line); // sl local remote state queues timer retransmits uid timeout inode
        if (words.size() < 10 || words[1].size() < 5) {
            continue;
        }
        const auto colon = words[1].size() - 5;
        const auto local = base::parse_hex(words[1].substr(colon + 1));
        const auto state = base::parse_hex(words[3]);
        const auto inode = base::parse_decimal(words[9]);
        if (words[1][colon] != ':' || !local || !state || !inode || *local != port || *state > 255) {
            continue;
        }
        add(static_cast<std::uint8_t>(*state), *inode, use);
    }
}

base::Result<PortUse> port_use(Protocol protocol, std::uint16_t port, SourceChoice choice,
                               const std::string& proc_root) {
    PortUse use;
    int error = 0;
    bool any = false;
    for (const auto family : {Family::ipv4, Family::ipv6}) {
        const auto number = static_cast<std::uint8_t>(family == Family::ipv4 ? AF_INET : AF_INET6);
        bool read = choice != SourceChoice::proc;
        if (read) {
            error = dump_family(number, protocol, port, use);
            read = error == 0;
        }
        if (!read && choice != SourceChoice::netlink) {
            read = read_table(protocol, family, port, proc_root, use);
            error = read ? 0 : errno;
        }
        any = any || read;
    }
    if (!any) {
        return base::failed(base::error_from_errno(
            error, fmt::format("Could not see what uses {} port {}", to_string(protocol), port)));
    }
    std::sort(use.holders.begin(), use.holders.end());
    return use;
}

} // namespace portside::platform
