// SPDX-License-Identifier: MIT
#include "app/session/settings.h"

#include "core/base/text.h"
#include "core/base/text_edit.h"

#include <algorithm>
#include <array>
#include <cmath>
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

struct GroupingName {
    ui::Grouping grouping;
    std::string_view name;
};
constexpr std::array kGroupingNames{GroupingName{ui::Grouping::flat, "nothing"},
                                    GroupingName{ui::Grouping::process, "process"},
                                    GroupingName{ui::Grouping::project, "project"}};

tl::unexpected<base::Error> wrong(std::string what) {
    return base::failed(ErrorKind::malformed, std::move(what));
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

std::string_view word_of(ThemeChoice theme) {
    return theme == ThemeChoice::dark ? "dark" : (theme == ThemeChoice::light ? "light" : "desktop");
}

base::Result<void> take_theme(Settings& settings, const toml::node& node) {
    const auto text = node.value<std::string>().value_or("");
    for (const auto theme : {ThemeChoice::desktop, ThemeChoice::dark, ThemeChoice::light}) {
        if (text == word_of(theme)) {
            settings.theme = theme;
            return {};
        }
    }
    return wrong(fmt::format("{}: theme is \"desktop\", \"dark\" or \"light\"", line_of(node)));
}

base::Result<void> take_confirm_kill(Settings& settings, const toml::node& node) {
    const auto text = node.value<std::string>().value_or("");
    if (text != "risky" && text != "always") {
        return wrong(fmt::format("{}: confirm_kill is \"risky\" or \"always\"", line_of(node)));
    }
    settings.confirm_kill = text == "always" ? ConfirmKill::always : ConfirmKill::risky;
    return {};
}

base::Result<void> take_refresh(Settings& settings, const toml::node& node) {
    const auto seconds = node.value<double>();
    if (!seconds || !(*seconds >= 0.1 && *seconds <= 3600)) {
        return wrong(fmt::format("{}: refresh_seconds is a number from 0.1 to 3600", line_of(node)));
    }
    settings.refresh = std::chrono::milliseconds(std::lround(*seconds * 1000));
    return {};
}

base::Result<void> take_opacity(Settings& settings, const toml::node& node) {
    const auto percent = node.value_exact<std::int64_t>();
    if (!percent || *percent < ui::kLeastOpacity || *percent > 100) {
        return wrong(
            fmt::format("{}: opacity is a whole number from {} to 100 (percent)", line_of(node), ui::kLeastOpacity));
    }
    settings.opacity = static_cast<int>(*percent);
    return {};
}

template <bool Settings::*kMember>
base::Result<void> take_switch(Settings& settings, const toml::node& node) {
    const auto value = node.value_exact<bool>();
    if (!value) {
        return wrong(fmt::format("{}: this setting is true or false", line_of(node)));
    }
    settings.*kMember = *value;
    return {};
}

std::string yes_or_no(bool value) {
    return value ? "true" : "false";
}

// How each key is read, and how its value is written.
struct Key {
    std::string_view name;
    base::Result<void> (*take)(Settings&, const toml::node&);
    std::string (*text)(const Settings&);
};
constexpr std::array kKeys{
    Key{"always_on_top", take_switch<&Settings::always_on_top>,
        [](const Settings& s) { return yes_or_no(s.always_on_top); }},
    Key{"confirm_kill", take_confirm_kill,
        [](const Settings& s) {
            return std::string(s.confirm_kill == ConfirmKill::always ? "\"always\"" : "\"risky\"");
        }},
    Key{"hide_system_ports", take_switch<&Settings::hide_system_ports>,
        [](const Settings& s) { return yes_or_no(s.hide_system_ports); }},
    Key{"opacity", take_opacity, [](const Settings& s) { return fmt::format("{}", s.opacity); }},
    Key{"refresh_seconds", take_refresh,
        [](const Settings& s) { return fmt::format("{}", static_cast<double>(s.refresh.count()) / 1000); }},
    Key{"start_hidden", take_switch<&Settings::start_hidden>,
        [](const Settings& s) { return yes_or_no(s.start_hidden); }},
    Key{"theme", take_theme, [](const Settings& s) { return fmt::format("\"{}\"", word_of(s.theme)); }},
    Key{"window_frame", take_switch<&Settings::window_frame>,
        [](const Settings& s) { return yes_or_no(s.window_frame); }},
};

base::Result<void> take_setting(Settings& settings, std::string_view name, const toml::node& node) {
    const auto* const key = std::ranges::find(kKeys, name, &Key::name);
    if (key != kKeys.end()) {
        return key->take(settings, node);
    }
    std::string names;
    for (const auto& known : kKeys) {
        names += fmt::format("{}{}", names.empty() ? "" : ", ", known.name);
    }
    return wrong(fmt::format("{}: {} is not a setting; there are {}", line_of(node), name, names));
}

base::Result<Settings> settings_in(const toml::table& table) {
    Settings settings;
    for (const auto& [key, node] : table) {
        if (auto taken = take_setting(settings, key.str(), node); !taken) {
            return base::failed(taken.error());
        }
    }
    return settings;
}

// A basic string: a monitor's name may hold anything.
std::string quoted(std::string_view text) {
    std::string all = "\"";
    for (const char c : base::sanitise(text, 200)) {
        all += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
    }
    return all + "\"";
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

// A number that a window's place can have; nothing for another or none.
std::optional<float> length_of(const toml::table& table, std::string_view key, double least) {
    const auto value = table[key].value<double>();
    const bool possible = value && *value >= least && *value <= 1e6;
    return possible ? std::optional(static_cast<float>(*value)) : std::nullopt;
}

std::vector<base::WindowPlace> places_of(const toml::array& stored) {
    constexpr std::size_t kMost = 16;
    std::vector<base::WindowPlace> places;
    for (const auto& node : stored) {
        const auto* const table = node.as_table();
        if (table == nullptr || places.size() == kMost) {
            continue;
        }
        const auto x = length_of(*table, "x", -1e6);
        const auto y = length_of(*table, "y", -1e6);
        const auto width = length_of(*table, "width", 1);
        const auto height = length_of(*table, "height", 1);
        if (x && y && width && height) {
            places.push_back({(*table)["monitor"].value_or(std::string()), *x, *y, *width, *height,
                              (*table)["maximised"].value_or(false)});
        }
    }
    return places;
}

} // namespace

base::Result<Settings> parse_settings(std::string_view text) {
    const auto table = parse_table(text);
    return table ? settings_in(*table) : base::failed(table.error());
}

base::Result<std::string> with_settings(std::string_view text, const Settings& wanted) {
    const auto table = parse_table(text);
    const auto found = table ? settings_in(*table) : base::failed(table.error());
    if (!found) {
        return base::failed(found.error());
    }
    base::TextEdit edit(text);
    for (const auto& key : kKeys) {
        if (key.text(*found) == key.text(wanted)) {
            continue;
        }
        const auto* const node = table->get(key.name);
        if (node != nullptr) {
            const auto& at = node->source();
            edit.replace({at.begin.line, at.begin.column}, {at.end.line, at.end.column}, key.text(wanted));
        } else {
            edit.add_line(fmt::format("{} = {}", key.name, key.text(wanted)));
        }
    }
    auto changed = edit.result();
    auto settings = parse_settings(changed);
    if (!settings || (settings->autostart = wanted.autostart, *settings != wanted)) {
        return wrong("its form is one that Portside cannot change safely");
    }
    return changed;
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
    if (const auto* stored = (*table)["places"].as_array()) {
        state.places = places_of(*stored);
    }
    state.view = snapshot::view_of_word((*table)["view"].value_or(std::string())).value_or(snapshot::View::all);
    const auto by = (*table)["sort"]["by"].value_or(std::string("port"));
    for (const auto& name : kSortNames) {
        if (by == name.name) {
            state.sort.column = name.column;
        }
    }
    state.sort.descending = (*table)["sort"]["descending"].value_or(false);
    const auto grouped_by = (*table)["groups"]["by"].value_or(std::string());
    for (const auto& name : kGroupingNames) {
        state.grouping = grouped_by == name.name ? name.grouping : state.grouping;
    }
    state.owners_told = (*table)["read"]["hidden_owners"].value_or(false);
    return state;
}

std::string window_state_text(const WindowState& state) {
    std::string text = "# Written by Portside when the window is moved or its columns change.\n\n";
    text += fmt::format("view = \"{}\"\n\n[sort]\n", snapshot::word_of(state.view));
    const auto name = std::find_if(kSortNames.begin(), kSortNames.end(),
                                   [&](const SortName& n) { return n.column == state.sort.column; });
    text += fmt::format("by = \"{}\"\ndescending = {}\n", name->name, state.sort.descending);
    text += fmt::format("\n[groups]\nby = \"{}\"\n",
                        std::ranges::find(kGroupingNames, state.grouping, &GroupingName::grouping)->name);
    if (state.owners_told) {
        text += "\n[read]\nhidden_owners = true\n";
    }
    for (const auto& column : state.columns) {
        text += fmt::format("\n[[columns]]\nname = \"{}\"\nvisible = {}\nwidth = {:.3f}\n", ui::name_of(column.column),
                            column.visible, column.width);
    }
    for (const auto& place : state.places) {
        text += fmt::format("\n[[places]]\nmonitor = {}\nx = {:.2f}\ny = {:.2f}\nwidth = {:.2f}\nheight = {:.2f}\n"
                            "maximised = {}\n",
                            quoted(place.monitor), place.x, place.y, place.width, place.height, place.maximised);
    }
    return text;
}

} // namespace portside::session
