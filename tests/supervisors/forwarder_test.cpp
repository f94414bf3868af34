// SPDX-License-Identifier: MIT
// core/platform/port_forwarder: who forwards a port for a container, by name and arguments.
#include "core/platform/port_forwarder.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using portside::platform::Engine;
using portside::platform::forwarded_by;
using portside::platform::Protocol;
using Words = std::vector<std::string>;

TEST_CASE("forwarder - docker-proxy tells all by its arguments") {
    const Words words{"/usr/bin/docker-proxy",
                      "-proto",
                      "tcp",
                      "-host-ip",
                      "0.0.0.0",
                      "-host-port",
                      "8080",
                      "-container-ip",
                      "172.17.0.2",
                      "-container-port",
                      "80",
                      "-use-listen-fd"};
    const auto forward = forwarded_by("docker-proxy", words);
    REQUIRE(forward.has_value());
    CHECK(forward->engine == Engine::docker);
    CHECK(forward->protocol == Protocol::tcp);
    CHECK(forward->host_address == "0.0.0.0");
    CHECK(forward->host_port == 8080);
    CHECK(forward->container_address == "172.17.0.2");
    CHECK(forward->container_port == 80);
}

TEST_CASE("forwarder - arguments with two dashes or an equals sign are read alike") {
    const auto forward = forwarded_by("docker-proxy", Words{"docker-proxy", "--proto=udp", "-host-ip=::", "--host-port",
                                                            "53", "-container-ip=fd00::2", "-container-port=5353"});
    REQUIRE(forward.has_value());
    CHECK(forward->protocol == Protocol::udp);
    CHECK(forward->host_address == "::");
    CHECK(forward->container_address == "fd00::2");
    CHECK(forward->container_port == 5353);
}

TEST_CASE("forwarder - what only bears the name is none") {
    CHECK_FALSE(forwarded_by("docker-proxy", Words{}));
    CHECK_FALSE(forwarded_by("docker-proxy", Words{"docker-proxy"}));
    CHECK_FALSE(forwarded_by("docker-proxy", Words{"docker-proxy", "-host-port"}));
    CHECK_FALSE(forwarded_by("docker-proxy", Words{"docker-proxy", "-host-port", "80800", "-container-ip", "10.0.0.1",
                                                   "-container-port", "80"}));
    CHECK_FALSE(forwarded_by("docker-proxy", Words{"docker-proxy", "-host-port", "80", "-container-ip",
                                                   "\x1b[2J; rm -rf", "-container-port", "80"}));
    CHECK_FALSE(forwarded_by("docker-proxy", Words{"docker-proxy", "-host-port", "0", "-container-ip", "10.0.0.1",
                                                   "-container-port", "80"}));
}

TEST_CASE("forwarder - an address that is none is left out") {
    const auto forward =
        forwarded_by("docker-proxy", Words{"docker-proxy", "-host-ip", std::string("1.2.3.4\0x", 9), "-host-port", "80",
                                           "-container-ip", "10.0.0.1", "-container-port", "80", "-proto", "sctp"});
    REQUIRE(forward.has_value());
    CHECK(forward->host_address.empty());
    CHECK_FALSE(forward->protocol.has_value());
}

TEST_CASE("forwarder - the helpers of rootless engines") {
    const auto engine = [](const char* program, Words words) -> std::optional<Engine> {
        words.insert(words.begin(), program);
        const auto forward = forwarded_by(program, words);
        return forward ? std::optional(forward->engine) : std::nullopt;
    };
    CHECK(engine("rootlessport", {}) == Engine::podman);
    CHECK(engine("containers-rootlessport", {}) == Engine::podman);
    CHECK(engine("rootlesskit", {"--net=slirp4netns", "/usr/bin/dockerd-rootless.sh"}) == Engine::docker);
    CHECK_FALSE(engine("rootlesskit", {"bash"}));
    CHECK(engine("slirp4netns", {"-c", "--netns-type=path", "/run/user/1000/netns/netns-5d2c", "tap0"}) ==
          Engine::podman);
    CHECK_FALSE(engine("slirp4netns", {"--configure", "4242", "tap0"}));
    CHECK(engine("pasta.avx2", {"--config-net", "-t", "8080-8080:80-80", "--netns", "/run/user/1000/netns/netns-1"}) ==
          Engine::podman);
    CHECK_FALSE(engine("pasta", {"--config-net"}));
    CHECK_FALSE(engine("passt", {"--socket", "/tmp/vm"}));
    CHECK(engine("gvproxy", {"-forward-sock", "/run/user/1000/podman/podman-machine.sock"}) == Engine::podman);
    CHECK_FALSE(engine("gvproxy", {"-listen", "unix:///tmp/x"}));
    CHECK_FALSE(engine("nginx", {"/netns/netns-1", "dockerd", "podman"}));
}
