// SPDX-License-Identifier: MIT
// User names by uid. One thread.
#include "core/platform/users.h"

#include <doctest/doctest.h>

using portside::platform::Users;

TEST_CASE("uid 0 is root and the answer is remembered") {
    Users users;
    const std::string& first = users.name(0);
    CHECK(first == "root");
    CHECK(&users.name(0) == &first);
}

TEST_CASE("a uid without a name is its number") {
    Users users;
    CHECK(users.name(3999999999U) == "3999999999");
}
