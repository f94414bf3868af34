// SPDX-License-Identifier: MIT
// The command line as values. Includes nothing of CLI11, which arguments.cpp alone reads.
#pragma once

#include "core/commands/targets.h"
#include "core/commands/way.h"
#include "core/snapshot/query.h"
#include "core/snapshot/scanner.h"

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace portside::cli {

struct OverlayArguments {
    std::vector<std::string> passed_on; // in the form that portside-overlay takes
};

struct ListArguments {
    snapshot::ScannerOptions scanner;
    snapshot::Query query;
    bool json = false;
    snapshot::View view = snapshot::View::all;
};

struct KillArguments {
    snapshot::ScannerOptions scanner;
    std::vector<commands::Target> targets;
    std::chrono::milliseconds timeout{5000};
    commands::Way way = commands::Way::kill;
    bool force = false;
    bool elevate = false;
    bool dry_run = false;
    bool yes = false;
};

// Nothing is to be run: `text` is for stdout where the code is 0 (--help, --version), else one line for stderr.
struct Answer {
    int exit_code = 0;
    std::string text;
};

using Arguments = std::variant<Answer, OverlayArguments, ListArguments, KillArguments>;

[[nodiscard]] Arguments parse_arguments(int count, const char* const* values);

} // namespace portside::cli
