// SPDX-License-Identifier: MIT
// Where a window goes. Pure.
#include "app/shell/place.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace portside::shell {
namespace {

constexpr float kMargin = 32; // kept free on each side of a window that nobody has placed yet, at scale 1
constexpr std::size_t kMostPlaces = 16;
constexpr int kCornerLength = 3; // times the edge's width
constexpr float kDotsPerInch = 96;

std::int64_t distance(const Area& area, Point point) {
    const std::int64_t x = std::max({area.x - point.x, 0, point.x - (area.x + area.width - 1)});
    const std::int64_t y = std::max({area.y - point.y, 0, point.y - (area.y + area.height - 1)});
    return x * x + y * y;
}

std::int64_t overlap(const Area& a, const Area& b) {
    const std::int64_t width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
    const std::int64_t height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
    return width > 0 && height > 0 ? width * height : 0;
}

// A length that fits: no more than `most`, and never nothing.
int fitted(float wanted, float least, int most) {
    return std::max(static_cast<int>(std::min(std::max(wanted, least), static_cast<float>(most))), 1);
}

int moved_inside(float wanted, int length, int from, int room) {
    const auto place = static_cast<int>(std::lround(std::clamp(wanted, -1e6F, 1e6F)));
    return std::clamp(place, from, std::max(from, from + room - length));
}

} // namespace

std::size_t monitor_at(std::span<const Monitor> monitors, Point point) {
    const auto nearest =
        std::ranges::min_element(monitors, {}, [&](const Monitor& one) { return distance(one.whole, point); });
    return static_cast<std::size_t>(nearest - monitors.begin());
}

std::size_t monitor_of(std::span<const Monitor> monitors, const Area& window) {
    const auto most =
        std::ranges::max_element(monitors, {}, [&](const Monitor& one) { return overlap(one.whole, window); });
    if (overlap(most->whole, window) == 0) {
        return monitor_at(monitors, {window.x + window.width / 2, window.y + window.height / 2});
    }
    return static_cast<std::size_t>(most - monitors.begin());
}

Area area_on(const Monitor& monitor, std::span<const base::WindowPlace> remembered, const Sizes& sizes, float unit) {
    const Area& room = monitor.work.width > 0 && monitor.work.height > 0 ? monitor.work : monitor.whole;
    const auto here = std::ranges::find(remembered, monitor.name, &base::WindowPlace::monitor);
    const auto* const known = here != remembered.end() ? &*here : (remembered.empty() ? nullptr : &remembered.front());
    float width = known != nullptr ? known->width : sizes.width;
    float height = known != nullptr ? known->height : sizes.height;
    if (known == nullptr) {
        width = std::min(width, static_cast<float>(room.width) / unit - 2 * kMargin);
        height = std::min(height, static_cast<float>(room.height) / unit - 2 * kMargin);
    }
    Area area;
    area.width = fitted(width * unit, sizes.min_width * unit, room.width);
    area.height = fitted(height * unit, sizes.min_height * unit, room.height);
    if (here != remembered.end()) {
        const auto x = static_cast<float>(monitor.whole.x) + here->x * unit;
        const auto y = static_cast<float>(monitor.whole.y) + here->y * unit;
        area.x = moved_inside(x, area.width, room.x, room.width);
        area.y = moved_inside(y, area.height, room.y, room.height);
    } else {
        area.x = room.x + (room.width - area.width) / 2;
        area.y = room.y + (room.height - area.height) / 3;
    }
    return area;
}

base::WindowPlace place_on(const Monitor& monitor, const Area& window, float unit) {
    const auto units = [unit](int length) { return std::round(static_cast<float>(length) / unit * 100) / 100; };
    return {.monitor = monitor.name,
            .x = units(window.x - monitor.whole.x),
            .y = units(window.y - monitor.whole.y),
            .width = units(window.width),
            .height = units(window.height),
            .maximised = false};
}

void remember(std::vector<base::WindowPlace>& places, const base::WindowPlace& place) {
    std::erase_if(places, [&](const base::WindowPlace& one) { return one.monitor == place.monitor; });
    places.insert(places.begin(), place);
    places.resize(std::min(places.size(), kMostPlaces));
}

Grip grip_at(Point point, Point size, int margin) {
    if (point.x < 0 || point.y < 0 || point.x >= size.x || point.y >= size.y) {
        return Grip::none;
    }
    const auto side = [](int at, int length, int width) { return at < width ? 0 : (at >= length - width ? 2 : 1); };
    const bool on_edge = side(point.x, size.x, margin) != 1 || side(point.y, size.y, margin) != 1;
    if (!on_edge) {
        return Grip::none;
    }
    constexpr std::array<std::array<Grip, 3>, 3> kGrips{{{Grip::top_left, Grip::top, Grip::top_right},
                                                         {Grip::left, Grip::none, Grip::right},
                                                         {Grip::bottom_left, Grip::bottom, Grip::bottom_right}}};
    const int corner = margin * kCornerLength;
    const auto column = static_cast<std::size_t>(side(point.x, size.x, corner));
    const auto row = static_cast<std::size_t>(side(point.y, size.y, corner));
    return kGrips.at(row).at(column);
}

Area dragged(const Area& start, Grip grip, Point moved, Point least) {
    if (grip == Grip::move) {
        return {start.x + moved.x, start.y + moved.y, start.width, start.height};
    }
    const bool left = grip == Grip::top_left || grip == Grip::left || grip == Grip::bottom_left;
    const bool right = grip == Grip::top_right || grip == Grip::right || grip == Grip::bottom_right;
    const bool top = grip == Grip::top_left || grip == Grip::top || grip == Grip::top_right;
    const bool bottom = grip == Grip::bottom_left || grip == Grip::bottom || grip == Grip::bottom_right;
    Area area = start;
    area.width = std::max(least.x, start.width + (right ? moved.x : 0) - (left ? moved.x : 0));
    area.height = std::max(least.y, start.height + (bottom ? moved.y : 0) - (top ? moved.y : 0));
    area.x = left ? start.x + start.width - area.width : start.x;
    area.y = top ? start.y + start.height - area.height : start.y;
    return area;
}

float scale_in(std::string_view resources) {
    constexpr std::string_view kName = "Xft.dpi:";
    std::size_t at = resources.starts_with(kName) ? 0 : resources.find("\nXft.dpi:");
    if (at == std::string_view::npos) {
        return 1;
    }
    at = resources.find(':', at) + 1;
    at = std::min(resources.find_first_not_of(" \t", at), resources.size());
    float dots = 0;
    const auto read = std::from_chars(resources.data() + at, resources.data() + resources.size(), dots);
    return read.ec == std::errc() && dots > 0 ? dots / kDotsPerInch : 1;
}

} // namespace portside::shell
