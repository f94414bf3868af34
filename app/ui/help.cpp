// SPDX-License-Identifier: MIT
// The card with the keys and the filter's language. UI thread.
#include "app/ui/card.h"
#include "app/ui/paint.h"
#include "app/ui/parts.h"

#include <algorithm>
#include <array>
#include <span>

namespace portside::ui {

namespace {

struct HelpLine {
    std::string_view what;
    std::string_view meaning;
};

constexpr std::array<HelpLine, 20> kKeys{{{"Type", "filters the list, wherever you are"},
                                          {"Down, Tab", "to the list; Up goes back, Tab on"},
                                          {"Up, Down, Home, End", "choose a row"},
                                          {"Enter", "details of the row"},
                                          {"Delete", "what the row's button says"},
                                          {"Right, right click", "every way to free the port"},
                                          {"Ctrl D", "a favourite, or no longer"},
                                          {"F2", "names the port"},
                                          {"Ctrl E", "the row's connections, below it"},
                                          {"Ctrl G", "groups by process, project, nothing"},
                                          {"Left, Right, Enter", "fold and unfold a group"},
                                          {"Ctrl C", "copies port, name and PID"},
                                          {"Ctrl 1 to Ctrl 5", "All, Mine, Dev servers \xE2\x80\xA6"},
                                          {"Ctrl H", "hides or shows system ports"},
                                          {"Ctrl K, Ctrl F", "to the filter, all selected"},
                                          {"F5", "looks again now"},
                                          {"Ctrl ,", "settings"},
                                          {"Esc", ""},
                                          {"Ctrl Q", "quits"},
                                          {"F1, ?", "this card; ? only in the list"}}};

constexpr std::array<HelpLine, 15> kLanguage{{{"3000", "ports that begin with 3000"},
                                              {"port:3000", "exactly this port"},
                                              {"3000-3999", "a range of ports"},
                                              {"vite", "inside a name or a command line"},
                                              {"name:node", "inside a name only"},
                                              {"-word, not:word", "leaves out what matches"},
                                              {"pid:4711", "held by this process"},
                                              {"user:me", "of this user"},
                                              {"proto:udp", "TCP or UDP only"},
                                              {"unit:nginx", "of a systemd unit or a container"},
                                              {"project:shop", "of this project's folder"},
                                              {"addr:127.", "inside a local address"},
                                              {"label:shop", "inside the name that you gave"},
                                              {"is:mine", "also is:dev is:db is:exposed"},
                                              {"is:favourite", "ports with a star; also is:system"}}};

// What Esc means depends on how the window could be brought back.
std::string_view meaning_of(std::string_view key, std::string_view meaning, Leaving leaving) {
    if (key != "Esc") {
        return meaning;
    }
    switch (leaving) {
    case Leaving::quits:
        return "closes, clears the filter, then quits";
    case Leaving::asks:
        return "closes, clears the filter, then asks to hide";
    case Leaving::hides:
        break;
    }
    return "closes, clears the filter, then hides";
}

constexpr float kHelpWidth = 56; // font heights
// Design units.
constexpr float kHelpPadding = 28;
constexpr float kLineHeight = 28;
constexpr float kHelpTop = 64;
constexpr float kHelpBottom = 52;

void draw_list(Frame& frame, const Rect& area, std::string_view title, std::span<const HelpLine> entries, bool mono) {
    const Theme& theme = frame.look.theme;
    const float step = frame.px(kLineHeight);
    const float split = area.x0 + frame.em * (mono ? 9.0F : 9.5F);
    float y = area.y0 - frame.px(kLineHeight) / 2;
    draw_text(*frame.look.strong, theme.text, area.x0, baseline_at(frame, y), title, area.width());
    y += step + frame.px(4);
    for (const HelpLine& entry : entries) {
        const float baseline = baseline_at(frame, y);
        ImFont& font = mono ? *frame.look.mono : *frame.look.text;
        draw_text(font, theme.text, area.x0, baseline, entry.what, split - area.x0 - frame.px(8));
        draw_text_with_tip(frame, *frame.look.text, theme.muted, {split, baseline},
                           meaning_of(entry.what, entry.meaning, frame.model.leaving), area.x1 - split);
        y += step;
    }
}

} // namespace

void draw_help(Frame& frame) {
    if (!frame.state.help_open) {
        return;
    }
    const float lines = frame.px(kLineHeight) * static_cast<float>(std::max(kKeys.size(), kLanguage.size()));
    const Rect card =
        begin_card(frame, "help", kHelpWidth * frame.em, frame.px(kHelpTop) + lines + frame.px(kHelpBottom));
    const float pad = frame.px(kHelpPadding);
    const float top = card.y0 + frame.px(kHelpTop) - frame.px(kLineHeight) / 2;
    draw_list(frame, {card.x0 + pad, top, card.middle_x() - pad / 2, card.y1}, "Keys", kKeys, false);
    draw_list(frame, {card.middle_x() + pad / 2, top, card.x1 - pad, card.y1}, "Filter", kLanguage, true);
    const float foot = card.y1 - frame.px(26);
    draw_text_with_tip(frame, *frame.look.small, frame.look.theme.faint, {card.x0 + pad, baseline_at(frame, foot)},
                       "All words must match. A held key never ends anything.", card.width() / 2);
    const bool closed = draw_button(frame, "close", card.x1 - pad, foot, "Close", Tone::quiet, frame.look.theme.panel);
    if (end_card(frame, card) || closed) {
        frame.state.help_open = false;
    }
}

} // namespace portside::ui
