// SPDX-License-Identifier: MIT
// What stands in the list's place when it has no rows: why, and what to do. UI thread.
#include "app/ui/paint.h"
#include "app/ui/parts.h"

#include <array>
#include <fmt/format.h>

namespace portside::ui {

namespace {

constexpr float kTextWidth = 40;     // font heights
constexpr float kHeadlineAt = 0.38F; // of the list's height
// Design units.
constexpr float kMarkAbove = 56; // the mark's middle above the headline
constexpr float kMarkRadius = 26;
constexpr float kSentence = 26;
constexpr float kButton = 66;

// What a state is known by at a glance.
enum class Mark : std::uint8_t { free, no_match, failing };

// A quiet ring with a sign in it.
void draw_mark(const Frame& frame, Mark mark, ImVec2 middle) {
    const Theme& theme = frame.look.theme;
    const float unit = frame.look.scale;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const std::uint32_t rgb = mark == Mark::failing ? theme.red : mark == Mark::free ? theme.green : theme.muted;
    list.AddCircleFilled(middle, kMarkRadius * unit, ink(badge_surface(theme, rgb)), 48);
    const float pen = 2.2F * unit;
    switch (mark) {
    case Mark::free: { // done: nothing stands in the way
        const std::array<ImVec2, 3> hook{ImVec2{middle.x - 9 * unit, middle.y + 0.5F * unit},
                                         ImVec2{middle.x - 2.5F * unit, middle.y + 7 * unit},
                                         ImVec2{middle.x + 9.5F * unit, middle.y - 6.5F * unit}};
        list.AddLine(hook[0], hook[1], ink(rgb), pen);
        list.AddLine(hook[1], hook[2], ink(rgb), pen);
        break;
    }
    case Mark::no_match:
        draw_magnifier(frame, middle, rgb);
        break;
    case Mark::failing:
        list.AddLine({middle.x, middle.y - 10 * unit}, {middle.x, middle.y + 2.5F * unit}, ink(rgb), pen);
        list.AddCircleFilled({middle.x, middle.y + 9 * unit}, 1.8F * unit, ink(rgb), 12);
        break;
    }
}

void draw_centred(Frame& frame, ImFont& font, std::uint32_t rgb, float y, std::string_view text) {
    const Rect& list = frame.layout.list;
    const float room = std::min(list.width(), kTextWidth * frame.em);
    const float width = std::min(std::ceil(width_of(font, text)), room);
    draw_text_with_tip(frame, font, rgb, {list.middle_x() - width / 2, baseline_at(frame, y)}, text, width);
}

bool centred_button(Frame& frame, float y, const char* label) {
    const float right = frame.layout.list.middle_x() + button_width(frame, label) / 2;
    return draw_button(frame, label, right, y, label, Tone::quiet, frame.look.theme.background);
}

// A mark, one headline, one sentence, one button.
struct State {
    Mark mark = Mark::free;
    const char* headline = "";
    std::string sentence;
    std::uint32_t sentence_rgb = 0;
    const char* button = nullptr; // null: there is nothing to do
};

// True when the button was pressed.
bool draw_state(Frame& frame, const State& state) {
    const Theme& theme = frame.look.theme;
    const Rect& list = frame.layout.list;
    const float y = list.y0 + list.height() * kHeadlineAt;
    if (y - frame.px(kMarkAbove + kMarkRadius) > list.y0) { // else the window is too low for it
        draw_mark(frame, state.mark, {std::floor(list.middle_x()), std::floor(y - frame.px(kMarkAbove))});
    }
    draw_centred(frame, *frame.look.search, theme.text, y, state.headline);
    draw_centred(frame, *frame.look.text, state.sentence_rgb, y + frame.px(kSentence), state.sentence);
    return state.button != nullptr && centred_button(frame, y + frame.px(kButton), state.button);
}

void draw_looking(Frame& frame) {
    const Rect& list = frame.layout.list;
    const float y = list.y0 + list.height() * kHeadlineAt;
    draw_spinner(frame, {list.middle_x(), y - frame.px(28)});
    draw_centred(frame, *frame.look.strong, frame.look.theme.text, y, "Looking\xE2\x80\xA6");
}

std::string hidden_text(std::size_t hidden) {
    if (hidden == 0) {
        return "There are no rows that it could find. Enter clears it.";
    }
    return hidden == 1 ? "The filter hides the one row that there is. Enter shows it again."
                       : fmt::format("The filter hides all {} rows. Enter shows them again.", hidden);
}

// Why there are no rows, and so what would bring some.
enum class Reason : std::uint8_t { none, nothing_there, system, view, filter };

Reason reason_of(const Frame& frame) {
    const Model& model = frame.model;
    if (!model.snapshot || line_count(frame) > 0) {
        return Reason::none;
    }
    if (model.snapshot->rows.empty()) {
        return Reason::nothing_there;
    }
    if (model.arrangement.system_found > 0) {
        return Reason::system;
    }
    const bool filtered = !frame.state.filter.empty();
    if (model.view != snapshot::View::all && (!filtered || model.arrangement.outside > 0)) {
        return Reason::view;
    }
    if (filtered && model.arrangement.system_outside > 0) {
        return Reason::system;
    }
    return filtered || model.arrangement.hidden > 0 ? Reason::filter : Reason::nothing_there;
}

void draw_system_reason(Frame& frame) {
    const auto& arrangement = frame.model.arrangement;
    const bool outside = arrangement.system_found == 0;
    const std::size_t found = outside ? arrangement.system_outside : arrangement.system_found;
    const bool filtered = !frame.state.filter.empty();
    const std::string headline = fmt::format("{} hidden system {}{}", found, found == 1 ? "port" : "ports",
                                             !filtered    ? ""
                                             : found == 1 ? " matches"
                                                          : " match");
    const char* const others = filtered                                  ? "Nothing else does."
                               : frame.model.view == snapshot::View::all ? "There are no others."
                                                                         : "This view has no others.";
    if (draw_state(frame, {Mark::no_match, headline.c_str(),
                           fmt::format("{} Enter shows {}.", others, found == 1 ? "it" : "them"),
                           frame.look.theme.muted, "Show system ports"})) {
        show_rest(frame);
    }
}

const char* nothing_in(snapshot::View view) {
    using snapshot::View;
    switch (view) {
    case View::mine:
        return "None of the ports is yours";
    case View::dev_servers:
        return "No dev server is running";
    case View::databases:
        return "No database is running";
    case View::exposed:
        return "Nothing can be reached from outside";
    case View::all:
        break;
    }
    return "Every port is free";
}

void draw_view_reason(Frame& frame) {
    const Model& model = frame.model;
    const bool filtered = !frame.state.filter.empty();
    const std::size_t others = filtered ? model.arrangement.outside : model.view_counts.front();
    const std::string headline =
        filtered ? fmt::format("Nothing matches in {}", snapshot::title_of(model.view)) : nothing_in(model.view);
    const std::string sentence =
        filtered ? fmt::format("{} {} in All. Enter shows {}.", others, others == 1 ? "port matches" : "ports match",
                               others == 1 ? "it" : "them")
                 : fmt::format("There {} {} in all. Enter shows {}.", others == 1 ? "is" : "are",
                               others == 1 ? "1 port" : fmt::format("{} ports", others), others == 1 ? "it" : "them");
    if (draw_state(frame, {Mark::no_match, headline.c_str(), sentence, frame.look.theme.muted, "Show all"})) {
        show_rest(frame);
    }
}

} // namespace

bool draw_empty(Frame& frame) {
    if (line_count(frame) > 0 || frame.state.gone.count() > 0) {
        return false;
    }
    const Theme& theme = frame.look.theme;
    const Model& model = frame.model;
    if (!model.snapshot && model.scan_error.empty()) {
        draw_looking(frame);
    } else if (!model.snapshot) {
        if (draw_state(frame, {Mark::failing, "The ports cannot be read", model.scan_error, theme.red, "Try again"})) {
            frame.emit(Rescan{});
        }
    } else if (const Reason reason = reason_of(frame); reason == Reason::system) {
        draw_system_reason(frame);
    } else if (reason == Reason::view) {
        draw_view_reason(frame);
    } else if (reason == Reason::nothing_there) {
        static_cast<void>(draw_state(frame, {Mark::free, "Every port is free",
                                             "No TCP socket listens on this machine, and no UDP socket is bound.",
                                             theme.muted, nullptr}));
    } else if (draw_state(frame, {Mark::no_match, "Nothing matches", hidden_text(model.arrangement.hidden), theme.muted,
                                  "Clear filter"})) {
        show_rest(frame);
    }
    return true;
}

bool show_rest(Frame& frame) {
    switch (reason_of(frame)) {
    case Reason::system:
        show_system_ports(frame, true);
        if (frame.model.arrangement.system_found == 0) { // it is in none but this one
            choose_view(frame, snapshot::View::all);
        }
        return true;
    case Reason::view:
        choose_view(frame, snapshot::View::all);
        return true;
    case Reason::filter:
        clear_filter(frame);
        focus_filter(frame, UiState::Field::Cursor::to_end);
        return true;
    case Reason::none:
    case Reason::nothing_there:
        break;
    }
    return false;
}

void show_system_ports(Frame& frame, bool show) {
    Preferences wanted = frame.model.preferences;
    wanted.hide_system_ports = !show;
    frame.emit(SetPreferences{wanted, true});
}

} // namespace portside::ui
