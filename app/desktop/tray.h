// SPDX-License-Identifier: MIT
// Portside in the tray: a StatusNotifierItem with a menu, where a watcher with a host for it is present. Values in,
// orders out. On the bus thread, but for what says otherwise.
#pragma once

#include "app/desktop/connection.h"
#include "app/desktop/order.h"
#include "app/desktop/tray_icon.h"
#include "app/desktop/tray_menu.h"
#include "app/desktop/tray_text.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace portside::desktop {

inline constexpr const char* kItem = "org.kde.StatusNotifierItem";
inline constexpr const char* kItemPath = "/StatusNotifierItem";

class Tray {
  public:
    struct Outwards {
        std::function<void(Order)> order; // the person asked for something
        std::function<void()> changed;    // shown() is another than before
    };
    // `connection` outlives this.
    Tray(Connection& connection, Outwards outwards);
    Tray(const Tray&) = delete;
    Tray& operator=(const Tray&) = delete;

    // Serves the item and looks for a watcher, now and whenever one comes.
    void start();
    // What the tray says from now on; false where it says so already. Any thread; call tell() on the bus thread then.
    bool set_text(TrayText text);
    // Whether a host shows us. Any thread.
    [[nodiscard]] bool shown() const { return shown_; }
    // Tells hosts what has changed: the tooltip at most once a second. Returns when it is due again.
    std::optional<std::chrono::steady_clock::time_point> tell(std::chrono::steady_clock::time_point now);

  private:
    using SteadyTime = std::chrono::steady_clock::time_point;
    static int item_called(sd_bus_message* message, void* self, sd_bus_error* error);
    static int watcher_came_or_went(sd_bus_message* message, void* self, sd_bus_error* error);
    static int hosts_changed(sd_bus_message* message, void* self, sd_bus_error* error);
    static int hosts_told(sd_bus_message* message, void* self, sd_bus_error* error);
    static int registered(sd_bus_message* message, void* self, sd_bus_error* error);

    int answer(sd_bus_message* message);
    int answer_property(sd_bus_message* message);
    int answer_properties(sd_bus_message* message);
    [[nodiscard]] bool append_value(sd_bus_message* to, const std::string& property) const;
    [[nodiscard]] bool append_icon(sd_bus_message* to) const;
    void ask_for_hosts();
    void join();
    void leave();
    void set_shown(bool shown);
    [[nodiscard]] TrayText text() const;

    Connection& connection_;
    Outwards outwards_;
    const std::string name_; // on the bus, as long as a host shows us
    TrayMenu menu_;
    std::vector<IconPixels> icons_;
    Slot question_; // for hosts
    bool ask_again_ = false;
    Slot registration_;
    bool joined_ = false; // the name is ours, and the watcher was told
    std::atomic<bool> shown_ = false;

    mutable std::mutex mutex_;
    TrayText text_; // guarded by mutex_

    std::string told_; // the sentence that hosts know
    std::optional<SteadyTime> told_at_;
};

} // namespace portside::desktop
