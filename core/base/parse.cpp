// SPDX-License-Identifier: MIT
// Strict text parsing. Any thread.
#include "core/base/parse.h"

#include <charconv>

namespace portside::base {

namespace {
std::optional<std::uint64_t> parse_in_base(std::string_view text, int number_base) {
    std::uint64_t value = 0;
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const auto [stopped, error] = std::from_chars(begin, end, value, number_base);
    if (text.empty() || error != std::errc{} || stopped != end) {
        return std::nullopt;
    }
    return value;
}
} // namespace

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
    return parse_in_base(text, 10);
}

std::optional<std::uint64_t> parse_hex(std::string_view text) {
    return parse_in_base(text, 16);
}

std::vector<std::string_view> split_words(std::string_view text) {
    std::vector<std::string_view> words;
    constexpr std::string_view kBlank = " \t";
    for (auto start = text.find_first_not_of(kBlank); start != std::string_view::npos;) {
        const auto end = text.find_first_of(kBlank, start);
        words.push_back(text.substr(start, end == std::string_view::npos ? end : end - start));
        start = end == std::string_view::npos ? end : text.find_first_not_of(kBlank, end);
    }
    return words;
}

std::vector<std::string_view> split_at(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) {
            break;
        }
        text.remove_prefix(end + 1);
    }
    return parts;
}

} // namespace portside::base
