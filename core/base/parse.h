// SPDX-License-Identifier: MIT
// Strict text parsing: the whole text must be the number, with no sign, space or leftover. Any thread.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace portside::base {

[[nodiscard]] std::optional<std::uint64_t> parse_decimal(std::string_view text);
[[nodiscard]] std::optional<std::uint64_t> parse_hex(std::string_view text);

// A decimal that fits T; nothing otherwise.
template <std::integral T>
[[nodiscard]] std::optional<T> parse_number(std::string_view text) {
    const auto value = parse_decimal(text);
    if (!value || *value > static_cast<std::uint64_t>(std::numeric_limits<T>::max())) {
        return std::nullopt;
    }
    return static_cast<T>(*value);
}

// The parts of `text` between runs of spaces and tabs; none is empty. Views into `text`.
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view text);
// The parts of `text` between each single `separator`; parts may be empty. A trailing separator adds no part.
[[nodiscard]] std::vector<std::string_view> split_at(std::string_view text, char separator);

} // namespace portside::base
