// SPDX-License-Identifier: MIT
#include "app/overlay/options.h"

#include <doctest/doctest.h>

using namespace portside;
using overlay::parse_options;

TEST_CASE("the forms that portside passes on are taken") {
    CHECK(parse_options({})->scanner.source == platform::SourceChoice::automatic);
    CHECK(parse_options({"--source=proc", "--bound"})->scanner.source == platform::SourceChoice::proc);
    CHECK(parse_options({"--source=proc", "--bound"})->scanner.include_bound);
    CHECK(parse_options({"--source=netlink"})->scanner.source == platform::SourceChoice::netlink);
    CHECK(parse_options({"--start-hidden"})->start_hidden);
    CHECK(parse_options({"--help"})->help);
    CHECK(parse_options({"--version"})->version);
}

TEST_CASE("anything else is an error that names it") {
    for (const char* word : {"--sourc=proc", "--source=ss", "list", ""}) {
        CAPTURE(word);
        const auto options = parse_options({word});
        REQUIRE_FALSE(options.has_value());
        CHECK(options.error().what.find(word) != std::string::npos);
    }
}
