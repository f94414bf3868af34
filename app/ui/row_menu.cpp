// SPDX-License-Identifier: MIT
// The menu of a row: every way to free its port with a few words of what it does, and what can be copied. UI thread.
#include "app/ui/arming.h"
#include "app/ui/paint.h"
#include "app/ui/parts.h"
#include "app/ui/ways.h"

#include <string>

namespace portside::ui {

namespace {

constexpr const char* kName = "row menu";
// Design units.
constexpr float kMenuPadding = 8;
constexpr float kEntryInset = 12; // of an entry's texts
constexpr float kEntryHeight = 32;
constexpr float kColumnGap = 24;
constexpr float kLineRoom = 13; // with the hairline between ways and copies
constexpr float kKeyRoom = 48;
constexpr float kWidestMenu = 38; // font heights
constexpr std::size_t kNotes = 3; // connections, star and name

enum class Does : std::uint8_t { act, unfold, star, name, copy };

struct MenuEntry {
    Does does = Does::act;
    RowAction action = RowAction::none; // of act
    std::string label;
    std::string meaning;
    std::string copied;
};

struct Entries {
    std::vector<MenuEntry> all;
    std::size_t ways = 0; // so many of them act; then come connections, star and name, and the rest copies
    float label_width = 0;
    float meaning_width = 0;
};

Entries entries_of(const Frame& frame, const snapshot::Row& row, std::uint32_t index) {
    Entries entries;
    for (Way& way : ways_of(frame.model, index)) {
        entries.all.push_back({Does::act, way.action, std::move(way.label), std::move(way.meaning), {}});
    }
    entries.ways = entries.all.size();
    const bool open = frame.state.lines.unfolded() == row.key;
    entries.all.push_back(
        {Does::unfold, RowAction::none, "Connections", open ? "hides them" : "shows who is connected to it", {}});
    const bool favourite = is_favourite(frame, index);
    const bool named = frame.model.tags && !frame.model.tags->label(index).empty();
    entries.all.push_back({Does::star,
                           RowAction::none,
                           favourite ? "No longer a favourite" : "Make it a favourite",
                           favourite ? "it may be hidden with the system's ports" : "starred, and never hidden",
                           {}});
    entries.all.push_back({Does::name,
                           RowAction::none,
                           named ? "Rename this port\xE2\x80\xA6" : "Name this port\xE2\x80\xA6",
                           "shown in its row, found by the filter",
                           {}});
    for (Copyable& one : copyables_of(*frame.model.snapshot, row)) {
        entries.all.push_back({Does::copy, RowAction::none, one.label, one.text, std::move(one.text)});
    }
    for (const MenuEntry& entry : entries.all) {
        entries.label_width = std::max(entries.label_width, std::ceil(width_of(*frame.look.text, entry.label)));
        // Measured no further than the menu can be wide: a command line may be long.
        const std::string_view meaning = std::string_view(entry.meaning).substr(0, 200);
        entries.meaning_width = std::max(entries.meaning_width, std::ceil(width_of(*frame.look.text, meaning)));
    }
    return entries;
}

// Inside the window: below its row, or above it where there is no room below.
Rect place_menu(const Frame& frame, const UiState::RowMenu& menu, const Entries& entries) {
    const ImVec2 window = ImGui::GetIO().DisplaySize;
    const float texts = entries.label_width + frame.px(kColumnGap) + entries.meaning_width + frame.px(kKeyRoom);
    const float width = std::min({texts + 2 * frame.px(kMenuPadding) + 2 * frame.px(kEntryInset),
                                  kWidestMenu * frame.em, window.x - 2 * frame.px(kMenuPadding)});
    const std::size_t lines = (entries.ways > 0 ? 1U : 0U) + (entries.ways + kNotes < entries.all.size() ? 1U : 0U);
    const float height = 2 * frame.px(kMenuPadding) + static_cast<float>(entries.all.size()) * frame.px(kEntryHeight) +
                         static_cast<float>(lines) * frame.px(kLineRoom);
    const float left = menu.at_pointer ? menu.x : menu.x - width;
    const float x = std::clamp(left, frame.px(kMenuPadding), std::max(window.x - width - frame.px(kMenuPadding), 0.0F));
    const bool below = menu.bottom + height <= window.y - frame.px(kMenuPadding);
    const float y = std::max(below ? menu.bottom : menu.top - height, frame.px(kMenuPadding));
    return {std::floor(x), std::floor(y), std::floor(x + width), std::floor(y + height)};
}

void carry_out(Frame& frame, const snapshot::Row& row, const MenuEntry& entry, bool settled) {
    if (entry.does == Does::unfold) {
        unfold_row(frame, frame.state.lines.unfolded() == row.key ? std::nullopt : std::optional(row.key));
    } else if (entry.does == Does::copy) {
        frame.emit(Copy{entry.copied});
    } else if (entry.does == Does::star) {
        toggle_favourite(frame, row);
    } else if (entry.does == Does::name) {
        open_naming(frame, row);
    } else if (settled) {
        frame.emit(act_on(row, entry.action));
    } else {
        return; // too early to be meant: the menu stays
    }
    frame.state.menu.reset();
}

void draw_entry(Frame& frame, const Entries& entries, std::size_t i, const Rect& area) {
    const Theme& theme = frame.look.theme;
    const MenuEntry& entry = entries.all[i];
    const bool chosen = frame.state.menu->chosen == i;
    const std::uint32_t surface = chosen ? mix(theme.panel, theme.accent, theme.tint) : theme.panel;
    if (chosen) {
        ImGui::GetWindowDrawList()->AddRectFilled({area.x0, area.y0}, {area.x1, area.y1}, ink(surface), frame.px(6));
    }
    const bool destroys = entry.action == RowAction::force_kill || entry.action == RowAction::force_kill_tree ||
                          entry.action == RowAction::force_kill_as_administrator;
    const float baseline = baseline_at(frame, area.middle_y());
    const float x = area.x0 + frame.px(kEntryInset);
    const float right = area.x1 - frame.px(kEntryInset);
    draw_text(*frame.look.text, chosen && destroys ? theme.red : theme.text, x, baseline, entry.label, right - x);
    const float second = x + entries.label_width + frame.px(kColumnGap);
    const char* const key = i == 0 && entries.ways > 0   ? "Del"
                            : entry.does == Does::star   ? "Ctrl D"
                            : entry.does == Does::name   ? "F2"
                            : entry.does == Does::unfold ? "Ctrl E"
                                                         : nullptr;
    const float limit = key != nullptr ? right - draw_key(frame, right, area.middle_y(), key) : right;
    draw_text_with_tip(frame, *frame.look.text, theme.muted, {second, baseline}, entry.meaning, limit - second);
}

void draw_entries(Frame& frame, const snapshot::Row& row, const Entries& entries, const Rect& panel) {
    auto& menu = frame.state.menu;
    float y = panel.y0 + frame.px(kMenuPadding);
    const float x0 = panel.x0 + frame.px(kMenuPadding);
    const float x1 = panel.x1 - frame.px(kMenuPadding);
    const bool moved = ImGui::GetIO().MouseDelta.x != 0 || ImGui::GetIO().MouseDelta.y != 0;
    for (std::size_t i = 0; i < entries.all.size() && menu; ++i) {
        if ((i == entries.ways || i == entries.ways + kNotes) && i > 0) {
            const float line = std::floor(y + frame.px(kLineRoom) / 2);
            ImGui::GetWindowDrawList()->AddLine({x0, line}, {x1, line}, ink(frame.look.theme.line), frame.px(1));
            y += frame.px(kLineRoom);
        }
        const Rect area{x0, y, x1, y + frame.px(kEntryHeight)};
        y = area.y1;
        const MenuEntry& entry = entries.all[i];
        // Its meaning is in the ID: what was pressed as one way is not released as another.
        ImGui::PushID(entry.action == RowAction::none ? -1 - static_cast<int>(i) : static_cast<int>(entry.action));
        ImGui::SetCursorScreenPos({area.x0, area.y0});
        const bool clicked = ImGui::InvisibleButton("entry", {area.width(), area.height()});
        if (ImGui::IsItemHovered() && (moved || ImGui::IsItemActive())) {
            menu->chosen = i;
        }
        ImGui::PopID();
        const bool settled = settle(frame, kMenuPlace - static_cast<int>(i), meaning_of(row, entry.action));
        draw_entry(frame, entries, i, area);
        if (clicked || (frame.menu_picks && menu->chosen == i)) {
            carry_out(frame, row, entry, settled);
        }
    }
}

void step(Frame& frame, std::size_t count) {
    auto& chosen = frame.state.menu->chosen;
    const auto places = static_cast<int>(count);
    if (frame.menu_steps != 0 && places > 0) {
        const int from = chosen ? static_cast<int>(*chosen) : (frame.menu_steps > 0 ? -1 : 0);
        chosen = static_cast<std::size_t>(((from + frame.menu_steps) % places + places) % places);
    }
}

// Whose menu is open, and where it stands in the snapshot; null where it is no longer on the screen.
const snapshot::Row* row_of_menu(const Frame& frame) {
    const auto& menu = frame.state.menu;
    const bool lives = menu && frame.model.snapshot && (menu->seen || menu->fresh);
    return lives ? frame.model.snapshot->find_row(menu->row) : nullptr;
}

} // namespace

void open_row_menu(Frame& frame, const snapshot::Row& row) {
    frame.state.menu = UiState::RowMenu{.row = row.key, .chosen = {}};
}

void open_row_menu_at_pointer(Frame& frame, const snapshot::Row& row) {
    const ImVec2 at = ImGui::GetIO().MousePos;
    frame.state.menu =
        UiState::RowMenu{.row = row.key, .at_pointer = true, .x = at.x, .top = at.y, .bottom = at.y, .chosen = {}};
}

void draw_row_menu(Frame& frame) {
    auto& menu = frame.state.menu;
    const snapshot::Row* const row = row_of_menu(frame);
    if (row == nullptr) {
        menu.reset();
    } else if (!menu->seen) {
        frame.wake_at(frame.now()); // it is being opened, or scrolled into view
        return;
    }
    if (menu && menu->fresh) {
        ImGui::OpenPopup(kName);
        menu->fresh = false;
    }
    if (!menu && !frame.state.menu_shown) {
        return;
    }
    Entries entries;
    Rect panel;
    if (menu) {
        entries = entries_of(frame, *row, static_cast<std::uint32_t>(row - frame.model.snapshot->rows.data()));
        panel = place_menu(frame, *menu, entries);
        ImGui::SetNextWindowPos({panel.x0, panel.y0});
        ImGui::SetNextWindowSize({panel.width(), panel.height()});
    }
    frame.state.menu_shown = ImGui::BeginPopup(kName, ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoDecoration |
                                                          ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
    if (!frame.state.menu_shown) {
        menu.reset(); // a click beside it
        return;
    }
    if (menu) {
        step(frame, entries.all.size());
        draw_entries(frame, *row, entries, panel);
    }
    if (!menu) {
        ImGui::CloseCurrentPopup();
        frame.wake_at(frame.now()); // ImGui lets go of it in the next frame
    } else {
        menu->seen = false; // until its row is drawn again
    }
    ImGui::EndPopup();
}

} // namespace portside::ui
