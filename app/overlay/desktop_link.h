// SPDX-License-Identifier: MIT
// Between the overlay and the desktop's side of D-Bus: snapshots become the tray's text, what the desktop says becomes
// a theme and a way back. UI thread.
#pragma once

#include "app/desktop/instance.h"
#include "app/session/session.h"
#include "app/session/settings.h"
#include "core/snapshot/scanner_thread.h"

#include <vector>

namespace portside::overlay {

class DesktopLink {
  public:
    // `instance` outlives this; null: there is no session bus.
    explicit DesktopLink(desktop::Instance* instance) : instance_(instance) {}

    [[nodiscard]] std::vector<desktop::Order> take_orders() const;
    [[nodiscard]] session::WayBack way_back() const;
    [[nodiscard]] bool is_light(session::ThemeChoice choice) const;
    // Costs nothing where all is as it was.
    void tell(const snapshot::ScannerReport& report, bool window_shown);

  private:
    void count(const snapshot::Snapshot& snapshot);

    desktop::Instance* const instance_;
    snapshot::SnapshotPtr counted_;
    std::uint64_t answered_ = 0; // of the report that `text_` is of
    desktop::TrayText text_;
};

// "12:03", in the person's own time zone.
[[nodiscard]] std::string clock_text(snapshot::WallTime time);

} // namespace portside::overlay
