// SPDX-License-Identifier: MIT
// docker-proxy is known by its arguments, the others by their name and by what shows that an engine started them:
// pasta, slirp4netns and gvproxy serve other purposes too. Pure; any thread.
#include "core/platform/port_forwarder.h"

#include "core/base/parse.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>

namespace portside::platform {

namespace {

bool is_address(const std::string& text) {
    std::array<unsigned char, 16> bytes{};
    return text.size() < INET6_ADDRSTRLEN && text.find('\0') == std::string::npos &&
           (::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
            ::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1);
}

// The value of "-name value", "--name value" or "-name=value" (Go's flag package reads all of them alike).
std::optional<std::string> value_of(std::span<const std::string> arguments, std::string_view name) {
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        std::string_view word = arguments[i];
        if (!word.starts_with('-')) {
            continue;
        }
        word.remove_prefix(word.starts_with("--") ? 2 : 1);
        if (word == name && i + 1 < arguments.size()) {
            return arguments[i + 1];
        }
        if (word.starts_with(name) && word.size() > name.size() && word[name.size()] == '=') {
            return std::string(word.substr(name.size() + 1));
        }
    }
    return std::nullopt;
}

std::optional<std::uint16_t> port_in(const std::optional<std::string>& text) {
    const auto port = text ? base::parse_number<std::uint16_t>(*text) : std::nullopt;
    return port && *port != 0 ? port : std::nullopt;
}

bool any_holds(std::span<const std::string> arguments, std::string_view part) {
    return std::any_of(arguments.begin(), arguments.end(),
                       [part](const std::string& argument) { return argument.find(part) != std::string::npos; });
}

std::optional<Forward> docker_proxy(std::span<const std::string> arguments) {
    Forward forward;
    const auto protocol = value_of(arguments, "proto");
    if (protocol == "tcp" || protocol == "udp") {
        forward.protocol = protocol == "tcp" ? Protocol::tcp : Protocol::udp;
    }
    forward.host_port = port_in(value_of(arguments, "host-port"));
    forward.container_port = port_in(value_of(arguments, "container-port"));
    const auto host = value_of(arguments, "host-ip");
    const auto container = value_of(arguments, "container-ip");
    if (!forward.host_port || !forward.container_port || !container || !is_address(*container)) {
        return std::nullopt;
    }
    forward.container_address = *container;
    if (host && is_address(*host)) {
        forward.host_address = *host;
    }
    return forward;
}

Forward of(Engine engine) {
    Forward forward;
    forward.engine = engine;
    return forward;
}

} // namespace

std::optional<Forward> forwarded_by(std::string_view program, std::span<const std::string> arguments) {
    if (program == "docker-proxy" || program == "rootlesskit-docker-proxy") {
        return docker_proxy(arguments);
    }
    if (program == "rootlessport" || program == "containers-rootlessport") {
        return of(Engine::podman);
    }
    if (program == "rootlesskit" && any_holds(arguments, "dockerd")) {
        return of(Engine::docker);
    }
    // Podman names each container's namespace /run/user/UID/netns/netns-NUMBER (as root: /run/netns/netns-NUMBER).
    const bool for_namespace = any_holds(arguments, "/netns/netns-");
    const bool pasta = program == "pasta" || program == "pasta.avx2" || program == "passt" || program == "passt.avx2";
    if ((pasta || program == "slirp4netns") && for_namespace) {
        return of(Engine::podman);
    }
    if (program == "gvproxy" && any_holds(arguments, "podman")) {
        return of(Engine::podman);
    }
    return std::nullopt;
}

} // namespace portside::platform
