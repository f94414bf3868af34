// SPDX-License-Identifier: MIT
// Since when: the words, when they change, and that nothing is drawn in between.
#include "app/ui/age_text.h"

#include "tests/ui/stage.h"

#include <cstdlib>
#include <ctime>
#include <doctest/doctest.h>

using namespace portside;
using namespace portside::ui;
using namespace std::chrono_literals;
using snapshot::WallTime;

namespace {

// Tue 24 Nov 2026 14:05:12 UTC.
const WallTime kTime(std::chrono::seconds(1'795'529'112));

void use_utc() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
}

// All rows of the machine: taken before the first look, by processes that started 3 hours after boot.
Model aged_model() {
    Model model = canned::model_of(canned::developer_machine());
    auto made = std::make_shared<snapshot::Snapshot>(*model.snapshot);
    made->booted_at = kTime;
    for (auto& row : made->rows) {
        row.seen_at = kTime + 1h;
        row.appeared = true;
    }
    model.snapshot = made;
    model.clock = kTime + 1h + 5min;
    return model;
}

} // namespace

TEST_CASE("age - minutes and hours then days") {
    use_utc();
    CHECK(age_text(kTime, kTime).text == "now");
    CHECK(age_text(kTime, kTime - 5min).text == "now");  // the clock was set back
    CHECK(age_text(kTime, kTime + 48s).text == "1 min"); // by whole minutes of the clock
    CHECK(age_text(kTime, kTime + 47s).text == "now");
    CHECK(age_text(kTime + 43s, kTime + 48s).text == "now"); // of five seconds, in another minute
    CHECK(age_text(kTime + 43s, kTime + 107s).text == "now");
    CHECK(age_text(kTime + 43s, kTime + 108s).text == "1 min");
    CHECK(age_text(kTime, kTime + 59min).text == "59 min");
    CHECK(age_text(kTime, kTime + 1h).text == "1 h");
    CHECK(age_text(kTime, kTime + 23h + 59min).text == "23 h");
    CHECK(age_text(kTime, kTime + 24h).text == "Tue 14:05");
    CHECK(age_text(kTime, kTime + 24h * 10).text == "24 Nov");
    CHECK(age_text(kTime, kTime + 24h * 60).text == "Nov 2026");
}

TEST_CASE("age - each text holds until the time that it tells") {
    use_utc();
    for (const auto begin : {0s, 17s, 18s, 43s}) {
        const WallTime since = kTime + begin;
        CHECK(*age_text(since, since).until > since);
        CHECK(age_text(since, *age_text(since, since).until).text == "1 min");
    }
    for (const auto age : {0s, 47s, 48s, 61s, 3000s, 3599s, 3600s, 7199s, 80000s, 86399s, 100'000s, 518'000s}) {
        const WallTime now = kTime + age;
        const auto told = age_text(kTime, now);
        CAPTURE(age.count());
        REQUIRE(told.until);
        CHECK(*told.until > now);
        CHECK(age_text(kTime, *told.until - 1ms).text == told.text);
        CHECK(age_text(kTime, *told.until).text != told.text);
    }
    CHECK_FALSE(age_text(kTime, kTime + 24h * 10).until);
}

TEST_CASE("age - all minutes of a screen change at once") {
    const WallTime now = kTime + 30min;
    CHECK(age_text(kTime + 3s, now).until == age_text(kTime + 44s, now).until);
    CHECK(age_text(kTime + 3s, now).until == age_text(kTime + 10min, now).until);
}

TEST_CASE("age - in full it says what is known and no more") {
    use_utc();
    const Model model = aged_model();
    auto row = model.snapshot->rows.front();
    CHECK(since_in_full(*model.snapshot, row, model.clock).find("The port was taken at Tue 24 Nov 15:05:12.") == 0);
    row.appeared = false;
    CHECK(since_in_full(*model.snapshot, row, model.clock).find("since Tue 24 Nov 15:05:12 at least") !=
          std::string::npos);
    row.seen_at = {};
    row.owners.clear();
    CHECK(since_in_full(*model.snapshot, row, model.clock).empty());
}

TEST_CASE("age - ago") {
    CHECK(ago_text(kTime, kTime + 5s) == "just now");
    CHECK(ago_text(kTime, kTime + 3min) == "3 min ago");
    CHECK(ago_text(kTime, kTime + 3h) == "3 h ago");
    CHECK(ago_text(kTime, kTime + 25h) == "1 day ago");
    CHECK(ago_text(kTime, kTime + 50h) == "2 days ago");
}

TEST_CASE("age - the next frame is due when a text changes and not before") {
    use_utc();
    Stage stage(aged_model());
    stage.settle();
    stage.frame();
    REQUIRE(stage.last.next_frame);
    const auto wait = *stage.last.next_frame - stage.model.now;
    CHECK(wait > 40s); // at 15:10:12 the next minute begins in 48 s
    CHECK(wait < 49s);
    stage.model.clock += 48s;
    stage.pass(48s);
    stage.frame();
    stage.frame();
    REQUIRE(stage.last.next_frame);
    CHECK(*stage.last.next_frame - stage.model.now > 59s);
}
