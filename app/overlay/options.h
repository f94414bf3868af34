// SPDX-License-Identifier: MIT
// What `portside` passes on to the window program. Main thread.
#pragma once

#include "core/base/result.h"
#include "core/snapshot/scanner.h"

#include <string>
#include <string_view>
#include <vector>

namespace portside::overlay {

struct Options {
    snapshot::ScannerOptions scanner;
    bool toggle = false;       // one that runs is shown or hidden, rather than shown
    bool start_hidden = false; // not shown until it is asked for; one that runs is left as it is
    bool help = false;
    bool version = false;
};

// `--source=auto|netlink|proc`, `--bound`, `--toggle`, `--start-hidden`, `--help`, `--version`, in exactly these forms.
[[nodiscard]] base::Result<Options> parse_options(const std::vector<std::string_view>& words);

} // namespace portside::overlay
