// SPDX-License-Identifier: MIT
// What an actor can do to a descriptor table. One thread of the actor at a time: commands come one by one.
#include "tests/owners/actor_commands.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <functional>
#include <map>
#include <netinet/in.h>
#include <sstream>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace portside::owners {

namespace {

// Of the process's main table. A thread with a table of its own uses neither.
struct Kept {
    int mailbox = -1;
    std::vector<int> files;
};

Kept& kept() {
    static Kept the_one; // this program's only state beside its threads
    return the_one;
}

int number(const Words& words, std::size_t at) {
    return at < words.size() ? std::atoi(words[at].c_str()) : -1;
}

std::string ok(int value) {
    return "ok " + std::to_string(value);
}

struct Address {
    sockaddr_storage storage{};
    socklen_t length = 0;
    sockaddr* generic() { return reinterpret_cast<sockaddr*>(&storage); }
};

Address loopback(bool six, int port) {
    Address address;
    if (six) {
        auto* const in6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
        in6->sin6_family = AF_INET6;
        in6->sin6_addr = in6addr_loopback;
        in6->sin6_port = htons(static_cast<std::uint16_t>(port));
        address.length = sizeof(sockaddr_in6);
    } else {
        auto* const in = reinterpret_cast<sockaddr_in*>(&address.storage);
        in->sin_family = AF_INET;
        in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        in->sin_port = htons(static_cast<std::uint16_t>(port));
        address.length = sizeof(sockaddr_in);
    }
    return address;
}

// Sockets are born without CLOEXEC on purpose: exec must keep them.
std::string make_socket(const std::string& kind, int port, bool reuse, bool listening, int at) {
    const bool tcp = kind.rfind("tcp", 0) == 0;
    const bool six = kind.back() == '6';
    int fd = ::socket(six ? AF_INET6 : AF_INET, tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
    const int on = 1;
    Address address = loopback(six, port);
    if (fd < 0 || (reuse && ::setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) ||
        ::bind(fd, address.generic(), address.length) != 0 || (tcp && listening && ::listen(fd, 16) != 0) ||
        ::getsockname(fd, address.generic(), &address.length) != 0) {
        const std::string error = error_of(kind + " on port " + std::to_string(port));
        ::close(fd);
        return error;
    }
    if (at >= 0 && at != fd) {
        if (::dup2(fd, at) != at) {
            return error_of("dup2");
        }
        ::close(fd);
        fd = at;
    }
    struct stat status {};
    if (::fstat(fd, &status) != 0) {
        return error_of("fstat");
    }
    // sin_port and sin6_port lie at the same place.
    const int taken = ntohs(reinterpret_cast<sockaddr_in*>(&address.storage)->sin_port);
    return ok(fd) + " " + std::to_string(taken) + " " + std::to_string(status.st_ino);
}

std::string open_files(int count) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    for (int i = 0; i < count; ++i) {
        const int fd = ::open("/dev/null", O_RDONLY);
        if (fd < 0) {
            return error_of("open");
        }
        kept().files.push_back(fd);
    }
    return ok(static_cast<int>(kept().files.size()));
}

std::string close_files(int count) {
    for (int i = 0; i < count; ++i) {
        if (kept().files.empty() || ::close(kept().files.back()) != 0) {
            return "error no such file to close";
        }
        kept().files.pop_back();
    }
    return ok(static_cast<int>(kept().files.size()));
}

std::string put_blank(int at) {
    const int fd = ::open("/dev/null", O_RDONLY);
    if (fd < 0 || ::dup2(fd, at) != at) {
        return error_of("blank");
    }
    ::close(fd);
    kept().files.push_back(at);
    return ok(at);
}

// An abstract name: nothing is left behind in a folder (unix(7)).
Address named(const std::string& name) {
    Address address;
    auto* const un = reinterpret_cast<sockaddr_un*>(&address.storage);
    un->sun_family = AF_UNIX;
    std::memcpy(un->sun_path + 1, name.data(), name.size());
    address.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    return address;
}

std::string make_mailbox(const std::string& name) {
    Address address = named(name);
    kept().mailbox = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    return kept().mailbox < 0 || ::bind(kept().mailbox, address.generic(), address.length) != 0 ? error_of("mailbox")
                                                                                                : ok(kept().mailbox);
}

struct Message {
    char byte = 'x';
    iovec part{&byte, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr header{};
    Message() {
        header.msg_iov = &part;
        header.msg_iovlen = 1;
        header.msg_control = control.data();
        header.msg_controllen = control.size();
    }
};

std::string send_copy(int fd, const std::string& name) {
    Message message;
    Address address = named(name);
    message.header.msg_name = &address.storage;
    message.header.msg_namelen = address.length;
    cmsghdr* const rights = CMSG_FIRSTHDR(&message.header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(rights), &fd, sizeof fd);
    const int way = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const bool sent = ::sendmsg(way, &message.header, MSG_DONTWAIT) == 1;
    const std::string reply = sent ? ok(fd) : error_of("sendmsg");
    ::close(way);
    return reply;
}

std::string receive_one() {
    Message message;
    if (::recvmsg(kept().mailbox, &message.header, MSG_DONTWAIT) != 1) {
        return error_of("recvmsg");
    }
    const cmsghdr* const rights = CMSG_FIRSTHDR(&message.header);
    int fd = -1;
    if (rights != nullptr) {
        std::memcpy(&fd, CMSG_DATA(rights), sizeof fd);
    }
    return fd < 0 ? "error no descriptor came" : ok(fd);
}

std::string result_of(int fd, const char* what) {
    return fd < 0 ? error_of(what) : ok(fd);
}

using Command = std::function<std::string(const Words&)>;

const std::map<std::string, Command>& commands() {
    static const std::map<std::string, Command> all{
        {"listen",
         [](const Words& w) { return make_socket(w.at(1), number(w, 2), w.at(3) == "reuse", true, number(w, 4)); }},
        {"bind", [](const Words& w) { return make_socket(w.at(1), number(w, 2), false, false, -1); }},
        {"start", [](const Words& w) { return result_of(::listen(number(w, 1), 16), "listen"); }},
        {"close", [](const Words& w) { return result_of(::close(number(w, 1)), "close"); }},
        {"dup", [](const Words& w) { return result_of(::dup(number(w, 1)), "dup"); }},
        {"dup2", [](const Words& w) { return result_of(::dup2(number(w, 1), number(w, 2)), "dup2"); }},
        {"files", [](const Words& w) { return open_files(number(w, 1)); }},
        {"unfiles", [](const Words& w) { return close_files(number(w, 1)); }},
        {"blank", [](const Words& w) { return put_blank(number(w, 1)); }},
        {"mailbox", [](const Words& w) { return make_mailbox(w.at(1)); }},
        {"send", [](const Words& w) { return send_copy(number(w, 1), w.at(2)); }},
        {"receive", [](const Words&) { return receive_one(); }},
    };
    return all;
}

} // namespace

Words words_of(const std::string& line) {
    std::istringstream stream(line);
    Words words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    return words;
}

std::string error_of(const std::string& what) {
    return "error " + what + ": " + std::strerror(errno); // NOLINT(concurrency-mt-unsafe): one thread at a time
}

std::string descriptor_command(const Words& words) {
    const auto found = commands().find(words.at(0));
    return found == commands().end() ? "" : found->second(words);
}

void forget_mailbox(bool close_it) {
    if (close_it && kept().mailbox >= 0) {
        ::close(kept().mailbox);
    }
    kept().mailbox = -1;
    if (!close_it) { // the table is shared: its files are the other process's to close
        kept().files.clear();
    }
}

void remember_files(int mailbox) {
    kept().mailbox = mailbox;
    DIR* const folder = ::opendir("/proc/self/fd");
    while (const dirent* entry = folder == nullptr ? nullptr : ::readdir(folder)) {
        std::array<char, 32> link{};
        const int fd = std::atoi(entry->d_name);
        if (fd > 2 && ::readlinkat(::dirfd(folder), entry->d_name, link.data(), link.size() - 1) > 0 &&
            std::strcmp(link.data(), "/dev/null") == 0) {
            kept().files.push_back(fd);
        }
    }
    ::closedir(folder);
}

int mailbox() {
    return kept().mailbox;
}

} // namespace portside::owners
