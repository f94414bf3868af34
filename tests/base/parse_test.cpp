// SPDX-License-Identifier: MIT
// core/base/parse: numbers are read whole or not at all.
#include "core/base/parse.h"

#include <doctest/doctest.h>
#include <string>

using namespace portside::base;
using Views = std::vector<std::string_view>;

TEST_CASE("decimals") {
    CHECK(parse_decimal("0") == 0U);
    CHECK(parse_decimal("007") == 7U);
    CHECK(parse_decimal("18446744073709551615") == 18446744073709551615U);
    for (const char* bad : {"", " 1", "1 ", "+1", "-1", "1.0", "0x1", "1e3", "18446744073709551616", "a", "1\n"}) {
        CAPTURE(std::string(bad));
        CHECK_FALSE(parse_decimal(bad));
    }
    CHECK_FALSE(parse_decimal(std::string_view("1\0", 2)));
    CHECK_FALSE(parse_decimal(std::string_view()));
}

TEST_CASE("hexadecimals") {
    CHECK(parse_hex("0100007F") == 0x0100007FU);
    CHECK(parse_hex("ffffffffffffffff") == 0xffffffffffffffffU);
    for (const char* bad : {"", "0x1", "g", "-1", "10000000000000000", "1 "}) {
        CAPTURE(std::string(bad));
        CHECK_FALSE(parse_hex(bad));
    }
}

TEST_CASE("numbers fit their type or are none") {
    CHECK(parse_number<std::uint16_t>("65535") == std::uint16_t{65535});
    CHECK_FALSE(parse_number<std::uint16_t>("65536"));
    CHECK(parse_number<std::int32_t>("2147483647") == 2147483647);
    CHECK_FALSE(parse_number<std::int32_t>("2147483648"));
    CHECK_FALSE(parse_number<std::int32_t>("-1"));
    CHECK(parse_number<std::uint64_t>("18446744073709551615") == 18446744073709551615U);
}

TEST_CASE("words are what lies between blanks") {
    CHECK(split_words("").empty());
    CHECK(split_words(" \t ").empty());
    CHECK(split_words("a") == Views{"a"});
    CHECK(split_words("  a\t\tbc  d ") == Views{"a", "bc", "d"});
    CHECK(split_words("a\nb") == Views{"a\nb"});
}

TEST_CASE("parts are what lies between separators") {
    CHECK(split_at("", ',').empty());
    CHECK(split_at("a", ',') == Views{"a"});
    CHECK(split_at("a,b", ',') == Views{"a", "b"});
    CHECK(split_at("a,,b", ',') == Views{"a", "", "b"});
    CHECK(split_at(",a", ',') == Views{"", "a"});
    CHECK(split_at("a,", ',') == Views{"a"});
    CHECK(split_at(",", ',') == Views{""});
}
