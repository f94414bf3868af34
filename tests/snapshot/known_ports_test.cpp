// SPDX-License-Identifier: MIT
// core/snapshot/known_ports: a guess for developers' ports, and none for others.
#include "core/snapshot/known_ports.h"

#include <doctest/doctest.h>
#include <string>

using portside::platform::Protocol;
using portside::snapshot::usual_service;

TEST_CASE("known ports - by protocol and port and nothing of any other") {
    REQUIRE(usual_service(Protocol::tcp, 5432) != nullptr);
    CHECK(std::string(usual_service(Protocol::tcp, 5432)) == "PostgreSQL");
    REQUIRE(usual_service(Protocol::tcp, 6379) != nullptr);
    CHECK(std::string(usual_service(Protocol::tcp, 6379)) == "Redis");
    REQUIRE(usual_service(Protocol::udp, 5353) != nullptr);
    CHECK(std::string(usual_service(Protocol::udp, 5353)) == "mDNS");
    CHECK(usual_service(Protocol::udp, 5432) == nullptr);
    CHECK(usual_service(Protocol::tcp, 0) == nullptr);
    CHECK(usual_service(Protocol::tcp, 21) != nullptr);
    CHECK(usual_service(Protocol::tcp, 65535) == nullptr);
}
