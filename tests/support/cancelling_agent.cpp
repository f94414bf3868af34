// SPDX-License-Identifier: MIT
// A polkit authentication agent whose user always presses Cancel. Argument: the pid of the process that it answers for.
// With "silent" as a second argument it never answers. Prints "registered", then "asked" for each prompt and
// "withdrawn" when polkit takes one back. One thread.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <systemd/sd-bus.h>

namespace {

struct Agent {
    bool silent = false;
    sd_bus_message* open = nullptr; // the prompt that is not answered
};

void say(const char* line) {
    std::puts(line);
    static_cast<void>(std::fflush(stdout));
}

int begin(sd_bus_message* message, void* data, sd_bus_error* error) {
    auto* agent = static_cast<Agent*>(data);
    say("asked");
    if (agent->silent) {
        sd_bus_message_unref(agent->open);
        agent->open = sd_bus_message_ref(message);
        return 1;
    }
    return sd_bus_error_set(error, "org.freedesktop.PolicyKit1.Error.Cancelled", "The user pressed Cancel");
}

int cancel(sd_bus_message* message, void* data, sd_bus_error* error) {
    static_cast<void>(error);
    auto* agent = static_cast<Agent*>(data);
    say("withdrawn");
    if (agent->open != nullptr) {
        sd_bus_reply_method_errorf(agent->open, "org.freedesktop.PolicyKit1.Error.Cancelled", "Withdrawn");
        agent->open = sd_bus_message_unref(agent->open);
    }
    return sd_bus_reply_method_return(message, "");
}

// Field 22 of /proc/PID/stat; fields are counted from the last ')'.
unsigned long long start_time(const char* pid) {
    std::ifstream file(std::string("/proc/") + pid + "/stat");
    std::stringstream text;
    text << file.rdbuf();
    std::istringstream fields(text.str().substr(text.str().rfind(')') + 1));
    std::string field;
    for (int number = 3; number <= 22; ++number) {
        fields >> field;
    }
    return std::strtoull(field.c_str(), nullptr, 10);
}

int register_for(sd_bus* bus, const char* pid) {
    sd_bus_message* message = nullptr;
    int result = sd_bus_message_new_method_call(bus, &message, "org.freedesktop.PolicyKit1",
                                                "/org/freedesktop/PolicyKit1/Authority",
                                                "org.freedesktop.PolicyKit1.Authority", "RegisterAuthenticationAgent");
    if (result >= 0) {
        result = sd_bus_message_append(message, "(sa{sv})ss", "unix-process", 2, "pid", "u",
                                       static_cast<unsigned>(std::strtoul(pid, nullptr, 10)), "start-time", "t",
                                       start_time(pid), "C", "/org/portside/TestAgent");
    }
    sd_bus_error error = SD_BUS_ERROR_NULL;
    if (result >= 0) {
        result = sd_bus_call(bus, message, 0, &error, nullptr);
    }
    if (result < 0) {
        static_cast<void>(std::fprintf(stderr, "cannot register: errno %d %s\n", -result,
                                       error.message != nullptr ? error.message : ""));
    }
    sd_bus_error_free(&error);
    sd_bus_message_unref(message);
    return result;
}

const sd_bus_vtable kMethods[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("BeginAuthentication", "sssa{ss}sa(sa{sv})", "", begin, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("CancelAuthentication", "s", "", cancel, SD_BUS_VTABLE_UNPRIVILEGED), SD_BUS_VTABLE_END};

} // namespace

int main(int count, char** arguments) {
    if (count < 2) {
        return 2;
    }
    Agent agent{.silent = count > 2 && std::strcmp(arguments[2], "silent") == 0};
    sd_bus* bus = nullptr;
    if (sd_bus_open_system(&bus) < 0 ||
        sd_bus_add_object_vtable(bus, nullptr, "/org/portside/TestAgent",
                                 "org.freedesktop.PolicyKit1.AuthenticationAgent", kMethods, &agent) < 0 ||
        register_for(bus, arguments[1]) < 0) {
        return 1;
    }
    say("registered");
    for (;;) {
        const int handled = sd_bus_process(bus, nullptr);
        if (handled < 0 || (handled == 0 && sd_bus_wait(bus, UINT64_MAX) < 0)) {
            return 1;
        }
    }
}
