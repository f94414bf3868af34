// SPDX-License-Identifier: MIT
// Joining and leaving: the watcher keeps the list of items, hosts draw them. What hosts ask for is in tray_item.cpp.
#include "app/desktop/tray.h"

#include <fmt/format.h>
#include <unistd.h>

namespace portside::desktop {

namespace {

using namespace std::chrono_literals;

constexpr const char* kWatcher = "org.kde.StatusNotifierWatcher";
constexpr const char* kWatcherPath = "/StatusNotifierWatcher";
constexpr const char* kBus = "org.freedesktop.DBus";
constexpr const char* kBusPath = "/org/freedesktop/DBus";
constexpr auto kBetweenTexts = 1s;

} // namespace

std::string tray_sentence(const TrayText& text) {
    if (text.as_of.empty()) {
        return "Nothing has been counted yet";
    }
    return fmt::format("{} {} ({} TCP, {} UDP), as of {}", text.ports, text.ports == 1 ? "port" : "ports", text.tcp,
                       text.udp, text.as_of);
}

Tray::Tray(Connection& connection, Outwards outwards)
    : connection_(connection), outwards_(std::move(outwards)),
      name_(fmt::format("org.kde.StatusNotifierItem-{}-1", ::getpid())), menu_(connection, outwards_.order) {}

void Tray::start() {
    static_cast<void>(connection_.sd.add_object(connection_.bus, nullptr, kItemPath, &Tray::item_called, this));
    menu_.start();
    connection_.follow_owner(kWatcher, &Tray::watcher_came_or_went, this);
    connection_.listen(kWatcher, {kWatcher, "StatusNotifierHostRegistered"}, &Tray::hosts_changed, this);
    connection_.listen(kWatcher, {kWatcher, "StatusNotifierHostUnregistered"}, &Tray::hosts_changed, this);
    ask_for_hosts();
}

bool Tray::set_text(TrayText text) {
    const std::lock_guard lock(mutex_);
    if (text_ == text) {
        return false;
    }
    text_ = std::move(text);
    return true;
}

TrayText Tray::text() const {
    const std::lock_guard lock(mutex_);
    return text_;
}

std::optional<Tray::SteadyTime> Tray::tell(SteadyTime now) {
    if (!joined_) {
        return std::nullopt;
    }
    const auto current = text();
    menu_.set_window_shown(current.window_shown, true);
    auto sentence = tray_sentence(current);
    if (sentence == told_) {
        return std::nullopt;
    }
    if (told_at_ && now - *told_at_ < kBetweenTexts) {
        return *told_at_ + kBetweenTexts;
    }
    told_ = std::move(sentence);
    told_at_ = now;
    static_cast<void>(connection_.send(connection_.signal_of(kItemPath, {kItem, "NewToolTip"})));
    static_cast<void>(connection_.send(connection_.signal_of(kItemPath, {kItem, "NewTitle"})));
    return std::nullopt;
}

// What a new watcher knows of us is nothing; what an old one said does not count any more.
int Tray::watcher_came_or_went(sd_bus_message* /*message*/, void* self, sd_bus_error* /*error*/) {
    auto& tray = *static_cast<Tray*>(self);
    tray.question_.reset();
    tray.ask_again_ = false;
    tray.leave();
    tray.ask_for_hosts();
    return 0;
}

// Who said so is not looked at: the watcher itself is asked.
int Tray::hosts_changed(sd_bus_message* /*message*/, void* self, sd_bus_error* /*error*/) {
    static_cast<Tray*>(self)->ask_for_hosts();
    return 0;
}

void Tray::ask_for_hosts() {
    if (question_) {
        ask_again_ = true;
        return;
    }
    const auto question = connection_.call_to(kWatcher, kWatcherPath, {kProperties, "Get"});
    // Looking for a tray starts none.
    if (question && connection_.sd.set_auto_start(question.get(), 0) >= 0 &&
        connection_.sd.append(question.get(), "ss", kWatcher, "IsStatusNotifierHostRegistered") >= 0) {
        question_ = connection_.ask(question, &Tray::hosts_told, this);
    }
}

int Tray::hosts_told(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    auto& tray = *static_cast<Tray*>(self);
    tray.question_.reset();
    int hosts = 0;
    const bool told =
        tray.connection_.sd.get_error(message) == nullptr && tray.connection_.sd.read(message, "v", "b", &hosts) >= 0;
    if (std::exchange(tray.ask_again_, false)) {
        tray.ask_for_hosts();
    } else if (told && hosts != 0) {
        tray.join();
    } else {
        tray.leave();
    }
    return 0;
}

// The name comes first on the connection, so the watcher finds it. Watchers forget an item when its name goes: it is
// the only way to take one back.
void Tray::join() {
    if (joined_) {
        return;
    }
    joined_ = true;
    if (icons_.empty()) {
        for (const int side : {16, 22, 24, 32, 48, 64}) {
            icons_.push_back(draw_icon(side));
        }
    }
    const auto current = text();
    told_ = tray_sentence(current);
    menu_.set_window_shown(current.window_shown, false);
    const auto name = connection_.call_to(kBus, kBusPath, {kBus, "RequestName"});
    if (name && connection_.sd.append(name.get(), "su", name_.c_str(), 0U) >= 0) {
        static_cast<void>(connection_.send(name));
    }
    const auto item = connection_.call_to(kWatcher, kWatcherPath, {kWatcher, "RegisterStatusNotifierItem"});
    if (item && connection_.sd.append(item.get(), "s", name_.c_str()) >= 0) {
        registration_ = connection_.ask(item, &Tray::registered, this);
    }
}

int Tray::registered(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    auto& tray = *static_cast<Tray*>(self);
    tray.registration_.reset();
    if (tray.connection_.sd.get_error(message) == nullptr) {
        tray.set_shown(true);
    } else {
        tray.leave();
    }
    return 0;
}

void Tray::leave() {
    if (!joined_) {
        return;
    }
    joined_ = false;
    registration_.reset();
    const auto name = connection_.call_to(kBus, kBusPath, {kBus, "ReleaseName"});
    if (name && connection_.sd.append(name.get(), "s", name_.c_str()) >= 0) {
        static_cast<void>(connection_.send(name));
    }
    set_shown(false);
}

void Tray::set_shown(bool shown) {
    if (shown_.exchange(shown) != shown) {
        outwards_.changed();
    }
}

} // namespace portside::desktop
