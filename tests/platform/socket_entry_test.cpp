// SPDX-License-Identifier: MIT
// Addresses as text, and what they mean. One thread.
#include "core/platform/socket_entry.h"

#include <algorithm>
#include <arpa/inet.h>
#include <doctest/doctest.h>

using namespace portside::platform;

namespace {
Address address(const char* text) {
    Address value;
    value.family = std::string(text).find(':') == std::string::npos ? Family::ipv4 : Family::ipv6;
    REQUIRE(inet_pton(value.family == Family::ipv4 ? AF_INET : AF_INET6, text, value.bytes.data()) == 1);
    return value;
}
} // namespace

TEST_CASE("addresses are written as inet_ntop writes them") {
    for (const char* text : {"0.0.0.0", "127.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "::ffff:10.1.2.3",
                             "2001:db8:1:2:3:4:5:6"}) {
        CHECK(to_string(address(text)) == text);
    }
}

TEST_CASE("loopback addresses") {
    for (const char* text : {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1", "::ffff:127.9.9.9"}) {
        CAPTURE(text);
        CHECK(is_loopback(address(text)));
    }
    for (const char* text : {"0.0.0.0", "128.0.0.1", "126.255.255.255", "::", "::2", "1::1", "::127.0.0.1",
                             "::ffff:126.0.0.1", "::fffe:127.0.0.1"}) {
        CAPTURE(text);
        CHECK_FALSE(is_loopback(address(text)));
    }
}

TEST_CASE("wildcard addresses") {
    for (const char* text : {"0.0.0.0", "::", "::ffff:0.0.0.0"}) {
        CAPTURE(text);
        CHECK(is_wildcard(address(text)));
    }
    for (const char* text : {"0.0.0.1", "127.0.0.1", "::1", "::ffff:0.0.0.1", "8000::", "::fffe:0:0"}) {
        CAPTURE(text);
        CHECK_FALSE(is_wildcard(address(text)));
    }
}

TEST_CASE("protocols and families have names") {
    CHECK(to_string(Protocol::tcp) == std::string("tcp"));
    CHECK(to_string(Protocol::udp) == std::string("udp"));
    CHECK(to_string(Family::ipv4) == std::string("ipv4"));
    CHECK(to_string(Family::ipv6) == std::string("ipv6"));
}
