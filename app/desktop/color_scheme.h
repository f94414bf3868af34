// SPDX-License-Identifier: MIT
// Whether the desktop prefers dark or light, by the settings portal (org.freedesktop.portal.Settings), live.
// On the bus thread, but for what says otherwise.
#pragma once

#include "app/desktop/connection.h"

#include <atomic>
#include <cstdint>
#include <functional>

namespace portside::desktop {

// unknown: nobody has said yet, or nobody will.
enum class ColorScheme : std::uint8_t { unknown, no_preference, dark, light };

class ColorSchemeWatch {
  public:
    // `connection` outlives this. `changed` runs when preferred() is another than before.
    ColorSchemeWatch(Connection& connection, std::function<void()> changed);
    ColorSchemeWatch(const ColorSchemeWatch&) = delete;
    ColorSchemeWatch& operator=(const ColorSchemeWatch&) = delete;

    void start();
    [[nodiscard]] ColorScheme preferred() const { return preferred_; } // any thread

  private:
    static int portal_came_or_went(sd_bus_message* message, void* self, sd_bus_error* error);
    static int setting_changed(sd_bus_message* message, void* self, sd_bus_error* error);
    static int told(sd_bus_message* message, void* self, sd_bus_error* error);
    void ask();
    void take(sd_bus_message* answer);

    Connection& connection_;
    std::function<void()> changed_;
    Slot question_;
    bool ask_again_ = false;
    bool by_read_one_ = true; // version 1 of the portal has only Read
    std::atomic<ColorScheme> preferred_ = ColorScheme::unknown;
};

} // namespace portside::desktop
