// SPDX-License-Identifier: MIT
// core/base/rare: what it holds is copied and compared, and an empty one is no larger than a pointer.
#include "core/base/rare.h"

#include <doctest/doctest.h>
#include <string>

using portside::base::Rare;
using Text = Rare<std::string>;

TEST_CASE("rare - a copy is a value of its own") {
    Text first(std::string("web"));
    Text second = first;
    first = std::string("db");
    REQUIRE(second.has_value());
    CHECK(*second == "web");
    CHECK(first->size() == 2);
    second = first;
    first.reset();
    CHECK_FALSE(first);
    CHECK(*second == "db");
    const Text moved = std::move(second);
    CHECK(*moved == "db");
}

TEST_CASE("rare - equal are two with equal values and two without") {
    CHECK(Text(std::string("web")) == Text(std::string("web")));
    CHECK_FALSE(Text(std::string("web")) == Text(std::string("db")));
    CHECK_FALSE(Text(std::string()) == Text());
    CHECK(Text() == Text());
}

TEST_CASE("rare - to and from an optional") {
    const Text none = std::optional<std::string>();
    CHECK_FALSE(none.has_value());
    const std::optional<std::string> some = Text(std::string("web"));
    CHECK(some == "web");
    const std::optional<std::string> nothing = none;
    CHECK_FALSE(nothing.has_value());
    CHECK(sizeof(Text) == sizeof(void*));
}
