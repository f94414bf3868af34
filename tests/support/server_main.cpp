// SPDX-License-Identifier: MIT
// Servers of the kinds that are hard to free a port from; what the tests find and kill. Prints its port first.
//   prefork N        a master whose N workers inherit its socket; at SIGTERM it asks them to end, which takes them a
//                    moment, and ends itself at once
//   inherit          a child in a session of its own keeps the socket
//   reuseport PORT   an own socket on PORT (0: any) with SO_REUSEPORT
//   supervise        starts a listener, and starts it again whenever it ends; at SIGTERM it ends it, then itself
//   storm N          a listener that starts N descendants, each from the one before, one after another for seconds
//   storm-stubborn N the same, and none of them ends at SIGTERM
//   udp              an unconnected UDP socket
//   answering        a listener that takes connections, and closes each when its client does
//   two              two listeners of one process; their ports
//   connected        a listener that has accepted one connection; the next line is that of the client, its child
// Each process ends by itself after some minutes, so that nothing stays behind. One thread.
#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <string>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

constexpr unsigned kLife = 100; // seconds
std::vector<pid_t> children;    // NOLINT: a signal handler reads it

[[noreturn]] void fail(const char* what) {
    std::perror(what);
    std::exit(1);
}

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int bound(int type, int port, int option) {
    const int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    const int on = 1;
    const auto address = loopback(port);
    if (fd < 0 || (option != 0 && setsockopt(fd, SOL_SOCKET, option, &on, sizeof on) != 0) ||
        bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        (type == SOCK_STREAM && listen(fd, 8) != 0)) {
        fail("bind");
    }
    return fd;
}

int port_of(int fd) {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
    return ntohs(address.sin_port);
}

void say(int number) {
    std::printf("%d\n", number);
    static_cast<void>(std::fflush(stdout));
}

[[noreturn]] void wait_for_ever() {
    for (;;) {
        pause();
    }
}

void end_children(int /*number*/) {
    for (const pid_t child : children) {
        kill(child, SIGTERM);
    }
    _exit(0);
}

pid_t start(void (*body)(int), int argument) {
    const pid_t child = fork();
    if (child == 0) {
        alarm(kLife);
        static_cast<void>(std::signal(SIGTERM, SIG_DFL));
        body(argument);
        _exit(0);
    }
    return child;
}

void finish_slowly(int /*number*/) {
    usleep(50'000);
    _exit(0);
}

void work(int /*listener*/) {
    prctl(PR_SET_NAME, "worker");
    static_cast<void>(std::signal(SIGTERM, finish_slowly));
    wait_for_ever();
}

void prefork(int count) {
    const int listener = bound(SOCK_STREAM, 0, 0);
    for (int i = 0; i < count; ++i) {
        children.push_back(start(work, listener));
    }
    static_cast<void>(std::signal(SIGTERM, end_children));
    say(port_of(listener));
}

void keep(int /*listener*/) {
    setsid();
    prctl(PR_SET_NAME, "heir");
    wait_for_ever();
}

void listen_again(int port) {
    prctl(PR_SET_NAME, "restarted");
    static_cast<void>(bound(SOCK_STREAM, port, SO_REUSEADDR));
    wait_for_ever();
}

[[noreturn]] void supervise() {
    const int first = bound(SOCK_STREAM, 0, SO_REUSEADDR);
    const int port = port_of(first);
    close(first);
    static_cast<void>(std::signal(SIGTERM, end_children));
    prctl(PR_SET_NAME, "supervisor");
    for (bool told = false;; told = true) {
        children = {start(listen_again, port)};
        if (!told) {
            say(port);
        }
        while (waitpid(-1, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
}

void storm(int count, bool stubborn) {
    setpgid(0, 0); // as a shell does with each command
    say(port_of(bound(SOCK_STREAM, 0, 0)));
    if (stubborn) {
        static_cast<void>(std::signal(SIGTERM, SIG_IGN));
    }
    for (int i = 0; i < count; ++i) {
        usleep(500);
        if (fork() != 0) {
            wait_for_ever();
        }
        alarm(kLife);
        prctl(PR_SET_NAME, "storm");
    }
}

void connect_to(int listener) {
    const int port = port_of(listener);
    close(listener);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    const auto address = loopback(port);
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        fail("connect");
    }
    setsid();
    wait_for_ever();
}

void connected() {
    const int listener = bound(SOCK_STREAM, 0, 0);
    const pid_t client = start(connect_to, listener);
    if (accept(listener, nullptr, nullptr) < 0) {
        fail("accept");
    }
    say(port_of(listener));
    say(client);
}

void answer() {
    const int listener = bound(SOCK_STREAM, 0, 0);
    say(port_of(listener));
    for (;;) {
        const int one = accept(listener, nullptr, nullptr);
        if (one < 0) {
            fail("accept");
        }
        char byte = 0;
        while (read(one, &byte, 1) > 0) {
        }
        close(one);
    }
}

} // namespace

int main(int count, char** arguments) {
    alarm(kLife);
    const std::string mode = count > 1 ? arguments[1] : "";
    const int number = count > 2 ? std::atoi(arguments[2]) : 0; // NOLINT(cert-err34-c): the tests' own words
    if (mode == "prefork") {
        prefork(number);
    } else if (mode == "inherit") {
        const int listener = bound(SOCK_STREAM, 0, 0);
        start(keep, listener);
        say(port_of(listener));
    } else if (mode == "reuseport") {
        say(port_of(bound(SOCK_STREAM, number, SO_REUSEPORT)));
    } else if (mode == "supervise") {
        supervise();
    } else if (mode == "storm" || mode == "storm-stubborn") {
        storm(number, mode != "storm");
    } else if (mode == "udp") {
        say(port_of(bound(SOCK_DGRAM, 0, 0)));
    } else if (mode == "answering") {
        answer();
    } else if (mode == "two") {
        say(port_of(bound(SOCK_STREAM, 0, 0)));
        say(port_of(bound(SOCK_STREAM, 0, 0)));
    } else if (mode == "connected") {
        connected();
    } else {
        return 2;
    }
    wait_for_ever();
}
