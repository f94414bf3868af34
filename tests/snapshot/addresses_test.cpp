// SPDX-License-Identifier: MIT
// core/snapshot/addresses: merging and exposure.
#include "core/snapshot/addresses.h"

#include "facts.h"

#include <doctest/doctest.h>

using namespace portside::snapshot;
using namespace portside::snapshot::test;
using Texts = std::vector<std::string>;

namespace {
Texts merged(const std::vector<SocketSpec>& specs) {
    std::vector<portside::platform::SocketEntry> sockets;
    for (const auto& spec : specs) {
        sockets.push_back(socket(spec));
    }
    AddressTexts texts;
    return merged_addresses(sockets, texts);
}
Exposure exposure(const std::vector<SocketSpec>& specs) {
    std::vector<portside::platform::SocketEntry> sockets;
    for (const auto& spec : specs) {
        sockets.push_back(socket(spec));
    }
    return exposure_of(sockets);
}
const SocketSpec kDual{.local = "::", .v6only = false};
const SocketSpec kOnly6{.local = "::", .v6only = true};
const SocketSpec kUnknown6{.local = "::"};
const SocketSpec kAny4{.local = "0.0.0.0"};
} // namespace

TEST_CASE("a wildcard shows which families it takes") {
    CHECK(merged({kAny4}) == Texts{"0.0.0.0"});
    CHECK(merged({kOnly6}) == Texts{"::"});
    CHECK(merged({kUnknown6}) == Texts{"::"});
    CHECK(merged({kDual}) == Texts{"*"});
    CHECK(merged({kOnly6, kAny4}) == Texts{"0.0.0.0", "::"});
}

TEST_CASE("both families are said once") {
    CHECK(merged({kDual, kAny4}) == Texts{"*"});
    CHECK(merged({kDual, kOnly6, kAny4, kDual}) == Texts{"*"});
    CHECK(merged({kDual, {.local = "127.0.0.1"}, {.local = "::1", .v6only = true}}) == Texts{"*", "127.0.0.1", "::1"});
}

TEST_CASE("only a wildcard of IPv6 itself takes both families") {
    CHECK(merged({{.local = "::1", .v6only = false}}) == Texts{"::1"});
    CHECK(merged({{.local = "::ffff:0.0.0.0", .v6only = false}}) == Texts{"::ffff:0.0.0.0"});
}

TEST_CASE("a device follows the address and keeps wildcards apart") {
    CHECK(merged({{.local = "0.0.0.0", .interface = "lo"}}) == Texts{"0.0.0.0%lo"});
    CHECK(merged({{.local = "fe80::1", .interface = "eth0"}}) == Texts{"fe80::1%eth0"});
    CHECK(merged({{.local = "::", .v6only = false, .interface = "eth0"}, kAny4}) == Texts{"*%eth0", "0.0.0.0"});
    CHECK(merged({{.local = "::", .v6only = false, .interface = "eth0"}, {.local = "0.0.0.0", .interface = "eth0"}}) ==
          Texts{"*%eth0"});
}

TEST_CASE("duplicates are removed and IPv4 comes first in the order of numbers") {
    CHECK(
        merged(
            {{.local = "::1"}, {.local = "10.0.0.2"}, {.local = "9.0.0.1"}, {.local = "::1"}, {.local = "9.0.0.1"}}) ==
        Texts{"9.0.0.1", "10.0.0.2", "::1"});
}

TEST_CASE("exposure of one socket") {
    for (const char* local : {"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"}) {
        CAPTURE(std::string(local));
        CHECK(exposure({{.local = local}}) == Exposure::loopback);
    }
    CHECK(exposure({{.local = "0.0.0.0", .interface = "lo"}}) == Exposure::loopback);
    CHECK(exposure({{.local = "0.0.0.0", .interface = "eth0"}}) == Exposure::interface);
    CHECK(exposure({{.local = "192.168.1.5"}}) == Exposure::interface);
    CHECK(exposure({{.local = "fe80::1", .interface = "eth0"}}) == Exposure::interface);
    for (const auto& wildcard : {kAny4, kOnly6, kDual, kUnknown6, SocketSpec{.local = "::ffff:0.0.0.0"}}) {
        CHECK(exposure({wildcard}) == Exposure::all);
    }
}

TEST_CASE("exposure of several is the widest") {
    CHECK(exposure({{.local = "127.0.0.1"}, {.local = "::1"}}) == Exposure::loopback);
    CHECK(exposure({{.local = "10.0.0.1"}, {.local = "::1"}}) == Exposure::interface);
    CHECK(exposure({kAny4, {.local = "::1"}, {.local = "10.0.0.1"}}) == Exposure::all);
}

TEST_CASE("texts of many addresses are not mixed up") {
    AddressTexts texts;
    for (unsigned round = 0; round < 2; ++round) {
        for (unsigned i = 0; i < 3000; ++i) {
            portside::platform::Address one;
            one.family = i % 2 == 0 ? portside::platform::Family::ipv4 : portside::platform::Family::ipv6;
            one.bytes[i % 4] = static_cast<std::uint8_t>(i);
            one.bytes[3] = static_cast<std::uint8_t>(i >> 4U);
            REQUIRE(texts.of(one) == portside::platform::to_string(one));
        }
    }
}
