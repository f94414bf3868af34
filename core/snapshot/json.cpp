// SPDX-License-Identifier: MIT
// The listing as JSON, schema version 1. The one user of nlohmann-json, which takes long to compile. Any thread.
#include "core/snapshot/json.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <ctime>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace portside::snapshot {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

template <typename T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

// RFC 3339, UTC, milliseconds.
std::string timestamp(WallTime time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(time - whole).count();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(whole);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                       utc.tm_hour, utc.tm_min, utc.tm_sec, rest);
}

Json time_json(const std::optional<WallTime>& time) {
    return time ? Json(timestamp(*time)) : Json(nullptr);
}

Json source_json(const platform::TableStatus& status) {
    switch (status.source) {
    case platform::Source::sock_diag:
        return "sock_diag";
    case platform::Source::proc:
        return "proc";
    case platform::Source::none:
        break;
    }
    return nullptr;
}

Json sources_json(const Snapshot& snapshot) {
    Json sources = Json::object();
    for (std::size_t table = 0; table < platform::kTableCount; ++table) {
        const auto& key = platform::kTables[table];
        const char* const version = key.family == platform::Family::ipv4 ? "4" : "6";
        sources[std::string(platform::to_string(key.protocol)) + version] = source_json(snapshot.tables[table]);
    }
    return sources;
}

Json socket_json(const Snapshot& snapshot, const platform::SocketEntry& socket) {
    const auto user = snapshot.users.find(socket.uid);
    Json json;
    json["family"] = platform::to_string(socket.family);
    json["local_address"] = platform::to_string(socket.local.address);
    json["interface"] = socket.interface.empty() ? Json(nullptr) : Json(socket.interface);
    json["state"] = to_string(socket.state);
    json["inode"] = socket.inode;
    json["uid"] = socket.uid;
    json["user"] = user == snapshot.users.end() ? std::to_string(socket.uid) : user->second;
    json["v6only"] = or_null(socket.v6only);
    json["cgroup_id"] = or_null(socket.cgroup_id);
    return json;
}

Json unit_json(const std::optional<platform::Unit>& unit) {
    return unit ? Json{{"name", unit->name}, {"manager_uid", or_null(unit->manager)}} : Json(nullptr);
}

Json container_json(const std::optional<platform::Container>& container) {
    if (!container) {
        return nullptr;
    }
    const auto known = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
    const bool docker = container->engine == platform::Engine::docker;
    return {{"engine", docker ? "docker" : "podman"}, {"id", known(container->id)}, {"name", known(container->name)}};
}

Json owner_json(const Snapshot& snapshot, const Owner& owner) {
    const Process* const process = snapshot.find_process(owner.id);
    Json json;
    json["pid"] = owner.id.pid;
    json["start_time"] = owner.id.start_time;
    json["pidfd_id"] = process != nullptr && process->pidfd_id != 0 ? Json(process->pidfd_id) : Json(nullptr);
    json["name"] = process != nullptr ? Json(process->name) : Json(nullptr);
    json["executable"] = process != nullptr ? or_null(process->executable) : Json(nullptr);
    json["command_line"] = process != nullptr ? or_null(process->command_line) : Json(nullptr);
    json["cwd"] = process != nullptr ? or_null(process->cwd) : Json(nullptr);
    json["project"] = process != nullptr ? or_null(process->project) : Json(nullptr);
    json["started_at"] = time_json(started_at(snapshot, owner.id));
    json["uid"] = process != nullptr ? or_null(process->uid) : Json(nullptr);
    json["user"] = process != nullptr && process->uid ? Json(process->user) : Json(nullptr);
    json["parent_pid"] = process != nullptr ? Json(process->parent) : Json(nullptr);
    json["knowledge"] = to_string(owner.knowledge);
    json["unit"] = process != nullptr ? unit_json(process->unit) : Json(nullptr);
    return json;
}

Json row_json(const Snapshot& snapshot, const Row& row, const RowTags* tags) {
    Json json;
    json["protocol"] = platform::to_string(row.key.protocol);
    json["port"] = row.key.port;
    json["state"] = to_string(row.state);
    json["exposure"] = to_string(row.exposure);
    json["sockets"] = Json::array();
    for (const auto& socket : row.sockets) {
        json["sockets"].push_back(socket_json(snapshot, socket));
    }
    json["owners"] = Json::array();
    for (const auto& owner : row.owners) {
        json["owners"].push_back(owner_json(snapshot, owner));
    }
    json["owner_unknown"] = row.unknown ? Json(to_string(*row.unknown)) : Json(nullptr);
    json["candidates"] = Json::array();
    for (const auto& candidate : row.candidates) {
        json["candidates"].push_back(owner_json(snapshot, candidate));
    }
    json["since"] = time_json(since_of(snapshot, row));
    json["unit"] = unit_json(row.unit);
    json["container"] = container_json(row.container);
    const auto index = static_cast<std::uint32_t>(&row - snapshot.rows.data());
    const auto label = tags != nullptr ? tags->label(index) : std::string_view();
    json["label"] = label.empty() ? Json(nullptr) : Json(label);
    json["favourite"] = tags != nullptr && (tags->bits[index] & kTagFavourite) != 0;
    return json;
}

// What a privileged `list --json` may measure at most; far above any machine's real listing.
constexpr std::size_t kMostJsonBytes = 64U << 20;
constexpr std::size_t kMostOwners = 100'000;
constexpr int kDeepest = 8;

// A member of an object, or null where `json` is no object or has no such member.
const Json& member(const Json& json, const char* key) {
    static const Json nothing = nullptr;
    const auto found = json.is_object() ? json.find(key) : json.end();
    return json.is_object() && found != json.end() ? *found : nothing;
}

template <typename T>
std::optional<T> number_in(const Json& json) {
    if (!json.is_number_unsigned() ||
        json.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<T>::max())) {
        return std::nullopt;
    }
    return static_cast<T>(json.get<std::uint64_t>());
}

std::optional<platform::Address> address_in(const Json& socket) {
    const Json& family = member(socket, "family");
    const Json& text = member(socket, "local_address");
    if (!text.is_string() || (family != "ipv4" && family != "ipv6")) {
        return std::nullopt;
    }
    platform::Address address;
    address.family = family == "ipv4" ? platform::Family::ipv4 : platform::Family::ipv6;
    const int domain = address.family == platform::Family::ipv4 ? AF_INET : AF_INET6;
    const auto& presentation = text.get_ref<const std::string&>();
    if (presentation.find('\0') != std::string::npos ||
        ::inet_pton(domain, presentation.c_str(), address.bytes.data()) != 1) {
        return std::nullopt;
    }
    return address;
}

// Appends one entry for each socket and each holding owner of the row; false when the row has not its documented form.
bool add_row(const Json& row, WallTime seen_at, std::vector<PrivilegedOwner>& owners) {
    const auto port = number_in<std::uint16_t>(member(row, "port"));
    const Json& sockets = member(row, "sockets");
    const Json& holders = member(row, "owners");
    if (!port || !sockets.is_array() || !holders.is_array()) {
        return false;
    }
    std::vector<ProcessId> processes;
    for (const auto& holder : holders) {
        const auto pid = number_in<pid_t>(member(holder, "pid"));
        const auto start_time = number_in<std::uint64_t>(member(holder, "start_time"));
        if (!pid || *pid == 0 || !start_time || !member(holder, "knowledge").is_string()) {
            return false;
        }
        if (member(holder, "knowledge") == to_string(Knowledge::holds)) {
            processes.push_back(ProcessId{*pid, *start_time});
        }
    }
    for (const auto& socket : sockets) {
        const auto inode = number_in<std::uint64_t>(member(socket, "inode"));
        const auto uid = number_in<uid_t>(member(socket, "uid"));
        const auto address = address_in(socket);
        if (!inode || !uid || !address || owners.size() + processes.size() > kMostOwners) {
            return false;
        }
        for (const auto& process : processes) {
            owners.push_back(PrivilegedOwner{*inode, *uid, platform::Endpoint{*address, *port}, process, seen_at});
        }
    }
    return true;
}

} // namespace

std::string to_json(const Snapshot& snapshot, const Arrangement& arrangement, const RowTags* tags) {
    std::vector<std::uint32_t> indices = arrangement.rows;
    std::sort(indices.begin(), indices.end());
    Json json;
    json["version"] = kVersion;
    json["taken_at"] = timestamp(snapshot.taken_at);
    json["sources"] = sources_json(snapshot);
    json["scan_microseconds"] = snapshot.scan_cost.count();
    json["rows"] = Json::array();
    for (const auto index : indices) {
        json["rows"].push_back(row_json(snapshot, snapshot.rows[index], tags));
    }
    json["notes"] = Json::array();
    for (const auto& note : snapshot.notes) {
        json["notes"].push_back(Json{{"code", note.code}, {"text", note.text}});
    }
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

base::Result<std::vector<PrivilegedOwner>> privileged_owners_from_json(std::string_view json, WallTime seen_at) {
    const auto malformed = [](std::string_view what) {
        return base::failed(base::ErrorKind::malformed,
                            fmt::format("The administrator's listing could not be understood: {}.", what));
    };
    if (json.size() > kMostJsonBytes) {
        return malformed("it is too long");
    }
    // Deeper levels than the schema has are dropped while reading, so that nesting cannot take memory.
    const auto keep = [](int depth, Json::parse_event_t /*event*/, const Json& /*value*/) { return depth <= kDeepest; };
    const Json answer = Json::parse(json, keep, false);
    if (answer.is_discarded() || !answer.is_object()) {
        return malformed("it is no JSON object");
    }
    if (member(answer, "version") != kVersion) {
        return malformed("it is not of schema version 1");
    }
    if (!member(answer, "rows").is_array()) {
        return malformed("it has no rows");
    }
    std::vector<PrivilegedOwner> owners;
    for (const auto& row : member(answer, "rows")) {
        if (!add_row(row, seen_at, owners)) {
            return malformed("a row has not the documented form");
        }
    }
    return owners;
}

} // namespace portside::snapshot
