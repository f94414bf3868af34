// SPDX-License-Identifier: MIT
// How long ago, as a person says it. Pure.
#include "app/ui/age_text.h"

#include <array>
#include <chrono>
#include <ctime>
#include <fmt/format.h>

namespace portside::ui {

namespace {

using snapshot::WallTime;
using namespace std::chrono_literals;

constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::chrono::hours kDay{24};
constexpr std::chrono::hours kWeek{24 * 6}; // the name of a day is clear for as long

std::tm local(WallTime time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    ::localtime_r(&seconds, &parts);
    return parts;
}

const char* day_of(const std::tm& parts) {
    return kDays.at(static_cast<std::size_t>(parts.tm_wday));
}

const char* month_of(const std::tm& parts) {
    return kMonths.at(static_cast<std::size_t>(parts.tm_mon));
}

std::string date_text(WallTime since, WallTime now) {
    const std::tm then = local(since);
    if (now - since < kWeek) {
        return fmt::format("{} {:02}:{:02}", day_of(then), then.tm_hour, then.tm_min);
    }
    return then.tm_year == local(now).tm_year ? fmt::format("{} {}", then.tm_mday, month_of(then))
                                              : fmt::format("{} {}", month_of(then), then.tm_year + 1900);
}

std::string many(std::int64_t count, const char* unit) {
    return fmt::format("{} {}{} ago", count, unit, count == 1 ? "" : "s");
}

} // namespace

AgeText age_text(WallTime since, WallTime now) {
    const auto first = std::chrono::round<std::chrono::minutes>(since);
    const auto minutes = std::chrono::floor<std::chrono::minutes>(now) - first;
    if (minutes < 1min) { // or the clock was set back
        return {"now", first + 1min};
    }
    if (minutes < 1h) {
        return {fmt::format("{} min", minutes.count()), first + minutes + 1min};
    }
    if (minutes < kDay) {
        const auto hours = std::chrono::floor<std::chrono::hours>(minutes);
        return {fmt::format("{} h", hours.count()), first + hours + 1h};
    }
    const bool named = now - since < kWeek;
    return {date_text(since, now), named ? std::optional<WallTime>(since + kWeek) : std::nullopt};
}

std::string clock_text(WallTime time, WallTime now) {
    const std::tm parts = local(time);
    const std::string year = parts.tm_year == local(now).tm_year ? "" : fmt::format(" {}", parts.tm_year + 1900);
    return fmt::format("{} {} {}{} {:02}:{:02}:{:02}", day_of(parts), parts.tm_mday, month_of(parts), year,
                       parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string ago_text(WallTime time, WallTime now) {
    const auto age = now - time;
    if (age < 1min) {
        return "just now";
    }
    if (age < 1h) {
        return fmt::format("{} min ago", std::chrono::floor<std::chrono::minutes>(age).count());
    }
    if (age < kDay) {
        return fmt::format("{} h ago", std::chrono::floor<std::chrono::hours>(age).count());
    }
    return many(age / kDay, "day");
}

std::string since_in_full(const snapshot::Snapshot& snapshot, const snapshot::Row& row, WallTime now) {
    std::string text;
    if (row.appeared) {
        text = fmt::format("The port was taken at {}.", clock_text(row.seen_at, now));
    } else if (row.seen_at != WallTime{}) {
        text = fmt::format("The port is taken since {} at least: then Portside looked for the first time.",
                           clock_text(row.seen_at, now));
    }
    if (const auto* const process = snapshot::topmost_process(snapshot, row)) {
        if (const auto start = snapshot::started_at(snapshot, process->id)) {
            text += fmt::format("{}{} ({}) started at {}.", text.empty() ? "" : "\n", process->name, process->id.pid,
                                clock_text(*start, now));
        }
    }
    return text;
}

} // namespace portside::ui
