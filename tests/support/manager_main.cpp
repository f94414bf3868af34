// SPDX-License-Identifier: MIT
// A stand-in for systemd's manager: speaks its D-Bus interface for a handful of units and really keeps their processes,
// each of which holds a port of 127.0.0.1.
//   test_manager bus ADDRESS      takes the name org.freedesktop.systemd1 there
//   test_manager direct PATH      answers on a socket of its own, as systemd's "private" does
// Under the name systemd, with --user before that, it is taken for a user's manager.
// Units: web.service (Restart=always: a new process the moment the old one ends), plain.service (Restart=no),
// lazy.service with lazy.socket (the manager holds the port, the service inherits it), backup.service (a timer starts
// it again), lone.socket with lone.service (the manager holds the port, the service does not run), given.socket (it
// listens where $PORTSIDE_GIVEN_PORT says, which somebody else holds for it; its job ends when a line comes),
// refused.service, agentless.service, prompt.service (StopUnit is answered when a line comes on standard input),
// slow.service (its job ends when a line comes), failing.service. It prints "UNIT PID PORT" for each process that it
// starts and for lone.socket, "ready", and "stop UNIT" for each StopUnit. Where $PORTSIDE_UNIT_CGROUPS is a folder, a
// unit's process enters the cgroup there that has the unit's name. One thread.
#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <unistd.h>
#include <vector>

namespace {

constexpr const char* kManager = "org.freedesktop.systemd1.Manager";
constexpr const char* kManagerPath = "/org/freedesktop/systemd1";

struct Unit {
    std::string name;
    std::string restart; // empty: no service
    std::vector<std::string> triggered_by;
    std::vector<std::string> triggers;
    bool runs_process = false;
    bool active = true;
    pid_t pid = 0;
    int port = 0;
    int held = -1; // a socket unit's listening socket
};

struct Waiting { // for a line on standard input
    std::string unit;
    sd_bus_message* call = nullptr; // not answered yet; null: its job is under way
    std::string job;
};

std::map<std::string, Unit> units;
std::vector<sd_bus*> buses;
std::vector<Waiting> waiting;
unsigned next_job = 1;

int listen_on(int port) {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    const int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 || listen(listener, 8) != 0) {
        std::perror("test_manager: listen");
        _exit(1);
    }
    return listener;
}

int port_of(int listener) {
    sockaddr_in address{};
    socklen_t length = sizeof(address);
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
    return ntohs(address.sin_port);
}

void enter_cgroup(const std::string& unit) {
    const char* const folder = std::getenv("PORTSIDE_UNIT_CGROUPS");
    if (folder == nullptr) {
        return;
    }
    const int members = open((std::string(folder) + "/" + unit + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC);
    if (members < 0 || write(members, "0", 1) != 1) {
        std::perror("test_manager: cgroup");
        _exit(1);
    }
    close(members);
}

void start(Unit& unit) {
    const bool inherits = !unit.triggered_by.empty() && units[unit.triggered_by.front()].held >= 0;
    const int listener = inherits ? units[unit.triggered_by.front()].held : listen_on(unit.port);
    unit.port = port_of(listener);
    unit.pid = fork();
    if (unit.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, nullptr);
        enter_cgroup(unit.name);
        for (auto& [name, other] : units) {
            if (other.held >= 0 && other.held != listener) {
                close(other.held);
            }
        }
        for (;;) {
            pause();
        }
    }
    if (!inherits) {
        close(listener);
    }
    std::printf("%s %d %d\n", unit.name.c_str(), static_cast<int>(unit.pid), unit.port);
    std::fflush(stdout);
}

std::string path_of(const std::string& name) {
    std::string path = "/org/freedesktop/systemd1/unit/";
    for (const char c : name) {
        path += (c >= 'a' && c <= 'z') ? c : '_';
    }
    return path;
}

Unit* unit_by_path(const char* path) {
    for (auto& [name, unit] : units) {
        if (path_of(name) == path) {
            return &unit;
        }
    }
    return nullptr;
}

void job_removed(const std::string& job, const std::string& unit, const char* result) {
    for (sd_bus* const bus : buses) {
        sd_bus_emit_signal(bus, kManagerPath, kManager, "JobRemoved", "uoss", 1U, job.c_str(), unit.c_str(), result);
    }
}

void end_unit(Unit& unit) {
    unit.active = false;
    if (unit.held >= 0) {
        close(unit.held);
        unit.held = -1;
    }
    if (unit.pid > 0) {
        const pid_t pid = unit.pid;
        unit.pid = 0; // so that its end starts nothing
        kill(pid, SIGTERM);
        waitpid(pid, nullptr, 0);
    }
}

void stop_and_tell(Unit& unit, const std::string& job) {
    if (unit.name == "failing.service") {
        job_removed(job, unit.name, "failed");
        return;
    }
    end_unit(unit);
    job_removed(job, unit.name, "done");
}

int stop_unit(sd_bus_message* call) {
    const char* name = nullptr;
    const char* mode = nullptr;
    sd_bus_message_read(call, "ss", &name, &mode);
    const auto found = units.find(name);
    if (found == units.end() || std::strcmp(mode, "replace") != 0) {
        return sd_bus_reply_method_errorf(call, "org.freedesktop.systemd1.NoSuchUnit", "Unit %s not loaded.", name);
    }
    if (sd_bus_message_get_allow_interactive_authorization(call) <= 0 || found->first == "agentless.service") {
        return sd_bus_reply_method_errorf(call, "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired",
                                          "Interactive authentication required.");
    }
    if (found->first == "refused.service") {
        return sd_bus_reply_method_errorf(call, "org.freedesktop.DBus.Error.AccessDenied", "Permission denied");
    }
    const std::string job = "/org/freedesktop/systemd1/job/" + std::to_string(next_job++);
    std::printf("stop %s\n", name);
    std::fflush(stdout);
    if (found->first == "prompt.service") {
        waiting.push_back({name, sd_bus_message_ref(call), job});
        std::puts("prompt");
        std::fflush(stdout);
        return 1;
    }
    sd_bus_reply_method_return(call, "o", job.c_str());
    if (found->first == "slow.service" || found->first == "given.socket") {
        waiting.push_back({name, nullptr, job});
        return 1;
    }
    stop_and_tell(found->second, job);
    return 1;
}

// Where it listens, as systemd writes it; beside that a socket that is none of the network's.
void append_listen(sd_bus_message* reply, const Unit& unit) {
    const std::string address = "127.0.0.1:" + std::to_string(unit.port);
    sd_bus_message_open_container(reply, 'v', "a(ss)");
    sd_bus_message_append(reply, "a(ss)", 2, "Stream", "/run/test_manager", "Stream", address.c_str());
    sd_bus_message_close_container(reply);
}

int list_units(sd_bus_message* call) {
    sd_bus_message* reply = nullptr;
    sd_bus_message_new_method_return(call, &reply);
    sd_bus_message_open_container(reply, 'a', "(ssssssouso)");
    for (const auto& [name, unit] : units) {
        sd_bus_message_append(reply, "(ssssssouso)", name.c_str(), "", "loaded", unit.active ? "active" : "inactive",
                              unit.active ? "listening" : "dead", "", path_of(name).c_str(), 0U, "", "/");
    }
    sd_bus_message_close_container(reply);
    sd_bus_send(sd_bus_message_get_bus(call), reply, nullptr);
    sd_bus_message_unref(reply);
    return 1;
}

int get_property(sd_bus_message* call) {
    const char* interface = nullptr;
    const char* property = nullptr;
    sd_bus_message_read(call, "ss", &interface, &property);
    const Unit* const unit = unit_by_path(sd_bus_message_get_path(call));
    const std::string wanted = property;
    const bool of_service = std::strcmp(interface, "org.freedesktop.systemd1.Service") == 0;
    if (unit == nullptr || (of_service && unit->restart.empty())) {
        return sd_bus_reply_method_errorf(call, SD_BUS_ERROR_UNKNOWN_PROPERTY, "Unknown interface or property.");
    }
    sd_bus_message* reply = nullptr;
    sd_bus_message_new_method_return(call, &reply);
    if (wanted == "Listen") {
        append_listen(reply, *unit);
    } else if (of_service && wanted == "MainPID") {
        sd_bus_message_append(reply, "v", "u", static_cast<unsigned>(unit->pid));
    } else if (wanted == "TriggeredBy" || wanted == "Triggers") {
        sd_bus_message_open_container(reply, 'v', "as");
        sd_bus_message_open_container(reply, 'a', "s");
        for (const auto& name : wanted == "Triggers" ? unit->triggers : unit->triggered_by) {
            sd_bus_message_append(reply, "s", name.c_str());
        }
        sd_bus_message_close_container(reply);
        sd_bus_message_close_container(reply);
    } else {
        const std::string text = of_service                ? unit->restart
                                 : wanted == "ActiveState" ? (unit->active ? "active" : "inactive")
                                                           : "The unit\n" + unit->name;
        sd_bus_message_append(reply, "v", "s", text.c_str());
    }
    sd_bus_send(sd_bus_message_get_bus(call), reply, nullptr);
    sd_bus_message_unref(reply);
    return 1;
}

int get_unit_by_pid(sd_bus_message* call) {
    std::uint32_t pid = 0;
    sd_bus_message_read(call, "u", &pid);
    for (const auto& [name, unit] : units) {
        if (unit.pid > 0 && static_cast<std::uint32_t>(unit.pid) == pid) {
            return sd_bus_reply_method_return(call, "o", path_of(name).c_str());
        }
    }
    return sd_bus_reply_method_errorf(call, "org.freedesktop.systemd1.NoUnitForPID", "PID %u is in no unit.", pid);
}

int on_message(sd_bus_message* message, void* /*data*/, sd_bus_error* /*error*/) {
    if (sd_bus_message_is_method_call(message, "org.freedesktop.DBus.Properties", "Get") > 0) {
        return get_property(message);
    }
    if (sd_bus_message_is_method_call(message, kManager, "GetUnit") > 0) {
        const char* name = nullptr;
        sd_bus_message_read(message, "s", &name);
        return units.contains(name) ? sd_bus_reply_method_return(message, "o", path_of(name).c_str())
                                    : sd_bus_reply_method_errorf(message, "org.freedesktop.systemd1.NoSuchUnit",
                                                                 "Unit %s not loaded.", name);
    }
    if (sd_bus_message_is_method_call(message, kManager, "GetUnitByPID") > 0) {
        return get_unit_by_pid(message);
    }
    if (sd_bus_message_is_method_call(message, kManager, "ListUnitsByPatterns") > 0) {
        return list_units(message);
    }
    if (sd_bus_message_is_method_call(message, kManager, "Subscribe") > 0) {
        return sd_bus_reply_method_return(message, "");
    }
    if (sd_bus_message_is_method_call(message, kManager, "StopUnit") > 0) {
        return stop_unit(message);
    }
    return 0;
}

void line_came() {
    if (waiting.empty()) {
        return;
    }
    const Waiting first = waiting.front();
    waiting.erase(waiting.begin());
    if (first.call != nullptr) {
        sd_bus_reply_method_return(first.call, "o", first.job.c_str());
        sd_bus_message_unref(first.call);
    }
    stop_and_tell(units[first.unit], first.job);
}

void children_ended() {
    for (pid_t pid = 0; (pid = waitpid(-1, nullptr, WNOHANG)) > 0;) {
        for (auto& [name, unit] : units) {
            if (unit.pid == pid) {
                unit.pid = 0;
                if (unit.restart == "always") {
                    start(unit);
                }
            }
        }
    }
}

void add(const std::string& name, const std::string& restart, std::vector<std::string> triggered_by = {}) {
    Unit unit;
    unit.name = name;
    unit.restart = restart;
    unit.triggered_by = std::move(triggered_by);
    unit.runs_process = !restart.empty();
    units.emplace(name, std::move(unit));
}

void add_socket(const std::string& stem, int held, int port) {
    add(stem + ".socket", "");
    auto& unit = units[stem + ".socket"];
    unit.held = held;
    unit.port = port;
    unit.triggers = {stem + ".service"};
}

void make_units() {
    const int lazy = listen_on(0);
    add_socket("lazy", lazy, port_of(lazy));
    const int lone = listen_on(0);
    add_socket("lone", lone, port_of(lone));
    std::printf("lone.socket %d %d\n", static_cast<int>(getpid()), port_of(lone));
    add("lone.service", "no", {"lone.socket"});
    units["lone.service"].runs_process = false;
    units["lone.service"].active = false;
    if (const char* const given = std::getenv("PORTSIDE_GIVEN_PORT")) {
        add_socket("given", -1, std::atoi(given));
    }
    add("backup.timer", "");
    add("web.service", "always");
    add("plain.service", "no");
    add("lazy.service", "no", {"lazy.socket"});
    add("backup.service", "on-failure", {"backup.timer"});
    for (const char* const name :
         {"refused.service", "agentless.service", "prompt.service", "slow.service", "failing.service"}) {
        add(name, "no");
    }
    for (auto& [name, unit] : units) {
        if (unit.runs_process) {
            start(unit);
        }
    }
}

void serve(sd_bus* bus) {
    sd_bus_add_filter(bus, nullptr, on_message, nullptr);
    buses.push_back(bus);
}

int direct_listener(const char* path) {
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 || listen(listener, 8) != 0) {
        std::perror("test_manager: direct");
        return -1;
    }
    return listener;
}

void accept_direct(int listener) {
    const int peer = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    sd_bus* bus = nullptr;
    sd_id128_t id{};
    sd_id128_randomize(&id);
    if (peer >= 0 && sd_bus_new(&bus) >= 0 && sd_bus_set_fd(bus, peer, peer) >= 0 &&
        sd_bus_set_server(bus, 1, id) >= 0 && sd_bus_start(bus) >= 0) {
        serve(bus);
    }
}

void process_all() {
    for (std::size_t i = 0; i < buses.size(); ++i) {
        int result = 0;
        while ((result = sd_bus_process(buses[i], nullptr)) > 0) {
        }
        if (result < 0) {
            sd_bus_unref(buses[i]);
            buses.erase(buses.begin() + static_cast<long>(i--));
        }
    }
}

void run(int direct, int signals) {
    bool input = true;
    for (;;) {
        process_all();
        std::vector<pollfd> waits{{signals, POLLIN, 0}, {input ? STDIN_FILENO : -1, POLLIN, 0}, {direct, POLLIN, 0}};
        for (sd_bus* const bus : buses) {
            waits.push_back({sd_bus_get_fd(bus), static_cast<short>(sd_bus_get_events(bus)), 0});
        }
        if (poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) {
            return;
        }
        if (waits[0].revents != 0) {
            signalfd_siginfo info{};
            static_cast<void>(read(signals, &info, sizeof(info)) == sizeof(info));
            children_ended();
        }
        if (waits[1].revents != 0) {
            char text[64];
            if (read(STDIN_FILENO, text, sizeof(text)) > 0) {
                line_came();
            } else {
                input = false;
            }
        }
        if (waits[2].revents != 0) {
            accept_direct(direct);
        }
    }
}

} // namespace

int main(int count, char** arguments) {
    if (count > 1 && std::strcmp(arguments[1], "--user") == 0) {
        --count;
        ++arguments;
    }
    if (count != 3) {
        return 2;
    }
    sigset_t ended;
    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    sigprocmask(SIG_BLOCK, &ended, nullptr);
    const int signals = signalfd(-1, &ended, SFD_CLOEXEC | SFD_NONBLOCK);
    make_units();
    int direct = -1;
    if (std::strcmp(arguments[1], "direct") == 0) {
        direct = direct_listener(arguments[2]);
        if (direct < 0) {
            return 1;
        }
    } else {
        sd_bus* bus = nullptr;
        if (sd_bus_new(&bus) < 0 || sd_bus_set_address(bus, arguments[2]) < 0 || sd_bus_set_bus_client(bus, 1) < 0 ||
            sd_bus_start(bus) < 0) {
            return 1;
        }
        serve(bus);
        if (sd_bus_request_name(bus, "org.freedesktop.systemd1", 0) < 0) {
            std::fputs("test_manager: the name could not be taken\n", stderr);
            return 1;
        }
    }
    std::puts("ready");
    std::fflush(stdout);
    run(direct, signals);
}
