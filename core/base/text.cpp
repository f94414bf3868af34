// SPDX-License-Identifier: MIT
// Making process text safe to draw, and comparing without regard to case. Any thread.
#include "core/base/text.h"

#include <algorithm>
#include <array>

namespace portside::base {

namespace {

constexpr char32_t kReplacement = 0xFFFD;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_line_blank(char32_t c) {
    return c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

// Control characters, and the ones that change how their neighbours read without being seen themselves.
bool is_unsafe(char32_t c) {
    struct Range {
        char32_t first;
        char32_t last;
    };
    static constexpr std::array kUnsafe{
        Range{0x00, 0x1F},     Range{0x7F, 0x9F},     Range{0xAD, 0xAD},       Range{0x061C, 0x061C},
        Range{0x115F, 0x1160}, Range{0x180E, 0x180E}, Range{0x200B, 0x200F},   Range{0x2028, 0x202E},
        Range{0x2060, 0x206F}, Range{0x3164, 0x3164}, Range{0xFDD0, 0xFDEF},   Range{0xFEFF, 0xFEFF},
        Range{0xFFA0, 0xFFA0}, Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0xE007F},
    };
    return (c & 0xFFFE) == 0xFFFE ||
           std::any_of(kUnsafe.begin(), kUnsafe.end(), [c](Range r) { return c >= r.first && c <= r.last; });
}

// As nearly all text of processes is. No early way out, so that many bytes are looked at together.
bool is_plain(std::string_view text) {
    unsigned unusual = 0;
    for (const char c : text) {
        unusual |= static_cast<unsigned>(static_cast<unsigned char>(c - ' ') > '~' - ' ');
    }
    return unusual == 0;
}

} // namespace

char32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at);
    const std::size_t length = first < 0x80                    ? 1
                               : first >= 0xC2 && first < 0xE0 ? 2
                               : first >= 0xE0 && first < 0xF0 ? 3
                               : first >= 0xF0 && first < 0xF5 ? 4
                                                               : 0;
    if (length == 1) {
        ++at;
        return first;
    }
    if (length == 0 || at + length > text.size()) {
        ++at;
        return kReplacement;
    }
    char32_t value = first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0) != 0x80) {
            ++at;
            return kReplacement;
        }
        value = (value << 6) | (byte(at + i) & 0x3F);
    }
    static constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
    if (value < kSmallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        ++at;
        return kReplacement;
    }
    at += length;
    return value;
}

void append_utf8(std::string& text, char32_t c) {
    const auto put = [&](char32_t byte) { text.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | (c >> 6));
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3F));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

std::string sanitise(std::string_view raw, std::size_t max_bytes) {
    constexpr std::string_view kCut = "\u2026";
    if (raw.size() <= max_bytes && is_plain(raw)) {
        return std::string(raw);
    }
    std::string safe;
    safe.reserve(std::min(raw.size(), max_bytes));
    std::size_t cut_at = 0; // the last character's end that leaves room for the mark of a cut
    for (std::size_t at = 0; at < raw.size();) {
        const char32_t c = next_code_point(raw, at);
        append_utf8(safe, is_line_blank(c) ? U' ' : is_unsafe(c) ? kReplacement : c);
        if (safe.size() > max_bytes) {
            safe.resize(cut_at);
            return max_bytes < kCut.size() ? std::string() : safe.append(kCut);
        }
        cut_at = safe.size() + kCut.size() <= max_bytes ? safe.size() : cut_at;
    }
    return safe;
}

void lower_ascii(std::string& text) {
    std::transform(text.begin(), text.end(), text.begin(), lower);
}

std::string to_lower_ascii(std::string_view text) {
    std::string lowered(text);
    lower_ascii(lowered);
    return lowered;
}

bool contains_ignoring_case(std::string_view text, std::string_view needle) {
    if (needle.empty()) {
        return true;
    }
    // The first letter is looked for in a loop of its own: this runs over all command lines at each keystroke.
    const char first = needle.front();
    const std::string_view rest = needle.substr(1);
    for (; text.size() >= needle.size(); text.remove_prefix(1)) {
        if (lower(text.front()) == first &&
            std::equal(rest.begin(), rest.end(), text.begin() + 1, [](char b, char a) { return lower(a) == b; })) {
            return true;
        }
    }
    return false;
}

} // namespace portside::base
