// SPDX-License-Identifier: MIT
// `portside-overlay`, the window. People start `portside`, which becomes this.
#include "app/overlay/overlay.h"

#include <cstdio>
#include <fmt/format.h>
#include <malloc.h>

int main(int count, char** values) {
    // One heap for all threads: they allocate little and seldom at the same time, and each heap more keeps a megabyte.
    mallopt(M_ARENA_MAX, 1); // NOLINT(concurrency-mt-unsafe): no other thread runs yet
    const auto options = portside::overlay::parse_options({values + 1, values + count});
    if (!options) {
        fmt::print(stderr, "portside-overlay: {}\n", options.error().what);
        return 2;
    }
    if (options->help) {
        std::puts("portside-overlay: the window of Portside, opened by `portside`.\n"
                  "Options: --source=auto|netlink|proc, --bound, --toggle, --start-hidden, --help, --version");
        return 0;
    }
    if (options->version) {
        std::puts("portside-overlay " PORTSIDE_VERSION);
        return 0;
    }
    return portside::overlay::run(*options);
}
