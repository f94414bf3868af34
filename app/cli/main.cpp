// SPDX-License-Identifier: MIT
// `portside`, the command line: list, kill, and the door to the overlay. Loads no window library.
#include "app/cli/arguments.h"
#include "app/cli/kill_command.h"
#include "app/cli/list_command.h"
#include "app/cli/long_list_heap.h"
#include "app/cli/open_overlay.h"

#include <cstdio>

namespace {

struct Run {
    int operator()(const portside::cli::Answer& answer) const {
        std::fputs(answer.text.c_str(), answer.exit_code == 0 ? stdout : stderr);
        if (answer.exit_code != 0) {
            std::fputs("\n", stderr);
        }
        return answer.exit_code;
    }
    int operator()(const portside::cli::OverlayArguments& arguments) const { return open_overlay(arguments); }
    int operator()(const portside::cli::ListArguments& arguments) const {
        portside::cli::prepare_heap_for_long_lists();
        return run_list(arguments);
    }
    int operator()(const portside::cli::KillArguments& arguments) const { return run_kill(arguments); }
};

} // namespace

int main(int count, char** values) {
    return std::visit(Run{}, portside::cli::parse_arguments(count, values));
}
