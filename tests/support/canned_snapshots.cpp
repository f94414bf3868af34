// SPDX-License-Identifier: MIT
// Snapshots and models made by hand. Any thread.
#include "tests/support/canned_snapshots.h"

#include <algorithm>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace portside::canned {

namespace {

using snapshot::Exposure;
using snapshot::Unknown;

constexpr std::uint64_t kFirstInode = 40000;

uid_t uid_of(const std::string& user) {
    if (user == "root") {
        return 0;
    }
    return user == "me" ? kMe : static_cast<uid_t>(100 + user.size());
}

platform::Address address_of(const std::string& text) {
    platform::Address address;
    const std::string bare = text == "*" ? "::" : text.substr(0, text.find('%'));
    address.family = bare.find(':') == std::string::npos ? platform::Family::ipv4 : platform::Family::ipv6;
    inet_pton(address.family == platform::Family::ipv4 ? AF_INET : AF_INET6, bare.c_str(), address.bytes.data());
    return address;
}

platform::SocketEntry socket_of(const RowWords& words, const std::string& text, std::uint64_t inode) {
    platform::SocketEntry socket;
    socket.protocol = words.protocol;
    socket.state = words.state;
    socket.local = {.address = address_of(text), .port = words.port};
    socket.family = socket.local.address.family;
    if (socket.family == platform::Family::ipv6) {
        socket.v6only = text != "*";
    }
    if (const auto zone = text.find('%'); zone != std::string::npos) {
        socket.interface = text.substr(zone + 1);
    }
    socket.inode = inode;
    socket.uid = uid_of(words.user);
    return socket;
}

snapshot::Process process_of(const RowWords& words, pid_t pid, pid_t parent) {
    snapshot::Process process;
    process.id = {.pid = pid, .start_time = static_cast<std::uint64_t>(pid) * 100};
    process.parent = parent;
    process.uid = uid_of(words.user);
    process.user = words.user;
    process.name = words.name;
    process.executable = fmt::format("/usr/bin/{}", words.name);
    process.command_line = words.command_line.empty() ? std::vector<std::string>{words.name} : words.command_line;
    process.command_text = fmt::format("{}", fmt::join(*process.command_line, " "));
    if (!words.cwd.empty()) {
        process.cwd = words.cwd;
    }
    if (!words.project.empty()) {
        process.project = words.project;
    }
    return process;
}

snapshot::Row row_of(const RowWords& words, std::uint64_t first_inode) {
    snapshot::Row row;
    row.key.protocol = words.protocol;
    row.key.port = words.port;
    row.state = words.state;
    row.exposure = words.exposure;
    for (const std::string& address : words.addresses) {
        row.sockets.push_back(socket_of(words, address, first_inode++));
    }
    for (int i = 0; words.pid != 0 && i <= words.workers; ++i) {
        const pid_t pid = words.pid + i;
        snapshot::Owner owner;
        owner.id = {.pid = pid, .start_time = static_cast<std::uint64_t>(pid) * 100};
        row.owners.push_back(owner);
    }
    if (row.owners.empty()) {
        row.key.holder = snapshot::RowKey::Unowned{.uid = uid_of(words.user), .cgroup_id = first_inode};
        row.unknown = Unknown::not_permitted;
    } else {
        row.key.holder = row.owners.front().id;
    }
    for (const CandidateWords& candidate : words.candidates) {
        const auto start_time = static_cast<std::uint64_t>(candidate.pid) * 100;
        row.candidates.push_back({{candidate.pid, start_time}, snapshot::Knowledge::candidate, {}});
    }
    if (!words.unit.empty()) {
        row.unit = platform::Unit{words.unit, words.unit_of};
    }
    if (!words.container.empty()) {
        row.container = platform::Container{platform::Engine::docker, "4c01db0b339c5a7e", words.container};
    }
    row.port_text = fmt::format("{}", words.port);
    row.addresses = words.addresses;
    row.address_text = fmt::format("{}", fmt::join(words.addresses, "  "));
    row.user = words.user;
    return row;
}

void add_ancestors(std::map<pid_t, snapshot::Process>& processes) {
    RowWords words{.name = "systemd", .user = "root"};
    processes.try_emplace(1, process_of(words, 1, 0));
    words.name = "bash";
    words.user = "me";
    processes.try_emplace(4100, process_of(words, 4100, 1));
}

} // namespace

snapshot::SnapshotPtr snapshot_of(const std::vector<RowWords>& rows, std::uint64_t generation) {
    auto made = std::make_shared<snapshot::Snapshot>();
    made->generation = generation;
    made->scan_cost = std::chrono::microseconds{480};
    for (platform::TableStatus& table : made->tables) {
        table.source = platform::Source::sock_diag;
    }
    std::map<pid_t, snapshot::Process> processes;
    add_ancestors(processes);
    for (const RowWords& words : rows) {
        // Inodes follow from the port, so that the same words are the same sockets in another snapshot.
        const std::uint64_t inode =
            kFirstInode + std::uint64_t{words.port} * 16 + (words.protocol == platform::Protocol::udp ? 8 : 0);
        made->rows.push_back(row_of(words, inode));
        for (int i = 0; words.pid != 0 && i <= words.workers; ++i) {
            const pid_t parent = i > 0 ? words.pid : (words.user == "me" ? 4100 : 1);
            processes.insert_or_assign(words.pid + i, process_of(words, words.pid + i, parent));
        }
        for (const CandidateWords& candidate : words.candidates) {
            processes.insert_or_assign(candidate.pid,
                                       process_of({.name = candidate.name, .user = words.user}, candidate.pid, 1));
        }
        made->users.insert_or_assign(uid_of(words.user), words.user);
    }
    for (auto& [pid, process] : processes) {
        made->processes.push_back(std::move(process));
    }
    return made;
}

snapshot::SnapshotPtr developer_machine() {
    using platform::Protocol;
    const std::vector<std::string> everywhere{"*"};
    std::vector<RowWords> rows{
        {.port = 22,
         .name = "",
         .user = "root",
         .addresses = {"0.0.0.0", "::"},
         .exposure = Exposure::all,
         .unit = "ssh.service",
         .candidates = {{812, "sshd"}}},
        {.port = 53,
         .protocol = Protocol::udp,
         .name = "",
         .user = "resolve",
         .addresses = {"127.0.0.53"},
         .unit = "systemd-resolved.service",
         .candidates = {{590, "systemd-resolved"}}},
        {.port = 631, .name = "", .user = "root", .addresses = {"127.0.0.1", "::1"}},
        {.port = 3000,
         .pid = 48213,
         .name = "vite",
         .cwd = "/home/me/src/shop",
         .command_line = {"vite", "--port", "3000"},
         .addresses = {"127.0.0.1", "::1"},
         .project = "/home/me/src/shop"},
        {.port = 3001,
         .pid = 48377,
         .name = "next dev",
         .cwd = "/home/me/src/blog",
         .addresses = everywhere,
         .exposure = Exposure::all,
         .unit = "preview.service",
         .unit_of = kMe},
        {.port = 4000,
         .pid = 47112,
         .name = "gunicorn",
         .cwd = "/home/me/src/api",
         .command_line = {"gunicorn", "api.wsgi", "--workers", "4"},
         .workers = 4},
        {.port = 5173, .pid = 50102, .name = "vite", .cwd = "/home/me/src/portal"},
        {.port = 5353,
         .protocol = Protocol::udp,
         .pid = 701,
         .name = "avahi-daemon",
         .user = "avahi",
         .command_line = {"avahi-daemon:", "running [laptop.local]"},
         .addresses = everywhere,
         .exposure = Exposure::all},
        {.port = 5432,
         .pid = 1187,
         .name = "postgres",
         .user = "postgres",
         .command_line = {"/usr/lib/postgresql/15/bin/postgres", "-D", "/var/lib/postgresql/15/main"},
         .addresses = {"127.0.0.1", "::1"},
         .unit = "postgresql@15-main.service"},
        {.port = 6379,
         .pid = 39001,
         .name = "redis-server",
         .cwd = "/home/me/src/shop/data",
         .addresses = {"127.0.0.1", "::1"},
         .project = "/home/me/src/shop"},
        {.port = 8080,
         .pid = 2210,
         .name = "docker-proxy",
         .user = "root",
         .command_line = {"/usr/bin/docker-proxy", "-proto", "tcp", "-host-port", "8080"},
         .addresses = {"172.17.0.1"},
         .exposure = Exposure::interface,
         .unit = "docker.service",
         .container = "web"},
        {.port = 8888, .pid = 39020, .name = "jupyter-lab", .cwd = "/home/me/notebooks"},
        {.port = 9229,
         .pid = 48391,
         .name = "server.js",
         .cwd = "/home/me/src/blog",
         .command_line = {"node", "--inspect", "server.js"}},
        {.port = 24678,
         .pid = 48213,
         .name = "vite",
         .cwd = "/home/me/src/shop",
         .command_line = {"vite", "--port", "3000"},
         .project = "/home/me/src/shop"},
    };
    return snapshot_of(rows);
}

snapshot::SnapshotPtr hostile_names() {
    const std::string long_word(3000, 'w');
    return snapshot_of({
        {.port = 1,
         .pid = 11,
         .name = "%s%n%x%1000000d",
         .cwd = "/home/me/%s",
         .command_line = {"%s", "%n", "{}", "{0}"}},
        {.port = 2, .pid = 12, .name = "a##b###c", .user = "##", .command_line = {"x", "##same", "###same"}},
        {.port = 3, .pid = 13, .name = "###", .user = "", .command_line = {"x", long_word}},
        {.port = 4, .pid = 14, .name = long_word, .cwd = "/home/me/" + long_word},
        {.port = 5, .pid = 15, .name = "", .user = ""},
        {.port = 6, .pid = 16, .name = "\xEF\xBF\xBD\xEF\xBF\xBD", .command_line = {"", "", ""}},
    });
}

snapshot::SnapshotPtr many_rows(std::size_t count) {
    std::vector<RowWords> rows;
    for (std::size_t i = 0; i < count; ++i) {
        rows.push_back({.port = static_cast<std::uint16_t>(1024 + i),
                        .pid = static_cast<pid_t>(10000 + i),
                        .name = "node",
                        .cwd = "/home/me/src/shop"});
    }
    return snapshot_of(rows);
}

ui::Model model_of(snapshot::SnapshotPtr snapshot, ui::SteadyTime now) {
    ui::Model model;
    model.snapshot = std::move(snapshot);
    model.home = kHome;
    model.now = now;
    model.current_uid = kMe;
    for (std::uint32_t i = 0; i < model.snapshot->rows.size(); ++i) {
        model.arrangement.rows.push_back(i);
    }
    model.tags = snapshot::tags_of(*model.snapshot, {}, {kMe, kMe});
    model.view_counts = snapshot::count_views(*model.tags, {});
    return model;
}

ui::Model aged(ui::Model model) {
    using namespace std::chrono_literals;
    const snapshot::WallTime boot(std::chrono::seconds(1'795'507'200)); // Tue 24 Nov 2026 08:00 UTC
    auto made = std::make_shared<snapshot::Snapshot>(*model.snapshot);
    made->booted_at = boot;
    model.clock = boot + 13h + 56min + 20s;
    for (auto& row : made->rows) {
        row.seen_at = boot + 13h + 30min;
    }
    model.snapshot = std::move(made);
    return model;
}

ui::Model with_details(ui::Model model, std::uint16_t port) {
    const auto& rows = model.snapshot->rows;
    const auto row = std::ranges::find(rows, port, [](const auto& one) { return one.key.port; });
    auto details = std::make_shared<snapshot::ProcessDetails>();
    details->row = row->key;
    details->usage = platform::ProcessUsage{.start_time = 0,
                                            .cpu = std::chrono::seconds(73),
                                            .threads = 11,
                                            .resident_bytes = std::uint64_t{182} << 20U,
                                            .proportional_bytes = std::uint64_t{121} << 20U,
                                            .session = 4100,
                                            .terminal = "pts/3"};
    details->cpu_percent = 4;
    platform::ConnectionList list;
    for (const std::uint16_t peer : {51022, 51024, 51040}) {
        list.some.push_back({{address_of("127.0.0.1"), port}, {address_of("127.0.0.1"), peer}});
    }
    list.some.push_back({{address_of("127.0.0.1"), 41200}, {address_of("127.0.0.1"), 5432}});
    list.count = list.some.size();
    details->connections = list;
    model.details = std::move(details);
    return model;
}

ui::Model with_connections(ui::Model model, std::uint16_t port) {
    using platform::ConnectionState;
    const auto& rows = model.snapshot->rows;
    auto told = std::make_shared<snapshot::RowConnections>();
    told->row = std::ranges::find(rows, port, [](const auto& one) { return one.key.port; })->key;
    const auto add = [&](const char* from, std::uint16_t remote_port, ConnectionState state, pid_t pid,
                         const char* name) {
        snapshot::RowConnection one;
        one.local.port = port;
        one.remote = {address_of(from), remote_port};
        one.state = state;
        one.remote_text = snapshot::endpoint_text(one.remote);
        one.is_local = pid != 0;
        one.peer = {pid, static_cast<std::uint64_t>(pid) * 100};
        one.peer_name = name;
        told->some.push_back(one);
    };
    add("127.0.0.1", 51022, ConnectionState::established, 46210, "firefox");
    add("127.0.0.1", 51024, ConnectionState::established, 46210, "firefox");
    add("127.0.0.1", 51188, ConnectionState::close_wait, 48391, "server.js");
    add("192.168.1.40", 60112, ConnectionState::established, 0, "");
    told->count = 1208;
    model.connections = std::move(told);
    return model;
}

ui::RowMark& mark(ui::Model& model, std::uint32_t row) {
    auto at = std::ranges::lower_bound(model.marks, row, {}, &ui::RowMark::row);
    if (at == model.marks.end() || at->row != row) {
        at = model.marks.insert(at, ui::RowMark{.row = row});
    }
    return *at;
}

ui::Model busy_model(ui::SteadyTime now) {
    using namespace std::chrono_literals;
    using ui::KillPhase;
    using ui::RowAction;
    ui::Model model = model_of(developer_machine(), now);
    const auto index_of = [&model](std::uint16_t port) {
        const auto at = std::ranges::find(model.snapshot->rows, port, [](const auto& row) { return row.key.port; });
        return static_cast<std::uint32_t>(at - model.snapshot->rows.begin());
    };
    const auto set = [&](std::uint16_t port, RowAction action, KillPhase phase, const char* text) {
        mark(model, index_of(port)).action = action;
        mark(model, index_of(port)).status = {.phase = phase, .text = text};
    };
    set(3000, RowAction::none, KillPhase::asked, "asked to stop");
    set(8888, RowAction::force_kill, KillPhase::still_running, "still running after 5 s");
    set(6379, RowAction::kill, KillPhase::refused, "refused: it is not the process that the row showed any more");
    mark(model, index_of(5173)).new_since = now - 200ms;
    model.notices.push_back({.id = 1,
                             .tone = ui::Notice::Tone::good,
                             .text = "Port 4200 is free. ng (47090) ended after 0.2 s.",
                             .shown_at = now - 1s});
    auto changed = std::make_shared<snapshot::Snapshot>(*model.snapshot);
    changed->notes.push_back({.code = "not_permitted", .text = "Other users' processes are not visible to you."});
    auto& told = changed->rows[index_of(5432)].owners.front();
    told.knowledge = snapshot::Knowledge::administrator;
    told.seen_at = snapshot::WallTime(12h + 3min);
    model.snapshot = std::move(changed);
    return model;
}

ui::Model asking_model(ui::SteadyTime now) {
    using namespace std::chrono_literals;
    using ui::RowAction;
    using Tone = ui::Notice::Tone;
    ui::Model model = model_of(developer_machine(), now);
    const auto& rows = model.snapshot->rows;
    const auto preview = std::ranges::find(rows, 3001, [](const auto& row) { return row.key.port; });
    model.question = ui::Question{.row = preview->key,
                                  .text = "preview.service has Restart=always: systemd will start it again.",
                                  .answers = {{RowAction::stop_unit, "Stop unit"}, {RowAction::kill, "Kill anyway"}}};
    const auto add = [&](Tone tone, const char* text) {
        model.notices.push_back({model.notices.size() + 1, tone, text, now - 1s});
    };
    add(Tone::bad, "server.js (48391) was not killed: the number means another process now. Nothing was sent.");
    add(Tone::mixed, "node (48002) ended after 0.2 s, but node (48731), started by supervisord (912), took port 4200 "
                     "again after 0.4 s.");
    add(Tone::good, "Port 4300 is free. ng (47090) ended after 0.2 s.");
    return model;
}

} // namespace portside::canned
