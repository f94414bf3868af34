// SPDX-License-Identifier: MIT
// A stand-in for the settings portal on the session bus, which knows one setting.
//   test_portal VALUE [old]     the color scheme: 0 no preference, 1 dark, 2 light; old: as version 1, without ReadOne
// It prints "ready". A line on standard input is the new value; "lie" sends the signal with a value that does not hold.
// One thread.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <poll.h>
#include <string>
#include <systemd/sd-bus.h>
#include <unistd.h>

namespace {

constexpr const char* kName = "org.freedesktop.portal.Desktop";
constexpr const char* kPath = "/org/freedesktop/portal/desktop";
constexpr const char* kSettings = "org.freedesktop.portal.Settings";

std::uint32_t value = 0;

bool asks_for_ours(sd_bus_message* message) {
    const char* group = "";
    const char* key = "";
    return sd_bus_message_read(message, "ss", &group, &key) >= 0 &&
           std::strcmp(group, "org.freedesktop.appearance") == 0 && std::strcmp(key, "color-scheme") == 0;
}

int read_one(sd_bus_message* message, void* /*self*/, sd_bus_error* error) {
    return asks_for_ours(message)
               ? sd_bus_reply_method_return(message, "v", "u", value)
               : sd_bus_error_set(error, "org.freedesktop.portal.Error.NotFound", "There is no such setting");
}

int read_old(sd_bus_message* message, void* /*self*/, sd_bus_error* error) {
    return asks_for_ours(message)
               ? sd_bus_reply_method_return(message, "v", "v", "u", value)
               : sd_bus_error_set(error, "org.freedesktop.portal.Error.NotFound", "There is no such setting");
}

const sd_bus_vtable kNew[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("ReadOne", "ss", "v", read_one, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Read", "ss", "v", read_old, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};
const sd_bus_vtable kOld[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Read", "ss", "v", read_old, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};

void tell(sd_bus* bus, std::uint32_t told) {
    sd_bus_emit_signal(bus, kPath, kSettings, "SettingChanged", "ssv", "org.freedesktop.appearance", "color-scheme",
                       "u", told);
}

void run(sd_bus* bus) {
    for (;;) {
        while (sd_bus_process(bus, nullptr) > 0) {
        }
        pollfd waits[2] = {{STDIN_FILENO, POLLIN, 0}, {sd_bus_get_fd(bus), POLLIN, 0}};
        poll(waits, 2, -1);
        if (waits[0].revents != 0) {
            std::string line;
            if (!std::getline(std::cin, line)) {
                return;
            }
            if (line == "lie") {
                tell(bus, 3 - value);
            } else {
                value = static_cast<std::uint32_t>(std::atoi(line.c_str()));
                tell(bus, value);
            }
        }
        if ((waits[1].revents & (POLLHUP | POLLERR)) != 0) {
            return;
        }
    }
}

} // namespace

int main(int count, char** words) {
    if (count < 2) {
        return 2;
    }
    value = static_cast<std::uint32_t>(std::atoi(words[1]));
    std::setvbuf(stdin, nullptr, _IONBF, 0);
    sd_bus* bus = nullptr;
    const bool old = count > 2;
    if (sd_bus_open_user(&bus) < 0 ||
        sd_bus_add_object_vtable(bus, nullptr, kPath, kSettings, old ? kOld : kNew, nullptr) < 0 ||
        sd_bus_request_name(bus, kName, 0) < 0) {
        std::fputs("test_portal: the bus could not be used\n", stderr);
        return 1;
    }
    std::puts("ready");
    std::fflush(stdout);
    run(bus);
    sd_bus_flush_close_unref(bus);
    return 0;
}
