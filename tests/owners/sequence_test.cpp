// SPDX-License-Identifier: MIT
// Thousands of random steps against the oracle. PORTSIDE_SEED repeats a failure, PORTSIDE_STEPS sets their number.
// One thread, and forks of it.
#include "tests/owners/elsewhere.h"
#include "tests/owners/sequence.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <random>

using namespace portside::owners;

namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* const text = std::getenv(variable); // NOLINT(concurrency-mt-unsafe): nothing in a test sets variables
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

SequenceOptions options_for(int steps, bool reuse_pids) {
    constexpr int kSlower = 8; // of a sanitizer
    const int fitting = PORTSIDE_SANITIZED != 0 ? steps / kSlower : steps;
    return {number_from("PORTSIDE_SEED", std::random_device()()),
            static_cast<int>(number_from("PORTSIDE_STEPS", static_cast<std::uint64_t>(fitting))), reuse_pids};
}

} // namespace

// Among all of the machine's processes, so it is short: the others have one pid namespace for themselves.
TEST_CASE("a random sequence agrees with the oracle") {
    run_sequence(options_for(40, false));
}

TEST_SUITE("root") {
    TEST_CASE("a long random sequence with pids used again agrees with the oracle") {
        const SequenceOptions options = options_for(2000, true);
        CHECK(in_own_processes([&] { run_sequence(options); }) == "");
    }

    TEST_CASE("a random sequence of an ordinary user agrees with the oracle") {
        const SequenceOptions options = options_for(500, false);
        CHECK(nobody_in_own_processes([&] { run_sequence(options); }) == "");
    }
}
