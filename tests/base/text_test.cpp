// SPDX-License-Identifier: MIT
// core/base/text: hostile text is made safe, and nothing else is changed.
#include "core/base/text.h"

#include <doctest/doctest.h>
#include <string>

using namespace portside::base;
using namespace std::string_literals;

namespace {
constexpr const char* kBad = "\uFFFD";

// Every byte sequence that sanitise() lets through decodes without a replacement of the decoder's own.
bool is_valid_utf8(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t before = at;
        if (next_code_point(text, at) == 0xFFFD && at - before != 3) {
            return false;
        }
    }
    return true;
}
} // namespace

TEST_CASE("plain and international text stays as it is") {
    for (const char* text : {"", "node", "100% ## %s %n", "größe", "日本語", "😀", "a'b\"c\\", "\uFFFD"}) {
        CHECK(sanitise(text) == text);
    }
}

TEST_CASE("tabs and line breaks become spaces") {
    CHECK(sanitise("a\tb\nc\r\nd\ve\ff") == "a b c  d e f");
}

TEST_CASE("control characters become replacement characters") {
    CHECK(sanitise("a\0b"s) == "a"s + kBad + "b");
    CHECK(sanitise("\x1b[31m") == kBad + "[31m"s);
    CHECK(sanitise("\x7f") == kBad);
    CHECK(sanitise("\u0085") == kBad);
}

TEST_CASE("characters that reorder or hide text become replacement characters") {
    for (const char* hostile :
         {"\u202A", "\u202B", "\u202C",     "\u202D", "\u202E", "\u2066", "\u2067",    "\u2068", "\u2069",
          "\u200B", "\u200E", "\u200F",     "\u2028", "\u2029", "\u00AD", "\u061C",    "\u2060", "\uFEFF",
          "\u3164", "\uFFF9", "\U000E0041", "\uFFFE", "\uFFFF", "\uFDD0", "\U0010FFFF"}) {
        CAPTURE(std::string(hostile));
        CHECK(sanitise("a"s + hostile + "b") == "a"s + kBad + "b");
    }
}

TEST_CASE("invalid bytes become one replacement character each") {
    CHECK(sanitise("\xff\xfe") == kBad + std::string(kBad));
    CHECK(sanitise("a\xc3") == "a"s + kBad);                 // cut sequence
    CHECK(sanitise("\xc3(") == kBad + "("s);                 // continuation missing
    CHECK(sanitise("\xc0\xaf") == kBad + std::string(kBad)); // overlong
    CHECK(sanitise("\xe0\x80\xaf") == kBad + std::string(kBad) + kBad);
    CHECK(sanitise("\xed\xa0\x80") == kBad + std::string(kBad) + kBad); // surrogate
    CHECK(sanitise("\xf4\x90\x80\x80") == kBad + std::string(kBad) + kBad + kBad);
    CHECK(sanitise("\x80") == kBad);
}

TEST_CASE("any bytes become valid text") {
    std::string bytes;
    for (unsigned i = 0; i < 4096; ++i) {
        bytes += static_cast<char>((i * 2654435761U) >> 13);
        CHECK(is_valid_utf8(sanitise(bytes, 300)));
    }
}

TEST_CASE("text that fits exactly is not cut") {
    CHECK(sanitise("12345678", 8) == "12345678");
    CHECK(sanitise("12345😀", 9) == "12345😀");
    CHECK(sanitise("ab", 2) == "ab");
}

TEST_CASE("longer text is cut at a character and marked") {
    CHECK(sanitise("123456789", 8) == "12345\u2026");
    CHECK(sanitise("1234😀6789", 8) == "1234\u2026");
    CHECK(sanitise("abcd", 3) == "\u2026");
    CHECK(sanitise("abcd", 2).empty());
    for (std::size_t limit = 0; limit < 40; ++limit) {
        const std::string cut = sanitise("aé€😀\xff日本語aé€😀\xff日本語", limit);
        CHECK(cut.size() <= limit);
        CHECK(is_valid_utf8(cut));
    }
}

TEST_CASE("code points survive a round trip") {
    for (const char32_t c : {U'\0', U'a', U'\x7f', U'\x80', U'\x7ff', U'\x800', U'\xffff', U'\x10000', U'\x10ffff'}) {
        std::string text;
        append_utf8(text, c);
        std::size_t at = 0;
        CHECK(next_code_point(text, at) == c);
        CHECK(at == text.size());
    }
}

TEST_CASE("lower case changes ASCII letters only") {
    CHECK(to_lower_ascii("AZaz09[@`{É") == "azaz09[@`{É");
}

TEST_CASE("text is found in any case") {
    CHECK(contains_ignoring_case("Hello Node", "node"));
    CHECK(contains_ignoring_case("Hello Node", "hello"));
    CHECK(contains_ignoring_case("nonode", "node"));
    CHECK(contains_ignoring_case("node", "node"));
    CHECK(contains_ignoring_case("x", ""));
    CHECK(contains_ignoring_case("", ""));
    CHECK_FALSE(contains_ignoring_case("", "n"));
    CHECK_FALSE(contains_ignoring_case("nod", "node"));
    CHECK_FALSE(contains_ignoring_case("n0de", "node"));
    CHECK_FALSE(contains_ignoring_case("a{b", "a[b")); // no letters, although 32 apart
}
