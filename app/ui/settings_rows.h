// SPDX-License-Identifier: MIT
// What the settings card offers, row by row. Pure.
#pragma once

#include "app/ui/preferences.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace portside::ui {

// One row: a switch, some choices, or a slider.
struct SettingRow {
    enum class Kind : std::uint8_t { toggle, choice, slider };
    Kind kind = Kind::toggle;
    const char* title = "";
    const char* sentence = "";
    std::string PreferenceLimits::*limit = nullptr; // where some desktops cannot do it
    std::span<const std::string_view> choices{};    // of a choice
    // A switch's is 0 or 1, a choice's its place (-1: none of them), a slider's a percentage.
    int (*value)(const Preferences&) = nullptr;
    void (*set)(Preferences&, int) = nullptr;
};

[[nodiscard]] std::span<const SettingRow> setting_rows();

// What the keyboard does with a row: the next value that way, or the other one of a switch; never beyond the ends.
[[nodiscard]] int stepped(const SettingRow& row, int value, int steps);
// Enter and Space: the other one, or the next choice and behind the last one the first.
[[nodiscard]] int switched(const SettingRow& row, int value);

} // namespace portside::ui
