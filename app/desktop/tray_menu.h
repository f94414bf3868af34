// SPDX-License-Identifier: MIT
// The tray's menu, which hosts draw: com.canonical.dbusmenu with Show or Hide, Rescan and Quit. Bus thread.
#pragma once

#include "app/desktop/connection.h"
#include "app/desktop/order.h"

#include <cstdint>
#include <functional>

namespace portside::desktop {

class TrayMenu {
  public:
    static constexpr const char* kPath = "/StatusNotifierItem/Menu";

    // `connection` outlives this.
    TrayMenu(Connection& connection, std::function<void(Order)> on_order);
    TrayMenu(const TrayMenu&) = delete;
    TrayMenu& operator=(const TrayMenu&) = delete;

    void start();
    // What its first entry says and does. `tell`: hosts are told where that is new.
    void set_window_shown(bool shown, bool tell);

  private:
    static int called(sd_bus_message* message, void* self, sd_bus_error* error);
    int answer(sd_bus_message* message);
    int answer_layout(sd_bus_message* message);
    int answer_group(sd_bus_message* message);
    int answer_property(sd_bus_message* message);
    int answer_event(sd_bus_message* message);
    int answer_events(sd_bus_message* message);
    int answer_about_to_show(sd_bus_message* message);
    int answer_about_to_show_group(sd_bus_message* message);
    int answer_own_property(sd_bus_message* message);
    int answer_own_properties(sd_bus_message* message);
    [[nodiscard]] bool read_event(sd_bus_message* message);
    [[nodiscard]] bool append_entry(sd_bus_message* to, std::int32_t id) const;
    [[nodiscard]] bool append_properties(sd_bus_message* to, std::int32_t id) const;
    [[nodiscard]] const char* label(std::int32_t id) const;
    void opened();

    Connection& connection_;
    std::function<void(Order)> on_order_;
    bool window_shown_ = true;
};

} // namespace portside::desktop
