// SPDX-License-Identifier: MIT
// Which container is meant, without the JSON. Pure; any thread.
#include "core/supervisors/container_list.h"

#include <algorithm>

namespace portside::supervisors {

namespace {

bool has(const std::vector<std::string>& addresses, const std::string& address) {
    return std::find(addresses.begin(), addresses.end(), address) != addresses.end();
}

bool publishes(const ListedContainer& container, const ContainerWish& wish) {
    const auto fits = [&](const PublishedPort& port) {
        if (port.host_port != wish.port || port.protocol != wish.protocol) {
            return false;
        }
        if (!wish.forward) {
            return true;
        }
        const auto& forward = *wish.forward;
        return (!forward.container_port || port.container_port == *forward.container_port) &&
               (forward.host_address.empty() || port.host_address.empty() || port.host_address == forward.host_address);
    };
    // Its own address is the surest sign; an engine that tells none (host network, podman) leaves the port.
    if (wish.forward && !wish.forward->container_address.empty() && !container.addresses.empty() &&
        !has(container.addresses, wish.forward->container_address)) {
        return false;
    }
    return std::any_of(container.ports.begin(), container.ports.end(), fits);
}

} // namespace

bool is_container_id(std::string_view id) {
    return id.size() >= 12 && id.size() <= 64 &&
           std::all_of(id.begin(), id.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::vector<ListedContainer> matching(const std::vector<ListedContainer>& containers, const ContainerWish& wish) {
    std::vector<ListedContainer> found;
    for (const auto& container : containers) {
        const bool meant = wish.container.id.empty()
                               ? publishes(container, wish)
                               : is_container_id(wish.container.id) && container.id.starts_with(wish.container.id);
        if (meant) {
            found.push_back(container);
        }
    }
    return found;
}

} // namespace portside::supervisors
