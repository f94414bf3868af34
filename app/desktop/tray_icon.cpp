// SPDX-License-Identifier: MIT
#include "app/desktop/tray_icon.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <optional>

namespace portside::desktop {

namespace {

// The picture is 128 units wide, as in the file.
constexpr double kUnits = 128;
constexpr double kMiddle = 64;
constexpr int kSamples = 6; // a side, in each pixel

struct Color {
    double red = 0;
    double green = 0;
    double blue = 0;
};

constexpr Color rgb(std::uint32_t value) {
    return {static_cast<double>(value >> 16U & 0xFFU), static_cast<double>(value >> 8U & 0xFFU),
            static_cast<double>(value & 0xFFU)};
}

constexpr Color mix(Color from, Color to, double part) {
    return {from.red + (to.red - from.red) * part, from.green + (to.green - from.green) * part,
            from.blue + (to.blue - from.blue) * part};
}

// How far outside of a square with round corners around the middle; less than 0 inside.
double outside_square(double x, double y, double half, double radius) {
    const double dx = std::max(std::abs(x - kMiddle) - (half - radius), 0.0);
    const double dy = std::max(std::abs(y - kMiddle) - (half - radius), 0.0);
    return std::hypot(dx, dy) - radius;
}

// Inside the ring: the port light of a ship, what it shines along, and the water.
Color through_porthole(double x, double y) {
    if (std::hypot(x - 52, y - 51) < 6.5) {
        return rgb(0xFF6B6B);
    }
    if (std::hypot(x - std::clamp(x, 62.0, 74.0), y - 51) < 2.5) {
        return rgb(0xE8EAF0);
    }
    const double water = 67 - 4 * std::sin(std::numbers::pi * (x - 33) / 16);
    if (std::abs(y - water) < 2.2) {
        return rgb(0xA9CCFF);
    }
    return y > water ? rgb(0x2F6FD6) : rgb(0x0F2038);
}

std::optional<Color> color_at(double x, double y) {
    const double edge = outside_square(x, y, 58, 28);
    if (edge > 0) {
        return std::nullopt;
    }
    const double from_middle = std::hypot(x - kMiddle, y - kMiddle);
    if (from_middle < 31.5) {
        return through_porthole(x, y);
    }
    if (from_middle < 40.5) {
        return rgb(0x5B9DFF);
    }
    return edge > -2 ? rgb(0x2A2E38) : mix(rgb(0x1F2530), rgb(0x14161B), y / kUnits);
}

std::array<std::uint8_t, 4> pixel_at(int column, int line, int side) {
    Color sum;
    int covered = 0;
    for (int i = 0; i < kSamples * kSamples; ++i) {
        const double step = kUnits / side / kSamples;
        const auto color = color_at((column * kSamples + i % kSamples + 0.5) * step,
                                    (line * kSamples + i / kSamples + 0.5) * step); // NOLINT(bugprone-integer-division)
        if (color) {
            sum = {sum.red + color->red, sum.green + color->green, sum.blue + color->blue};
            ++covered;
        }
    }
    const auto byte = [](double value) { return static_cast<std::uint8_t>(std::lround(value)); };
    const double share = covered == 0 ? 1 : covered;
    return {byte(255.0 * covered / (kSamples * kSamples)), byte(sum.red / share), byte(sum.green / share),
            byte(sum.blue / share)};
}

} // namespace

IconPixels draw_icon(int side) {
    IconPixels icon{side, {}};
    icon.argb.reserve(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 4);
    for (int line = 0; line < side; ++line) {
        for (int column = 0; column < side; ++column) {
            const auto pixel = pixel_at(column, line, side);
            icon.argb.insert(icon.argb.end(), pixel.begin(), pixel.end());
        }
    }
    return icon;
}

} // namespace portside::desktop
