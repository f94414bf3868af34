// SPDX-License-Identifier: MIT
// core/snapshot/scan_pace: when a scan is due.
#include "core/snapshot/scan_pace.h"

#include <doctest/doctest.h>

using namespace portside::snapshot;
using namespace std::chrono_literals;

namespace {

const SteadyTime kStart = SteadyTime(1h);

// A pace after one whole scan that ended at kStart and took 1 ms.
ScanPace scanned_once(std::chrono::milliseconds interval = 1s) {
    ScanPace pace(interval);
    pace.on_scan(kStart - 1ms, kStart, 0, false);
    return pace;
}

} // namespace

TEST_CASE("the first scan is due at once and the next one an interval after its end") {
    ScanPace pace(1s);
    CHECK(pace.next(0, kStart).now);
    pace.on_scan(kStart - 1ms, kStart, 0, false);
    const auto next = pace.next(0, kStart + 1ms);
    CHECK_FALSE(next.now);
    CHECK(next.at == kStart + 1s);
    CHECK(pace.next(0, kStart + 1s).now);
}

TEST_CASE("another interval counts from the end of the last scan") {
    ScanPace pace = scanned_once();
    pace.set_interval(5s);
    CHECK(pace.next(0, kStart + 1s).at == kStart + 5s);
    pace.set_interval(500ms);
    CHECK(pace.next(0, kStart + 500ms).now);
}

TEST_CASE("a request is due at once and answered by the scan that began after it") {
    ScanPace pace = scanned_once();
    CHECK(pace.next(1, kStart).now);
    pace.on_scan(kStart, kStart + 1ms, 0, false); // began before it
    CHECK(pace.answered() == 0);
    CHECK(pace.next(1, kStart + 1ms).now);
    pace.on_scan(kStart + 1ms, kStart + 2ms, 1, false);
    CHECK(pace.answered() == 1);
    CHECK_FALSE(pace.next(1, kStart + 2ms).now);
}

TEST_CASE("an unfinished scan answers nothing and is followed at once") {
    ScanPace pace(1s);
    pace.on_scan(kStart, kStart + 1ms, 3, true);
    CHECK(pace.answered() == 0);
    CHECK(pace.next(3, kStart + 1ms).now);
    pace.on_scan(kStart + 1ms, kStart + 2ms, 3, false);
    CHECK(pace.answered() == 3);
    pace.on_scan(kStart + 1s, kStart + 1s, 3, true); // without any request too
    CHECK(pace.answered() == 3);
    CHECK(pace.next(3, kStart + 1s).now);
}

TEST_CASE("a search that never ends is given up to the usual pace and answers requests") {
    ScanPace pace(1s);
    SteadyTime now = kStart;
    int at_once = 0;
    while (at_once < 1000 && pace.next(7, now).now) {
        pace.on_scan(now, now, 7, true);
        ++at_once;
    }
    CHECK(at_once == ScanPace::kMostUnfinished);
    CHECK(pace.answered() == 7);
    now += 1s;
    CHECK(pace.next(7, now).now);
    pace.on_scan(now, now, 7, true); // and does not begin anew with each interval
    CHECK_FALSE(pace.next(7, now).now);
    pace.on_scan(now, now, 7, false);
    pace.on_scan(now, now, 7, true); // until one has ended
    CHECK(pace.next(7, now).now);
}

TEST_CASE("while paused only a request is due until a whole scan has answered it") {
    ScanPace pace = scanned_once();
    pace.set_paused(true);
    const auto next = pace.next(0, kStart + 1h);
    CHECK_FALSE(next.now);
    CHECK_FALSE(next.at);
    CHECK_FALSE(next.events_from);
    CHECK(pace.next(1, kStart + 1h).now);
    pace.on_scan(kStart + 1h, kStart + 1h, 1, true);
    CHECK(pace.next(1, kStart + 1h).now);
    pace.on_scan(kStart + 1h, kStart + 1h, 1, false);
    CHECK_FALSE(pace.next(1, kStart + 3h).now);
    pace.on_scan(kStart + 2h, kStart + 2h, 1, true); // not asked for: nobody looks for its owners now
    CHECK_FALSE(pace.next(1, kStart + 3h).now);
    pace.set_paused(false);
    CHECK(pace.next(1, kStart + 2h).now);
}

TEST_CASE("going on is due at once only where the interval has passed") {
    ScanPace pace = scanned_once();
    pace.set_paused(true);
    pace.set_paused(false);
    CHECK_FALSE(pace.next(0, kStart + 999ms).now);
    CHECK(pace.next(0, kStart + 1s).now);
}

TEST_CASE("events cause a scan no sooner than a pause after the last one that grows with its cost") {
    ScanPace pace(1h);
    pace.on_scan(kStart - 100us, kStart, 0, false);
    CHECK(pace.next(0, kStart).events_from == kStart + ScanPace::kEventDistance);
    pace.on_scan(kStart - 20ms, kStart, 0, false);
    CHECK(pace.next(0, kStart).events_from == kStart + ScanPace::kEventCost * 20ms);
}

TEST_CASE("an interval without end is a day") {
    const ScanPace pace = scanned_once(std::chrono::milliseconds::max());
    CHECK(pace.next(0, kStart).at == kStart + 24h);
}
