// SPDX-License-Identifier: MIT
// app/cli/long_list_heap: what smaps says of memory that was allocated after it (proc_pid_smaps(5)).
#include "app/cli/long_list_heap.h"

#include <cstdint>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace {

// Whether large pages were asked for where this is.
bool asks_for_large_pages(const void* where) {
    const auto address = reinterpret_cast<std::uintptr_t>(where);
    std::ifstream mappings("/proc/self/smaps");
    bool here = false;
    for (std::string line; std::getline(mappings, line);) {
        std::uintptr_t begin = 0;
        std::uintptr_t end = 0;
        char dash = 0;
        std::istringstream range(line);
        if (range >> std::hex >> begin >> dash >> end && dash == '-') {
            here = begin <= address && address < end;
        } else if (here && line.starts_with("VmFlags:")) {
            return line.find(" hg") != std::string::npos;
        }
    }
    throw std::runtime_error("no mapping is there");
}

} // namespace

TEST_CASE("long_list_heap - what a long list takes lies in large pages and what a short one takes does not") {
    portside::cli::prepare_heap_for_long_lists();
    constexpr std::size_t kMiB = std::size_t{1} << 20U;
    const std::unique_ptr<void, decltype(&std::free)> little(std::malloc(kMiB / 4), &std::free);
    const std::unique_ptr<void, decltype(&std::free)> much(std::malloc(20 * kMiB), &std::free);
    REQUIRE(little);
    REQUIRE(much);
    // A sanitizer has a heap of its own.
    const bool expected = PORTSIDE_SANITIZED == 0 && ::access("/sys/kernel/mm/transparent_hugepage/enabled", F_OK) == 0;
    CHECK_FALSE(asks_for_large_pages(little.get()));
    CHECK(asks_for_large_pages(static_cast<const char*>(much.get()) + 10 * kMiB) == expected);
}
