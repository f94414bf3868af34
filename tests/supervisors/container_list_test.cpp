// SPDX-License-Identifier: MIT
// core/supervisors/container_list: what an engine lists, and which container is meant.
#include "core/supervisors/container_list.h"

#include "engine_stand_in.h"

#include <doctest/doctest.h>

using namespace portside;
using supervisors::container_list_from_json;
using supervisors::ContainerWish;
using supervisors::matching;
using tests::container_json;
using tests::kOtherId;
using tests::kWebId;

namespace {

ContainerWish wish_for_port(std::uint16_t port, const std::string& container_address = "") {
    ContainerWish wish;
    wish.port = port;
    if (!container_address.empty()) {
        wish.forward.emplace();
        wish.forward->container_address = container_address;
        wish.forward->container_port = 80;
    }
    return wish;
}

} // namespace

TEST_CASE("container_list - id and name and published ports are read") {
    const auto list = container_list_from_json("[" + container_json(kWebId, "web", "172.17.0.2", "8080") + "]");
    REQUIRE(list.has_value());
    REQUIRE(list->size() == 1);
    const auto& web = list->front();
    CHECK(web.id == kWebId);
    CHECK(web.name == "web");
    CHECK(web.image == "nginx:1");
    CHECK(web.addresses == std::vector<std::string>{"172.17.0.2"});
    REQUIRE(web.ports.size() == 1); // the one without PublicPort is not published
    CHECK(web.ports[0] == supervisors::PublishedPort{"127.0.0.1", 8080, 80, platform::Protocol::tcp});
}

TEST_CASE("container_list - a name is made safe") {
    const auto list =
        container_list_from_json(R"([{"Id":")" + kWebId + R"(","Names":["/we\u001b[31mb\u202e"],"Ports":null}])");
    REQUIRE(list.has_value());
    CHECK(list->front().name.find('\x1b') == std::string::npos);
    CHECK(list->front().name.find("\xe2\x80\xae") == std::string::npos);
}

TEST_CASE("container_list - what is no list of containers is refused") {
    for (const char* const text : {"", "{}", "[", "null", "[1]", "[{}]", R"([{"Id":"../../x"}])", R"([{"Id":12}])",
                                   R"([{"Id":"0123456789AB"}])", "\xff\xfe"}) {
        INFO(text);
        const auto list = container_list_from_json(text);
        REQUIRE_FALSE(list.has_value());
        CHECK(list.error().kind == base::ErrorKind::malformed);
    }
    CHECK_FALSE(container_list_from_json(std::string(1'000'000, '[')).has_value());
}

TEST_CASE("container_list - fields of another form are as if they were not there") {
    const auto list =
        container_list_from_json(R"([{"Id":")" + kWebId +
                                 R"(","Names":5,"Image":[],"NetworkSettings":3,"Ports":[4,{"PublicPort":-1,
        "Type":"tcp"},{"PublicPort":70000,"Type":"tcp"},{"PublicPort":80,"Type":"sctp"}]}])");
    REQUIRE(list.has_value());
    CHECK(list->front().ports.empty());
    CHECK(list->front().name.empty());
}

TEST_CASE("container_list - the one that publishes the port is meant and by its address where that is known") {
    const auto list = container_list_from_json("[" + container_json(kWebId, "web", "172.17.0.2", "8080") + "," +
                                               container_json(kOtherId, "other", "172.17.0.3", "8080") + "]");
    REQUIRE(list.has_value());
    CHECK(matching(*list, wish_for_port(8080)).size() == 2);
    CHECK(matching(*list, wish_for_port(8081)).empty());
    const auto exact = matching(*list, wish_for_port(8080, "172.17.0.3"));
    REQUIRE(exact.size() == 1);
    CHECK(exact[0].name == "other");
    auto udp = wish_for_port(8080);
    udp.protocol = platform::Protocol::udp;
    CHECK(matching(*list, udp).empty());
}

TEST_CASE("container_list - an id decides alone and must be one") {
    const auto list = container_list_from_json("[" + container_json(kWebId, "web", "172.17.0.2", "8080") + "]");
    REQUIRE(list.has_value());
    auto wish = wish_for_port(1);
    wish.container.id = kWebId.substr(0, 12);
    CHECK(matching(*list, wish).size() == 1);
    wish.container.id = kWebId.substr(0, 5);
    CHECK(matching(*list, wish).empty());
    wish.container.id = kOtherId;
    CHECK(matching(*list, wish).empty());
}

TEST_CASE("container_list - an error answer gives its words made safe") {
    CHECK(supervisors::message_from_json(R"({"message":"no\nway"})") == "no way");
    CHECK(supervisors::message_from_json("not json").empty());
}
