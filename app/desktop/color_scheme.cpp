// SPDX-License-Identifier: MIT
#include "app/desktop/color_scheme.h"

#include <cstring>
#include <utility>

namespace portside::desktop {

namespace {

constexpr const char* kPortal = "org.freedesktop.portal.Desktop";
constexpr const char* kPortalPath = "/org/freedesktop/portal/desktop";
constexpr const char* kSettings = "org.freedesktop.portal.Settings";
constexpr const char* kAppearance = "org.freedesktop.appearance";
constexpr const char* kKey = "color-scheme";
constexpr int kDeepest = 3; // variants within variants: Read wraps its answer twice

} // namespace

ColorSchemeWatch::ColorSchemeWatch(Connection& connection, std::function<void()> changed)
    : connection_(connection), changed_(std::move(changed)) {}

void ColorSchemeWatch::start() {
    connection_.follow_owner(kPortal, &ColorSchemeWatch::portal_came_or_went, this);
    connection_.listen(kPortal, {kSettings, "SettingChanged"}, &ColorSchemeWatch::setting_changed, this);
    ask();
}

// One that went said its last: what it said goes on to hold.
int ColorSchemeWatch::portal_came_or_went(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    auto& watch = *static_cast<ColorSchemeWatch*>(self);
    const char* name = "";
    const char* before = "";
    const char* now = "";
    if (watch.connection_.sd.read(message, "sss", &name, &before, &now) >= 0 && *now != '\0') {
        watch.by_read_one_ = true;
        watch.ask();
    }
    return 0;
}

// The signal is only the occasion: anybody could send one, so the portal is asked.
int ColorSchemeWatch::setting_changed(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    auto& watch = *static_cast<ColorSchemeWatch*>(self);
    const char* group = "";
    const char* key = "";
    if (watch.connection_.sd.read(message, "ss", &group, &key) >= 0 && std::strcmp(group, kAppearance) == 0 &&
        std::strcmp(key, kKey) == 0) {
        watch.ask();
    }
    return 0;
}

void ColorSchemeWatch::ask() {
    if (question_) {
        ask_again_ = true;
        return;
    }
    const auto question = connection_.call_to(kPortal, kPortalPath, {kSettings, by_read_one_ ? "ReadOne" : "Read"});
    if (question && connection_.sd.append(question.get(), "ss", kAppearance, kKey) >= 0) {
        question_ = connection_.ask(question, &ColorSchemeWatch::told, this);
    }
}

int ColorSchemeWatch::told(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    auto& watch = *static_cast<ColorSchemeWatch*>(self);
    watch.question_.reset();
    const auto* const error = watch.connection_.sd.get_error(message);
    const bool too_old = error != nullptr && error->name != nullptr &&
                         std::strcmp(error->name, "org.freedesktop.DBus.Error.UnknownMethod") == 0;
    if (std::exchange(watch.ask_again_, false)) {
        watch.ask();
    } else if (too_old && std::exchange(watch.by_read_one_, false)) {
        watch.ask();
    } else if (error == nullptr) {
        watch.take(message);
    }
    return 0;
}

void ColorSchemeWatch::take(sd_bus_message* answer) {
    const auto& sd = connection_.sd;
    char type = 0;
    const char* content = nullptr;
    for (int depth = 0; depth < kDeepest && sd.peek_type(answer, &type, &content) > 0 && type == 'v'; ++depth) {
        if (sd.enter_container(answer, 'v', nullptr) < 0) {
            return;
        }
    }
    std::uint32_t value = 0;
    if (sd.peek_type(answer, &type, &content) <= 0 || type != 'u' || sd.read(answer, "u", &value) < 0) {
        return; // not what the portal's documentation says
    }
    const auto preferred = value == 1   ? ColorScheme::dark
                           : value == 2 ? ColorScheme::light
                                        : ColorScheme::no_preference; // and what may come to be
    if (preferred_.exchange(preferred) != preferred) {
        changed_();
    }
}

} // namespace portside::desktop
