// SPDX-License-Identifier: MIT
#include "app/session/settings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace portside::session {

namespace {

using base::ErrorKind;
using snapshot::SortColumn;

struct SortName {
    SortColumn column;
    std::string_view name;
};
constexpr std::array kSortNames{SortName{SortColumn::port, "port"},       SortName{SortColumn::protocol, "protocol"},
                                SortName{SortColumn::process, "process"}, SortName{SortColumn::address, "address"},
                                SortName{SortColumn::pid, "pid"},         SortName{SortColumn::user, "user"},
                                SortName{SortColumn::since, "since"}};

tl::unexpected<base::Error> wrong(std::string what) {
    return base::failed(ErrorKind::malformed, std::move(what));
}

std::string variable(const char* name) {
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nothing in the program sets variables
    return value == nullptr ? std::string() : std::string(value);
}

// A relative path in an XDG variable is invalid and is to be ignored, says the specification.
std::string xdg_file(const char* name, const char* below_home, const char* file) {
    const auto set = variable(name);
    return (set.starts_with('/') ? set : variable("HOME") + below_home) + "/portside/" + file;
}

base::Result<toml::table> parse_table(std::string_view text) {
    auto parsed = toml::parse(text);
    if (!parsed) {
        return wrong(fmt::format("line {}: {}", parsed.error().source().begin.line, parsed.error().description()));
    }
    return std::move(parsed).table();
}

std::string line_of(const toml::node& node) {
    return fmt::format("line {}", node.source().begin.line);
}

base::Result<void> take_setting(Settings& settings, std::string_view key, const toml::node& node) {
    const auto text = node.value<std::string>().value_or("");
    if (key == "confirm_kill") {
        if (text != "risky" && text != "always") {
            return wrong(fmt::format("{}: confirm_kill is \"risky\" or \"always\"", line_of(node)));
        }
        settings.confirm_kill = text == "always" ? ConfirmKill::always : ConfirmKill::risky;
    } else if (key == "theme") {
        if (text != "dark" && text != "light") {
            return wrong(fmt::format("{}: theme is \"dark\" or \"light\"", line_of(node)));
        }
        settings.theme = text == "light" ? ThemeChoice::light : ThemeChoice::dark;
    } else if (key == "refresh_seconds") {
        const auto seconds = node.value<double>();
        if (!seconds || !(*seconds >= 0.1 && *seconds <= 3600)) {
            return wrong(fmt::format("{}: refresh_seconds is a number from 0.1 to 3600", line_of(node)));
        }
        settings.refresh = std::chrono::milliseconds(std::lround(*seconds * 1000));
    } else {
        return wrong(fmt::format("{}: {} is not a setting; there are confirm_kill, refresh_seconds and theme",
                                 line_of(node), key));
    }
    return {};
}

std::optional<ui::ColumnState> column_of(const toml::node& node, const ui::ColumnLayout& known) {
    const auto* table = node.as_table();
    if (table == nullptr) {
        return std::nullopt;
    }
    const auto name = (*table)["name"].value_or(std::string());
    for (auto column : known) {
        if (name == ui::name_of(column.column)) {
            column.visible = (*table)["visible"].value_or(true);
            const auto width = (*table)["width"].value_or(0.0);
            column.width = width > 0 && width < 1000 ? static_cast<float>(width) : 0.0F;
            return column;
        }
    }
    return std::nullopt;
}

// Columns that the file names come in its order; ones that it does not know keep their built-in place at the end.
ui::ColumnLayout columns_of(const toml::array& stored) {
    const auto known = ui::default_columns();
    std::vector<ui::ColumnState> columns;
    const auto has = [&](ui::Column column) {
        return std::any_of(columns.begin(), columns.end(), [&](const auto& c) { return c.column == column; });
    };
    for (const auto& node : stored) {
        const auto column = column_of(node, known);
        if (column && !has(column->column)) {
            columns.push_back(*column);
        }
    }
    for (const auto& column : known) {
        if (!has(column.column)) {
            columns.push_back(column);
        }
    }
    ui::ColumnLayout layout = known;
    std::copy_n(columns.begin(), layout.size(), layout.begin());
    return layout;
}

} // namespace

std::string settings_path() {
    return xdg_file("XDG_CONFIG_HOME", "/.config", "config.toml");
}

std::string window_state_path() {
    return xdg_file("XDG_STATE_HOME", "/.local/state", "window.toml");
}

base::Result<Settings> parse_settings(std::string_view text) {
    const auto table = parse_table(text);
    if (!table) {
        return base::failed(table.error());
    }
    Settings settings;
    for (const auto& [key, node] : *table) {
        if (auto taken = take_setting(settings, key.str(), node); !taken) {
            return base::failed(taken.error());
        }
    }
    return settings;
}

base::Result<WindowState> parse_window_state(std::string_view text) {
    const auto table = parse_table(text);
    if (!table) {
        return base::failed(table.error());
    }
    WindowState state;
    if (const auto* stored = (*table)["columns"].as_array()) {
        state.columns = columns_of(*stored);
    }
    const auto by = (*table)["sort"]["by"].value_or(std::string("port"));
    for (const auto& name : kSortNames) {
        if (by == name.name) {
            state.sort.column = name.column;
        }
    }
    state.sort.descending = (*table)["sort"]["descending"].value_or(false);
    return state;
}

std::string window_state_text(const WindowState& state) {
    std::string text = "# Written by Portside when the window's columns change.\n\n[sort]\n";
    const auto name = std::find_if(kSortNames.begin(), kSortNames.end(),
                                   [&](const SortName& n) { return n.column == state.sort.column; });
    text += fmt::format("by = \"{}\"\ndescending = {}\n", name->name, state.sort.descending);
    for (const auto& column : state.columns) {
        text += fmt::format("\n[[columns]]\nname = \"{}\"\nvisible = {}\nwidth = {:.3f}\n", ui::name_of(column.column),
                            column.visible, column.width);
    }
    return text;
}

} // namespace portside::session
