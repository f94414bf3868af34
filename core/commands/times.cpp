// SPDX-License-Identifier: MIT
#include "core/commands/times.h"

#include <fmt/format.h>

namespace portside::commands {

std::string seconds_text(std::chrono::milliseconds time) {
    const auto tenths = (time.count() + 50) / 100;
    if (tenths == 0) {
        return "less than 0.1 s";
    }
    return tenths < 100 && tenths % 10 != 0 ? fmt::format("{}.{} s", tenths / 10, tenths % 10)
                                            : fmt::format("{} s", tenths / 10);
}

} // namespace portside::commands
