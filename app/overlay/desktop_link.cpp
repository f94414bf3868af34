// SPDX-License-Identifier: MIT
#include "app/overlay/desktop_link.h"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>

namespace portside::overlay {

std::string clock_text(snapshot::WallTime time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm local{};
    if (::localtime_r(&seconds, &local) == nullptr) {
        return "?";
    }
    return fmt::format("{:02}:{:02}", local.tm_hour, local.tm_min);
}

std::vector<desktop::Order> DesktopLink::take_orders() const {
    return instance_ != nullptr ? instance_->take_orders() : std::vector<desktop::Order>{};
}

session::WayBack DesktopLink::way_back() const {
    if (instance_ == nullptr || !instance_->reachable()) {
        return session::WayBack::none;
    }
    return instance_->has_tray() || instance_->found_again() ? session::WayBack::known : session::WayBack::untried;
}

bool DesktopLink::is_light(session::ThemeChoice choice) const {
    if (choice == session::ThemeChoice::desktop) {
        return instance_ != nullptr && instance_->color_scheme() == desktop::ColorScheme::light;
    }
    return choice == session::ThemeChoice::light;
}

void DesktopLink::tell(const snapshot::ScannerReport& report, bool window_shown) {
    if (instance_ == nullptr || !report.snapshot) {
        return;
    }
    const bool fresh = report.snapshot != counted_;
    if (!fresh && report.answered_request == answered_ && text_.window_shown == window_shown) {
        return;
    }
    if (fresh) {
        counted_ = report.snapshot;
        count(*counted_);
    } else if (report.answered_request != answered_) {
        text_.as_of = clock_text(std::chrono::system_clock::now()); // looked again, and nothing had changed
    }
    answered_ = report.answered_request;
    text_.window_shown = window_shown;
    instance_->set_tray_text(text_);
}

void DesktopLink::count(const snapshot::Snapshot& snapshot) {
    const auto tcp = std::ranges::count_if(
        snapshot.rows, [](const snapshot::Row& row) { return row.key.protocol == platform::Protocol::tcp; });
    text_.ports = snapshot.rows.size();
    text_.tcp = static_cast<std::size_t>(tcp);
    text_.udp = text_.ports - text_.tcp;
    text_.as_of = clock_text(snapshot.taken_at);
}

} // namespace portside::overlay
