// SPDX-License-Identifier: MIT
// The one file of this room that reads JSON (nlohmann-json takes long to compile). Pure; any thread.
#include "core/base/text.h"
#include "core/supervisors/container_list.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace portside::supervisors {

namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 8; // the documented form has six levels
constexpr std::size_t kMostContainers = 10'000;
constexpr std::size_t kMostPorts = 70'000;

Json parse(std::string_view text) {
    const auto keep = [](int depth, Json::parse_event_t /*event*/, const Json& /*value*/) { return depth <= kDeepest; };
    return Json::parse(text, keep, false);
}

const Json& member(const Json& json, const char* key) {
    static const Json nothing = nullptr;
    const auto found = json.is_object() ? json.find(key) : json.end();
    return json.is_object() && found != json.end() ? *found : nothing;
}

std::string text_in(const Json& json, std::size_t most = 300) {
    return json.is_string() ? base::sanitise(json.get_ref<const std::string&>(), most) : std::string{};
}

std::uint16_t port_in(const Json& json) {
    const bool fits = json.is_number_unsigned() && json.get<std::uint64_t>() <= 65535;
    return fits ? static_cast<std::uint16_t>(json.get<std::uint64_t>()) : std::uint16_t{0};
}

std::vector<PublishedPort> ports_in(const Json& json) {
    std::vector<PublishedPort> ports;
    if (!json.is_array() || json.size() > kMostPorts) {
        return ports;
    }
    for (const auto& entry : json) {
        const auto& type = member(entry, "Type");
        const auto host_port = port_in(member(entry, "PublicPort")); // missing: the port is not published
        if (host_port == 0 || (type != "tcp" && type != "udp")) {
            continue;
        }
        ports.push_back({text_in(member(entry, "IP"), 64), host_port, port_in(member(entry, "PrivatePort")),
                         type == "tcp" ? platform::Protocol::tcp : platform::Protocol::udp});
    }
    return ports;
}

std::vector<std::string> addresses_in(const Json& networks) {
    std::vector<std::string> addresses;
    if (!networks.is_object()) {
        return addresses;
    }
    for (const auto& [name, network] : networks.items()) {
        for (const char* const key : {"IPAddress", "GlobalIPv6Address"}) {
            auto address = text_in(member(network, key), 64);
            if (!address.empty()) {
                addresses.push_back(std::move(address));
            }
        }
    }
    return addresses;
}

} // namespace

base::Result<std::vector<ListedContainer>> container_list_from_json(std::string_view json) {
    const auto malformed = [](const char* what) {
        return base::failed(base::ErrorKind::malformed,
                            fmt::format("The list of containers could not be understood: {}.", what));
    };
    const Json answer = parse(json);
    if (answer.is_discarded() || !answer.is_array()) {
        return malformed("it is no JSON list");
    }
    if (answer.size() > kMostContainers) {
        return malformed("it is too long");
    }
    std::vector<ListedContainer> containers;
    containers.reserve(answer.size());
    for (const auto& entry : answer) {
        const auto& id = member(entry, "Id");
        if (!id.is_string() || !is_container_id(id.get_ref<const std::string&>())) {
            return malformed("a container has no id");
        }
        ListedContainer container;
        container.id = id.get<std::string>();
        const auto& names = member(entry, "Names");
        if (names.is_array() && !names.empty()) {
            container.name = text_in(names.front());
            container.name.erase(0, container.name.starts_with('/') ? 1 : 0);
        }
        container.image = text_in(member(entry, "Image"));
        container.ports = ports_in(member(entry, "Ports"));
        container.addresses = addresses_in(member(member(entry, "NetworkSettings"), "Networks"));
        containers.push_back(std::move(container));
    }
    return containers;
}

std::string message_from_json(std::string_view json) {
    return text_in(member(parse(json), "message"));
}

} // namespace portside::supervisors
