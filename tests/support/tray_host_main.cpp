// SPDX-License-Identifier: MIT
// A stand-in for a desktop's tray on the session bus: the watcher that items register with, and a host that listens.
//   test_tray_host [hostless]     with a host from the start, or only the watcher
// It prints "ready", "item NAME" for each item that registers, "gone NAME" when one leaves, and "signal NAME" for each
// signal of an item or of its menu. A line on standard input: "host" and "unhost" let the host come and go, "quit" ends
// it. One thread.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <poll.h>
#include <set>
#include <string>
#include <systemd/sd-bus.h>
#include <unistd.h>

namespace {

constexpr const char* kName = "org.kde.StatusNotifierWatcher";
constexpr const char* kPath = "/StatusNotifierWatcher";

std::set<std::string> items;
int hosts = 1;

void say(const std::string& line) {
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

int register_item(sd_bus_message* message, void* /*self*/, sd_bus_error* /*error*/) {
    const char* name = "";
    if (sd_bus_message_read(message, "s", &name) < 0) {
        return -EINVAL;
    }
    items.insert(name);
    say(std::string("item ") + name);
    return sd_bus_reply_method_return(message, "");
}

int hosted(sd_bus* /*bus*/, const char* /*path*/, const char* /*interface*/, const char* /*property*/,
           sd_bus_message* reply, void* /*self*/, sd_bus_error* /*error*/) {
    return sd_bus_message_append(reply, "b", hosts);
}

int owner_changed(sd_bus_message* message, void* /*self*/, sd_bus_error* /*error*/) {
    const char* name = "";
    const char* before = "";
    const char* now = "";
    if (sd_bus_message_read(message, "sss", &name, &before, &now) >= 0 && *now == '\0' && items.erase(name) > 0) {
        say(std::string("gone ") + name);
    }
    return 0;
}

int signalled(sd_bus_message* message, void* /*self*/, sd_bus_error* /*error*/) {
    say(std::string("signal ") + sd_bus_message_get_member(message));
    return 0;
}

const sd_bus_vtable kWatcher[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("RegisterStatusNotifierItem", "s", "", register_item, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_PROPERTY("IsStatusNotifierHostRegistered", "b", hosted, 0, 0),
    SD_BUS_SIGNAL("StatusNotifierHostRegistered", "", 0),
    SD_BUS_SIGNAL("StatusNotifierHostUnregistered", "", 0),
    SD_BUS_VTABLE_END,
};

// False: it is to end.
bool obey(sd_bus* bus, const std::string& line) {
    if (line == "host" || line == "unhost") {
        hosts = line == "host" ? 1 : 0;
        sd_bus_emit_signal(bus, kPath, kName,
                           hosts == 1 ? "StatusNotifierHostRegistered" : "StatusNotifierHostUnregistered", "");
    }
    return line != "quit";
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
            if (!obey(bus, line)) {
                return;
            }
        }
        if ((waits[1].revents & (POLLHUP | POLLERR)) != 0) {
            return;
        }
    }
}

} // namespace

int main(int count, char** words) {
    hosts = count > 1 && std::strcmp(words[1], "hostless") == 0 ? 0 : 1;
    std::setvbuf(stdin, nullptr, _IONBF, 0);
    sd_bus* bus = nullptr;
    if (sd_bus_open_user(&bus) < 0 || sd_bus_add_object_vtable(bus, nullptr, kPath, kName, kWatcher, nullptr) < 0 ||
        sd_bus_add_match(bus, nullptr, "type='signal',member='NameOwnerChanged'", owner_changed, nullptr) < 0 ||
        sd_bus_add_match(bus, nullptr, "type='signal',path_namespace='/StatusNotifierItem'", signalled, nullptr) < 0 ||
        sd_bus_request_name(bus, kName, 0) < 0) {
        std::fputs("test_tray_host: the bus could not be used\n", stderr);
        return 1;
    }
    say("ready");
    run(bus);
    sd_bus_flush_close_unref(bus);
    return 0;
}
