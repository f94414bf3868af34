// SPDX-License-Identifier: MIT
// A program that listens on loopback, prints its port, and ends by a signal: what the tests find and kill.
// With the argument "stubborn" it ignores SIGTERM, with "telling" it only says "asked" to it; with "-host-port N" among
// its arguments it takes that port, as docker-proxy does (SO_REUSEPORT: beside a test that keeps the number for it).
// One thread.
#include <arpa/inet.h>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char** arguments) {
    if (count > 1 && std::strcmp(arguments[1], "stubborn") == 0) {
        static_cast<void>(std::signal(SIGTERM, SIG_IGN));
    } else if (count > 1 && std::strcmp(arguments[1], "telling") == 0) {
        static_cast<void>(
            std::signal(SIGTERM, [](int) { static_cast<void>(write(STDOUT_FILENO, "asked\n", 6) == 6); }));
    }
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 1; i + 1 < count; ++i) {
        if (std::strcmp(arguments[i], "-host-port") == 0) {
            const int yes = 1;
            setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes));
            address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(arguments[i + 1])));
        }
    }
    socklen_t length = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (listener < 0 || bind(listener, generic, length) != 0 || listen(listener, 8) != 0 ||
        getsockname(listener, generic, &length) != 0) {
        std::perror("test_listener");
        return 1;
    }
    std::printf("%d\n", ntohs(address.sin_port));
    static_cast<void>(std::fflush(stdout));
    for (;;) {
        pause();
    }
}
