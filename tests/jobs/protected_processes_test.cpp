// SPDX-License-Identifier: MIT
// core/platform/protected_processes: children that listen where the environment says stand for display, compositor and
// bus.
#include "job_support.h"

#include "core/platform/process.h"
#include "core/platform/protected_processes.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace portside;

namespace {

// The session's variables for one test: all unset, then as given; restored at the end.
class SessionVariables {
  public:
    SessionVariables() {
        for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"}) {
            const char* value = std::getenv(name);
            before_.emplace_back(name, value == nullptr ? std::nullopt : std::optional<std::string>(value));
            ::unsetenv(name);
        }
    }
    ~SessionVariables() {
        for (const auto& [name, value] : before_) {
            value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
        }
    }
    SessionVariables(const SessionVariables&) = delete;
    SessionVariables& operator=(const SessionVariables&) = delete;
    void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }

  private:
    std::vector<std::pair<std::string, std::optional<std::string>>> before_;
};

// A listening AF_UNIX socket; -1 on failure.
int listen_at(const std::string& path, bool abstract) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + (abstract ? 1 : 0), path.data(), path.size());
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool ok = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), length) == 0 && ::listen(fd, 4) == 0;
    return ok ? fd : -1;
}

tests::TestChild child_that_listens(const std::string& path, bool abstract) {
    return tests::TestChild([&] {
        if (listen_at(path, abstract) < 0) {
            ::_exit(1);
        }
    });
}

// What both functions say of a process; they must agree.
std::string why(const platform::ProcessId& id) {
    const auto all = platform::find_protected_processes();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& p) { return p.id == id; });
    const auto one = platform::why_protected(id);
    REQUIRE(one.has_value() == (found != all.end()));
    if (!one) {
        return "";
    }
    CHECK(*one == found->why);
    return *one;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// No other display on this machine has this number.
std::string own_display() {
    return std::to_string(100000 + ::getpid());
}

} // namespace

TEST_CASE("protected_processes - the X displays listener in the abstract namespace") {
    SessionVariables variables;
    const auto server = child_that_listens("/tmp/.X11-unix/X" + own_display(), true);
    CHECK(why(server.id()).empty()); // nothing names it
    variables.set("DISPLAY", ":" + own_display() + ".0");
    CHECK(has(why(server.id()), "X display server"));
    const tests::TestChild bystander;
    CHECK(why(bystander.id()).empty());
}

TEST_CASE("protected_processes - the compositor by name and by path") {
    SessionVariables variables;
    const tests::TempFolder folder;
    const auto compositor = child_that_listens(folder.path("wayland-7"), false);
    variables.set("XDG_RUNTIME_DIR", folder.path(""));
    variables.set("WAYLAND_DISPLAY", folder.path("wayland-7"));
    CHECK(has(why(compositor.id()), "Wayland compositor"));
    variables.set("WAYLAND_DISPLAY", "wayland-7");
    variables.set("XDG_RUNTIME_DIR", folder.path("wayland-7").substr(0, folder.path("").size() - 1));
    CHECK(has(why(compositor.id()), "Wayland compositor"));
}

TEST_CASE("protected_processes - the session bus also as the second of several addresses") {
    SessionVariables variables;
    const tests::TempFolder folder;
    const auto bus = child_that_listens(folder.path("a bus"), false);
    variables.set("DBUS_SESSION_BUS_ADDRESS",
                  "unix:path=" + folder.path("none") + ";unix:path=" + folder.path("a%20bus") + ",guid=1");
    CHECK(has(why(bus.id()), "session bus"));
}

TEST_CASE("protected_processes - who was handed a listening socket is as protected as who made it") {
    SessionVariables variables;
    const tests::TempFolder folder;
    const base::UniqueFd listener(listen_at(folder.path("bus"), false)); // this test is the manager
    REQUIRE(listener);
    variables.set("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + folder.path("bus"));
    const tests::TestChild daemon; // has inherited the socket
    CHECK(has(why(daemon.id()), "session bus"));
}

TEST_CASE("protected_processes - a socket file without a listener a stale path and a long one are no error") {
    SessionVariables variables;
    const tests::TempFolder folder;
    {
        const base::UniqueFd closed(listen_at(folder.path("bus"), false));
        REQUIRE(closed);
    }
    variables.set("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + folder.path("bus"));
    variables.set("WAYLAND_DISPLAY", "/" + std::string(300, 'x'));
    variables.set("DISPLAY", ":" + own_display());
    for (const auto& process : platform::find_protected_processes()) {
        CHECK(has(process.why, "parent of Portside"));
    }
}

TEST_CASE("protected_processes - our ancestors but never pid 1 and never ourselves") {
    const SessionVariables variables;
    const auto self = platform::read_stat(::getpid());
    REQUIRE(self.has_value());
    const int outcome = tests::in_child([&] { // grandparents too
        const int inner = tests::in_child([&] {
            const auto all = platform::find_protected_processes();
            const auto is = [&](pid_t pid) {
                return std::any_of(all.begin(), all.end(),
                                   [&](const auto& p) { return p.id.pid == pid && has(p.why, "parent of Portside"); });
            };
            const bool identity = std::any_of(all.begin(), all.end(), [&](const auto& p) { return p.id == self->id; });
            return is(::getppid()) && identity && !is(1) && !is(::getpid()) ? 0 : 1;
        });
        return inner;
    });
    CHECK(outcome == 0);
}
