// SPDX-License-Identifier: MIT
// Facts only: who our parents are, who carries our login session, who listens at the session's sockets (SO_PEERCRED),
// and who holds them. Any thread.
#include "core/platform/protected_processes.h"

#include "core/base/file.h"
#include "core/base/parse.h"
#include "core/base/unique_fd.h"
#include "core/platform/login_session.h"
#include "core/platform/owners.h"
#include "core/platform/process.h"
#include "core/platform/session_sockets.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace portside::platform {

namespace {

constexpr const char* kAncestor =
    "It is a parent of Portside, such as the terminal that it was started from: ending it can end Portside too.";

constexpr const char* kCarrier =
    "It carries the login session that Portside runs in, such as an ssh connection: that session would end.";
constexpr const char* kAboveSession =
    "It started the login session that Portside runs in, such as the ssh server: logging in could become impossible.";

const char* why(SessionPart part) {
    switch (part) {
    case SessionPart::display:
        return "It is the X display server: your whole desktop session would end.";
    case SessionPart::compositor:
        return "It is the Wayland compositor: your whole desktop session would end.";
    case SessionPart::bus:
        break;
    }
    return "It is the session bus, or the manager that started it: your desktop session would stop working.";
}

std::optional<std::string> from_environment(const char* name) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing of ours changes the environment after the start
    const char* value = std::getenv(name);
    return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

// The process that called listen() for this socket (unix(7), SO_PEERCRED); with socket activation that is the manager.
// Nothing where nobody listens, or where it is in another pid namespace (the kernel says 0 then).
std::optional<pid_t> listener_of(const SessionSocket& socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t before = socket.abstract ? 1 : 0; // the NUL byte of an abstract name
    if (before + socket.path.size() >= sizeof(address.sun_path)) {
        return std::nullopt;
    }
    std::memcpy(address.sun_path + before, socket.path.data(), socket.path.size());
    const std::size_t after = socket.abstract ? 0 : 1; // a path ends with a NUL byte, an abstract name does not
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + before + socket.path.size() + after);

    const base::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), length) != 0) {
        return std::nullopt;
    }
    ucred peer{};
    socklen_t size = sizeof(peer);
    if (::getsockopt(fd.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || peer.pid <= 0) {
        return std::nullopt;
    }
    return peer.pid;
}

struct HeldSocket {
    SessionPart part;
    std::uint64_t inode;
};

// The inodes of the listening sockets at these addresses (/proc/net/unix): whoever holds one serves it, also where
// systemd listened first and handed it on.
std::vector<HeldSocket> listening_inodes(const std::vector<SessionSocket>& sockets, const std::string& proc_root) {
    std::vector<HeldSocket> found;
    const auto table = base::read_file(AT_FDCWD, (proc_root + "/net/unix").c_str());
    if (!table || sockets.empty()) {
        return found;
    }
    constexpr std::uint64_t kAcceptsConnections = 0x10000; // __SO_ACCEPTCON, in the column Flags
    for (const auto line : base::split_at(*table, '\n')) {
        const auto words = base::split_words(line); // Num RefCount Protocol Flags Type St Inode Path
        if (words.size() < 8 || (base::parse_hex(words[3]).value_or(0) & kAcceptsConnections) == 0) {
            continue;
        }
        const auto path = line.substr(static_cast<std::size_t>(words[7].data() - line.data()));
        const auto inode = base::parse_decimal(words[6]);
        for (const auto& socket : sockets) {
            const bool same =
                socket.abstract ? path.starts_with('@') && path.substr(1) == socket.path : path == socket.path;
            if (same && inode) {
                found.push_back({socket.part, *inode});
            }
        }
    }
    return found;
}

std::vector<ProcessId> ancestors(const std::string& proc_root) {
    std::vector<ProcessId> found;
    pid_t pid = ::getppid();
    // A parent chain ends at 1 or 0. A number that is taken over while we walk could lead anywhere: hence the limit.
    for (int depth = 0; depth < 128 && pid > 1; ++depth) {
        const auto stat = read_stat(pid, proc_root);
        if (!stat) {
            break;
        }
        found.push_back(stat->id);
        pid = stat->parent;
    }
    return found;
}

void add(std::vector<ProtectedProcess>& all, const ProcessId& id, const char* reason) {
    const bool known = std::any_of(all.begin(), all.end(), [&](const ProtectedProcess& p) { return p.id == id; });
    if (!known && id.pid > 1 && id.pid != ::getpid()) { // pid 1 and we ourselves are never signalled at all
        all.push_back({id, reason});
    }
}

// Ancestors, listeners and the login session; not the holders, which cost a walk.
std::vector<ProtectedProcess> ancestors_and_listeners(const std::vector<SessionSocket>& sockets,
                                                      const std::string& proc_root, const std::string& cgroup_root) {
    std::vector<ProtectedProcess> all;
    for (const auto& socket : sockets) {
        const auto pid = listener_of(socket);
        const auto stat = pid ? read_stat(*pid, proc_root) : base::failed(base::ErrorKind::not_found, "");
        if (stat) {
            add(all, stat->id, why(socket.part));
        }
    }
    const auto session = find_login_session(proc_root, cgroup_root);
    for (const auto& id : session.carriers) {
        add(all, id, kCarrier);
    }
    for (const auto& id : session.above) {
        add(all, id, kAboveSession);
    }
    for (const auto& id : ancestors(proc_root)) {
        add(all, id, kAncestor);
    }
    return all;
}

} // namespace

std::vector<ProtectedProcess> find_protected_processes(const std::string& proc_root, const std::string& cgroup_root) {
    const auto sockets = session_sockets(from_environment);
    auto all = ancestors_and_listeners(sockets, proc_root, cgroup_root);
    const auto held = listening_inodes(sockets, proc_root);
    std::vector<std::uint64_t> inodes;
    inodes.reserve(held.size());
    for (const auto& socket : held) {
        inodes.push_back(socket.inode);
    }
    std::sort(inodes.begin(), inodes.end());
    inodes.erase(std::unique(inodes.begin(), inodes.end()), inodes.end());
    if (inodes.empty()) {
        return all;
    }
    const auto walk = walk_owners(inodes, proc_root);
    for (const auto& socket : held) {
        for (const auto& owner : walk.owners.of(socket.inode)) {
            add(all, owner.process, why(socket.part));
        }
    }
    return all;
}

std::optional<std::string> why_protected(const ProcessId& id) {
    const std::string proc_root = "/proc";
    const auto sockets = session_sockets(from_environment);
    for (const auto& process : ancestors_and_listeners(sockets, proc_root, "/sys/fs/cgroup")) {
        if (process.id == id) {
            return process.why;
        }
    }
    // One process is asked whether it holds one of the sockets: far less than walking all.
    for (const auto& socket : listening_inodes(sockets, proc_root)) {
        if (holds_socket(id.pid, socket.inode, proc_root) == Holds::yes) {
            return why(socket.part);
        }
    }
    return std::nullopt;
}

} // namespace portside::platform
