// SPDX-License-Identifier: MIT
// The card with what the person can set. Every change applies at once. UI thread.
#include "app/ui/card.h"
#include "app/ui/controls.h"
#include "app/ui/parts.h"
#include "app/ui/settings_rows.h"

#include <cmath>

namespace portside::ui {

namespace {

using base::Key;

constexpr float kSettingsWidth = 42; // font heights
// Design units.
constexpr float kSettingsPadding = 28;
constexpr float kSettingsTop = 60;
constexpr float kSettingsBottom = 60;
constexpr float kSettingHeight = 52;
constexpr float kLineShare = 0.2F; // of a row, from its middle to the middle of each of its two lines

int count() {
    return static_cast<int>(setting_rows().size());
}

const SettingRow& row_at(int index) {
    return setting_rows()[static_cast<std::size_t>(index)];
}

// Why it does nothing here, or null.
const std::string* limit_of(const Frame& frame, const SettingRow& row) {
    if (row.limit == nullptr || (frame.model.limits.*row.limit).empty()) {
        return nullptr;
    }
    return &(frame.model.limits.*row.limit);
}

void set(Frame& frame, const SettingRow& row, int value, bool settled) {
    Preferences changed = frame.model.preferences;
    row.set(changed, value);
    frame.emit(SetPreferences{changed, settled});
}

void draw_control(Frame& frame, const SettingRow& row, const ControlSpot& spot) {
    const int value = row.value(frame.model.preferences);
    if (row.kind == SettingRow::Kind::slider) {
        if (const auto slid = draw_slider(frame, row.title, spot, value, kLeastOpacity)) {
            set(frame, row, slid->value, slid->settled);
        }
        return;
    }
    const auto picked = row.kind == SettingRow::Kind::choice ? draw_choices(frame, row.title, spot, value, row.choices)
                                                             : draw_switch(frame, row.title, spot, value);
    if (picked) {
        set(frame, row, *picked, true);
    }
}

void draw_setting(Frame& frame, int index, const Rect& area) {
    const Theme& theme = frame.look.theme;
    const SettingRow& row = row_at(index);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (index == frame.state.setting) {
        const float out = frame.px(12);
        list.AddRectFilled({area.x0 - out, area.y0 + frame.px(2)}, {area.x1 + out, area.y1 - frame.px(2)},
                           ink(mix(theme.panel, theme.accent, theme.tint / 2)), frame.px(7));
    } else if (index > 0 && index - 1 != frame.state.setting) {
        list.AddLine({area.x0, area.y0}, {area.x1, area.y0}, ink(theme.line), frame.px(1));
    }
    const std::string* const limit = limit_of(frame, row);
    const float room = area.width() - frame.px(kControlWidth);
    const float apart = area.height() * kLineShare;
    draw_text(*frame.look.strong, limit != nullptr ? theme.muted : theme.text, area.x0,
              baseline_at(frame, area.middle_y() - apart), row.title, room);
    const std::string_view sentence = limit != nullptr ? std::string_view(*limit) : row.sentence;
    draw_text_with_tip(frame, *frame.look.small, theme.muted,
                       {area.x0, baseline_at(frame, area.middle_y() + apart) - frame.px(1)}, sentence, room);
    draw_control(frame, row, {area.x1, area.middle_y(), limit == nullptr});
    if (ImGui::IsWindowHovered() && ImGui::IsMouseClicked(ImGuiMouseButton_Left) &&
        ImGui::IsMouseHoveringRect({area.x0, area.y0}, {area.x1, area.y1})) {
        frame.state.setting = index;
    }
}

// The rows, in a view that scrolls where the window is low.
void draw_rows(Frame& frame, const Rect& view) {
    const float out = frame.px(12); // the chosen row's ground reaches so far beyond the text
    ImGui::SetCursorScreenPos({view.x0 - out, view.y0});
    ImGui::BeginChild("settings", {view.width() + 2 * out, view.height()}, false, ImGuiWindowFlags_NoNav);
    const float height = frame.px(kSettingHeight);
    const float top = ImGui::GetCursorScreenPos().y;
    for (int index = 0; index < count(); ++index) {
        const float y = top + height * static_cast<float>(index);
        draw_setting(frame, index, {view.x0, y, view.x1, y + height});
    }
    ImGui::SetCursorScreenPos({view.x0, top});
    ImGui::Dummy({1, height * static_cast<float>(count())});
    if (frame.state.setting_moved) {
        frame.state.setting_moved = false;
        const float y = height * static_cast<float>(frame.state.setting);
        const float scroll = ImGui::GetScrollY();
        ImGui::SetScrollY(std::clamp(scroll, std::max(0.0F, y + height - view.height()), y));
    }
    ImGui::EndChild();
}

} // namespace

void open_settings(Frame& frame) {
    frame.state.settings_open = true;
    frame.state.help_open = false;
    frame.state.menu.reset();
    frame.state.setting = 0;
    frame.state.setting_moved = true;
}

void handle_settings_key(Frame& frame, const base::KeyPress& press) {
    UiState& state = frame.state;
    const SettingRow& row = row_at(state.setting);
    const bool works = limit_of(frame, row) == nullptr;
    const int value = row.value(frame.model.preferences);
    const bool closes = press.key == Key::escape || (press.control && press.key == Key::comma);
    if (closes && !press.repeat) {
        state.settings_open = false;
    } else if (press.key == Key::up || press.key == Key::down || press.key == Key::tab) {
        const bool back = press.key == Key::up || (press.key == Key::tab && press.shift);
        state.setting = std::clamp(state.setting + (back ? -1 : 1), 0, count() - 1);
        state.setting_moved = true;
    } else if (works && (press.key == Key::left || press.key == Key::right)) {
        const int next = stepped(row, value, press.key == Key::left ? -1 : 1);
        if (next != value) {
            set(frame, row, next, true);
        }
    } else if (works && !press.repeat && (press.key == Key::enter || press.key == Key::space)) {
        if (const int next = switched(row, value); next != value) {
            set(frame, row, next, true);
        }
    }
}

void draw_settings(Frame& frame) {
    if (!frame.state.settings_open) {
        return;
    }
    const float rows = frame.px(kSettingHeight) * static_cast<float>(count());
    const Rect card = begin_card(frame, "settings", kSettingsWidth * frame.em,
                                 frame.px(kSettingsTop) + rows + frame.px(kSettingsBottom));
    const float pad = frame.px(kSettingsPadding);
    draw_text(*frame.look.strong, frame.look.theme.text, card.x0 + pad, baseline_at(frame, card.y0 + frame.px(32)),
              "Settings", card.width());
    draw_rows(frame,
              {card.x0 + pad, card.y0 + frame.px(kSettingsTop), card.x1 - pad, card.y1 - frame.px(kSettingsBottom)});
    const float foot = card.y1 - frame.px(29);
    draw_text_with_tip(frame, *frame.look.small, frame.look.theme.faint, {card.x0 + pad, baseline_at(frame, foot)},
                       "Changes apply at once, and are kept in config.toml.", card.width() / 2);
    const bool closed = draw_button(frame, "close", card.x1 - pad, foot, "Close", Tone::quiet, frame.look.theme.panel);
    if (end_card(frame, card) || closed) {
        frame.state.settings_open = false;
    }
}

} // namespace portside::ui
