// SPDX-License-Identifier: MIT
// A manager answers no question "who listens there?", so each of its active .socket units is asked. One object belongs
// to one thread.
#include "core/supervisors/socket_search.h"

#include "core/base/parse.h"
#include "core/supervisors/unit_facts.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <optional>

namespace portside::supervisors {

namespace {

constexpr std::size_t kMostUnits = 1024;
constexpr std::size_t kMostListens = 256; // of one unit

std::optional<platform::Address> address_in(std::string_view text, platform::Family family) {
    platform::Address address{family, {}};
    const bool read = ::inet_pton(family == platform::Family::ipv4 ? AF_INET : AF_INET6, std::string(text).c_str(),
                                  address.bytes.data()) == 1;
    return read ? std::optional(address) : std::nullopt;
}

// "[::1]:631%2": the zone stands behind the port. The sockets of all zones of one address share a row.
std::optional<platform::Endpoint> endpoint_in(std::string_view text) {
    const bool brackets = text.starts_with('[');
    const auto port_at = text.rfind(brackets ? "]:" : ":");
    if (port_at == std::string_view::npos) {
        return std::nullopt;
    }
    auto port_text = text.substr(port_at + (brackets ? 2 : 1));
    port_text = brackets ? port_text.substr(0, port_text.find('%')) : port_text;
    const auto port = base::parse_number<std::uint16_t>(port_text);
    const auto address = brackets ? address_in(text.substr(1, port_at - 1), platform::Family::ipv6)
                                  : address_in(text.substr(0, port_at), platform::Family::ipv4);
    return port && address ? std::optional(platform::Endpoint{*address, *port}) : std::nullopt;
}

} // namespace

bool listens_on(std::string_view type, std::string_view address, const platform::ManagerSockets& sockets) {
    if (type != (sockets.protocol == platform::Protocol::tcp ? "Stream" : "Datagram")) {
        return false;
    }
    const auto& endpoints = sockets.endpoints;
    if (const auto port = base::parse_number<std::uint16_t>(address)) {
        return std::any_of(endpoints.begin(), endpoints.end(), [&](const platform::Endpoint& one) {
            return one.port == *port && platform::is_wildcard(one.address);
        });
    }
    const auto endpoint = endpoint_in(address);
    return endpoint && std::find(endpoints.begin(), endpoints.end(), *endpoint) != endpoints.end();
}

bool SocketSearch::take_list(sd_bus_message* reply) {
    const auto& bus = questions_.library();
    if (bus.enter_container(reply, 'a', "(ssssssouso)") <= 0) {
        return false;
    }
    std::size_t units = 0;
    std::array<const char*, 7> texts{}; // name, description, load, active and sub state, followed unit, path
    std::uint32_t job = 0;
    std::array<const char*, 2> job_texts{};
    while (units < kMostUnits && bus.read(reply, "(ssssssouso)", &texts[0], &texts[1], &texts[2], &texts[3], &texts[4],
                                          &texts[5], &texts[6], &job, &job_texts[0], &job_texts[1]) > 0) {
        const std::string_view name = texts[0];
        const std::string_view state = texts[3];
        if (is_unit_name(name) && name.ends_with(".socket") && state != "inactive" && state != "failed") {
            ++units;
            ask_where({std::string(name), texts[6]});
        }
    }
    return true;
}

void SocketSearch::ask_where(const Found& unit) {
    questions_.ask_property(unit.path, kSocketInterface, "Listen", [this, unit](sd_bus_message* value) {
        const auto& bus = questions_.library();
        const char* type = nullptr;
        const char* address = nullptr;
        bool listens = false;
        if (bus.enter_container(value, 'a', "(ss)") > 0) {
            for (std::size_t i = 0; i < kMostListens && bus.read(value, "(ss)", &type, &address) > 0; ++i) {
                listens = listens || listens_on(type, address, sockets_);
            }
        }
        if (listens) {
            found_.push_back(unit);
        }
    });
}

std::vector<SocketSearch::Found> SocketSearch::found() const {
    auto sorted = found_;
    std::sort(sorted.begin(), sorted.end(), [](const Found& a, const Found& b) { return a.unit < b.unit; });
    return sorted;
}

} // namespace portside::supervisors
