// SPDX-License-Identifier: MIT
// A signal reaches the process that was meant, or nobody: a thousand times the number means another process by then.
#include "tests/live/reused_number.h"

#include <doctest/doctest.h>

using namespace portside::live;

namespace {
constexpr int kEach = PORTSIDE_SANITIZED != 0 ? 20 : 200; // of five moments; a sanitized helper starts slowly
} // namespace

TEST_SUITE("root") {
    TEST_CASE("a number that was taken by another process gets no signal at any moment") {
        const Torture result = torture(Sender::checked, kEach, PORTSIDE_HELPER);
        CHECK(result.rounds == 5 * kEach);
        CHECK(result.innocents_hit == 0);
        CHECK(result.other == 0);
        CHECK(result.gone + result.identity_changed == result.rounds);
        CHECK(result.gone > 0);
        CHECK(result.identity_changed > 0);
        MESSAGE(result.rounds << " rounds: " << result.innocents_hit << " innocents hit, " << result.gone << " gone, "
                              << result.identity_changed << " identity changed; in " << result.same_start
                              << " both processes had the same start time");
    }

    TEST_CASE("a plain kill by number hits the innocent process each time - so the harness bites") {
        const Torture result = torture(Sender::plain_kill, 20, PORTSIDE_HELPER);
        CHECK(result.rounds == 100);
        CHECK(result.innocents_hit == result.rounds);
    }
}
