// SPDX-License-Identifier: MIT
// Reading and parsing /proc/net's socket tables. Any thread.
#include "core/platform/proc_net.h"

#include "core/base/parse.h"
#include "core/base/unique_fd.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <tuple>

namespace portside::platform {

namespace {

constexpr std::uint64_t kListen = 0x0A; // TCP_LISTEN
constexpr std::uint64_t kClose = 0x07;  // TCP_CLOSE: an unconnected UDP socket
constexpr int kReadings = 4;
constexpr std::size_t kLongestLine = 4096; // the kernel's are below 256 bytes

// sl, local, remote, state, tx:rx, tr:when, retransmits, uid, timeout, inode; what follows is not needed.
constexpr std::size_t kFields = 10;
using Fields = std::array<std::string_view, kFields>;

std::optional<Fields> fields_of(std::string_view line) {
    Fields fields;
    for (auto& field : fields) {
        const auto start = line.find_first_not_of(' ');
        if (start == std::string_view::npos) {
            return std::nullopt;
        }
        line.remove_prefix(start);
        const auto length = std::min(line.find(' '), line.size());
        field = line.substr(0, length);
        line.remove_prefix(length);
    }
    return fields;
}

// "0100007F:1F90": words of four bytes as this machine's integers, then the port.
std::optional<Endpoint> endpoint_of(std::string_view text, Family family) {
    const std::size_t words = family == Family::ipv4 ? 1 : 4;
    if (text.size() != words * 8 + 5 || text[words * 8] != ':') {
        return std::nullopt;
    }
    Endpoint endpoint;
    endpoint.address.family = family;
    for (std::size_t i = 0; i < words; ++i) {
        const auto word = base::parse_hex(text.substr(i * 8, 8));
        if (!word) {
            return std::nullopt;
        }
        const auto value = static_cast<std::uint32_t>(*word);
        std::memcpy(endpoint.address.bytes.data() + i * 4, &value, sizeof value);
    }
    const auto port = base::parse_hex(text.substr(words * 8 + 1));
    if (!port) {
        return std::nullopt;
    }
    endpoint.port = static_cast<std::uint16_t>(*port);
    return endpoint;
}

// "00000000:0000002A": bytes to send, bytes (or connections) to receive.
bool read_queues(std::string_view text, SocketEntry& entry) {
    if (text.size() != 17 || text[8] != ':') {
        return false;
    }
    const auto send = base::parse_hex(text.substr(0, 8));
    const auto receive = base::parse_hex(text.substr(9));
    if (!send || !receive) {
        return false;
    }
    entry.send_queue = static_cast<std::uint32_t>(*send);
    entry.receive_queue = static_cast<std::uint32_t>(*receive);
    return true;
}

enum class Line : std::uint8_t { socket, other_state, malformed };

Line parse_line(std::string_view line, Protocol protocol, Family family, SocketEntry& entry) {
    const auto fields = fields_of(line);
    if (!fields || !(*fields)[0].ends_with(':')) {
        return Line::malformed;
    }
    const auto local = endpoint_of((*fields)[1], family);
    const auto remote = endpoint_of((*fields)[2], family);
    const auto state = base::parse_hex((*fields)[3]);
    const auto uid = base::parse_number<uid_t>((*fields)[7]);
    const auto inode = base::parse_decimal((*fields)[9]);
    if (!local || !remote || !state || !uid || !inode || !read_queues((*fields)[4], entry)) {
        return Line::malformed;
    }
    const bool tcp = protocol == Protocol::tcp;
    if (*state != (tcp ? kListen : kClose) || local->port == 0) {
        return Line::other_state;
    }
    entry.protocol = protocol;
    entry.family = family;
    entry.state = tcp ? SocketState::listen : SocketState::unconn;
    entry.local = *local;
    entry.remote = *remote;
    entry.uid = *uid;
    entry.inode = *inode;
    return Line::socket;
}

auto identity(const SocketEntry& entry) {
    return std::tuple(entry.inode, entry.local, entry.uid);
}

bool before(const SocketEntry& a, const SocketEntry& b) {
    return identity(a) < identity(b);
}

bool same_sockets(const std::vector<SocketEntry>& a, const std::vector<SocketEntry>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const SocketEntry& x, const SocketEntry& y) { return identity(x) == identity(y); });
}

// Adds those of `more` that are not in `all`; both sorted.
void unite(std::vector<SocketEntry>& all, const std::vector<SocketEntry>& more) {
    std::vector<SocketEntry> united;
    united.reserve(std::max(all.size(), more.size()));
    std::set_union(all.begin(), all.end(), more.begin(), more.end(), std::back_inserter(united), before);
    all = std::move(united);
}

struct Reading {
    std::vector<SocketEntry> sockets; // sorted, each inode once
    int pages = 0;                    // how many times the kernel handed out something
};

// The whole file from its start. False with errno set.
bool read_once(int file, Protocol protocol, Family family, Reading& reading) {
    reading = {};
    if (::lseek(file, 0, SEEK_SET) != 0) {
        return false;
    }
    std::array<char, 32768> buffer;
    std::string pending; // lines not parsed yet
    for (;;) {
        const auto got = ::read(file, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return false;
        }
        if (got == 0) {
            break;
        }
        ++reading.pages;
        pending.append(buffer.data(), static_cast<std::size_t>(got));
        const auto last = pending.rfind('\n');
        if (last != std::string::npos) {
            parse_proc_net(std::string_view(pending).substr(0, last + 1), protocol, family, reading.sockets);
            pending.erase(0, last + 1);
        } else if (pending.size() > kLongestLine) {
            pending.clear(); // no line of this table; what follows its line break is
        }
    }
    std::sort(reading.sockets.begin(), reading.sockets.end(), before);
    // Without an inode nothing tells two sockets on one address from one that was listed twice: both stay.
    const auto end = std::unique(reading.sockets.begin(), reading.sockets.end(), [](const auto& a, const auto& b) {
        return a.inode != 0 && identity(a) == identity(b);
    });
    reading.sockets.erase(end, reading.sockets.end());
    return true;
}

} // namespace

std::size_t parse_proc_net(std::string_view text, Protocol protocol, Family family, std::vector<SocketEntry>& sockets) {
    std::size_t malformed = 0;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) {
            return malformed + 1; // cut: its last number may be too
        }
        const auto line = text.substr(0, end);
        text.remove_prefix(end + 1);
        const auto start = line.find_first_not_of(' ');
        if (start != std::string_view::npos && line.substr(start).starts_with("sl ")) {
            continue; // the headline
        }
        SocketEntry entry;
        const Line kind = parse_line(line, protocol, family, entry);
        malformed += kind == Line::malformed ? 1 : 0;
        if (kind == Line::socket) {
            sockets.push_back(std::move(entry));
        }
    }
    return malformed;
}

const char* proc_net_file(Protocol protocol, Family family) {
    if (protocol == Protocol::tcp) {
        return family == Family::ipv4 ? "tcp" : "tcp6";
    }
    return family == Family::ipv4 ? "udp" : "udp6";
}

base::Result<void> read_proc_net(const std::string& path, Protocol protocol, Family family,
                                 std::vector<SocketEntry>& sockets) {
    const base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) {
        return base::failed(base::error_from_errno(errno, fmt::format("Could not open {}", path)));
    }
    Reading all;
    for (int i = 0; i < kReadings; ++i) {
        Reading reading;
        if (!read_once(file.get(), protocol, family, reading)) {
            return base::failed(base::error_from_errno(errno, fmt::format("Could not read {}", path)));
        }
        if (i == 0) {
            all = std::move(reading);
            if (all.pages <= 1) {
                break;
            }
            continue;
        }
        const bool agreed = same_sockets(all.sockets, reading.sockets);
        unite(all.sockets, reading.sockets);
        if (agreed) {
            break;
        }
    }
    sockets.insert(sockets.end(), std::make_move_iterator(all.sockets.begin()),
                   std::make_move_iterator(all.sockets.end()));
    return {};
}

} // namespace portside::platform
