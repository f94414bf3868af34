// SPDX-License-Identifier: MIT
// Process text is hostile input. It is made safe once, on the way into a snapshot. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace portside::base {

// A copy of `raw` that is valid UTF-8 and one line: tabs and line breaks become a space; other control characters,
// invalid bytes, surrogates, non-characters, and the characters that reorder or hide text (bidirectional controls,
// zero-width ones, line and paragraph separators) become U+FFFD. Longer than `max_bytes`: cut at a character and
// closed with U+2026.
[[nodiscard]] std::string sanitise(std::string_view raw, std::size_t max_bytes = 64 * 1024);

// Decodes the code point that begins at `text[at]` and moves `at` past it. An invalid byte gives U+FFFD and moves by
// one.
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& at);

void append_utf8(std::string& text, char32_t code_point);

// ASCII letters in lower case, other bytes as they are.
[[nodiscard]] std::string to_lower_ascii(std::string_view text);
void lower_ascii(std::string& text); // in place

// Whether `needle` (already in lower case) is inside `text`, ignoring ASCII case. Allocates nothing.
[[nodiscard]] bool contains_ignoring_case(std::string_view text, std::string_view needle);

} // namespace portside::base
