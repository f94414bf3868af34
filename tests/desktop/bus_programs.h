// SPDX-License-Identifier: MIT
// Programs on a private bus, and questions to whoever is there. One thread: the test's own.
#pragma once

#include "tests/support/manager_stand_in.h"

#include <string>
#include <vector>

namespace portside::desktop_test {

// Our own environment's variables but for the bus.
inline std::vector<std::string> environment_of(const std::string& address) {
    return {"PATH=/usr/local/bin:/usr/bin:/bin", "DBUS_SESSION_BUS_ADDRESS=" + address};
}

inline support::Child start(const std::string& address, std::vector<std::string> argv) {
    support::Child child(support::Command{.argv = std::move(argv), .environment = environment_of(address)});
    child.expect("ready\n");
    return child;
}

// dbus-send of a method call; what it printed, or what it complained of.
inline std::string ask(const std::string& address, const std::string& whom, const std::string& path,
                       std::vector<std::string> words) {
    std::vector<std::string> argv{"dbus-send", "--session", "--print-reply", "--dest=" + whom, path};
    argv.insert(argv.end(), words.begin(), words.end());
    const auto outcome = support::run({.argv = std::move(argv), .environment = environment_of(address)});
    return outcome.output + outcome.errors;
}

} // namespace portside::desktop_test
