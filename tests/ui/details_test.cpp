// SPDX-License-Identifier: MIT
// The details: what they say of what was read and asked, when they ask for it, and what can be copied.
#include "app/ui/details_text.h"
#include "app/ui/process_facts.h"
#include "tests/ui/models.h"
#include "tests/ui/stage.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <doctest/doctest.h>

using namespace portside;
using namespace portside::ui;
using namespace std::chrono_literals;
using base::Key;

namespace {

Model full_model() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    return canned::with_details(canned::aged(canned::model_of(canned::developer_machine())), 3000);
}

KeeperNews news_of(const snapshot::Row& row, const char* description) {
    KeeperNews news;
    news.row = row.key;
    news.description = description;
    news.state = "active";
    news.restart = "always";
    news.starters = "preview.socket";
    return news;
}

} // namespace

TEST_CASE("details - they say what was read of the process") {
    const Model model = full_model();
    const auto facts = facts_of(model, row_of(model, 3000));
    CHECK(text_of(facts, "PROJECT") == "~/src/shop");
    CHECK(text_of(facts, "STARTED") == "Tue 24 Nov 21:23:33, 32 min ago");
    CHECK(text_of(facts, "WHY IT IS RUNNING") ==
          "child of bash (4100), leader of its session\nchild of systemd (1)\non the terminal pts/3");
    CHECK(text_of(facts, "MEMORY") == "182 MB resident, 121 MB its own share");
    CHECK(text_of(facts, "CPU") == "4 % of a processor now, 1 min 13 s since it started, 11 threads");
    CHECK(text_of(facts, "4 CONNECTIONS").find("from 127.0.0.1:51022") == 0);
    CHECK(text_of(facts, "4 CONNECTIONS").find("to   127.0.0.1:5432") != std::string::npos);
}

TEST_CASE("details - what was read of one row is never said of another") {
    Model model = full_model();
    model.keeper = news_of(row_of(model, 3000), "another unit");
    const auto facts = facts_of(model, row_of(model, 3001));
    CHECK(text_of(facts, "MEMORY") == "(not said)");
    CHECK(text_of(facts, "UNIT").find("another unit") == std::string::npos);
}

TEST_CASE("details - what the manager told stands below the unit") {
    Model model = full_model();
    model.keeper = news_of(row_of(model, 3001), "Preview of the shop");
    CHECK(text_of(facts_of(model, row_of(model, 3001)), "UNIT") ==
          "preview.service, run by the user manager of me\nPreview of the shop\nstate: active\nRestart=always\n"
          "can be started by preview.socket");
}

TEST_CASE("details - all of it is copied with its labels") {
    const Model model = full_model();
    const auto facts = facts_of(model, row_of(model, 3000));
    const std::string text = copy_of(facts);
    for (const Fact& fact : facts) {
        CHECK(text.find(fact.label + "\n" + fact.text + "\n") != std::string::npos);
    }
}

TEST_CASE("details - are wished for while they are open and of the selected row") {
    Stage stage(full_model());
    stage.settle();
    CHECK(stage.count<ShowDetails>() == 0);
    stage.press(Key::down);
    stage.press(Key::enter);
    REQUIRE(stage.count<ShowDetails>() == 1);
    CHECK(stage.all<ShowDetails>().back().row == stage.row(0).key);
    stage.frame();
    CHECK(stage.count<ShowDetails>() == 1);
    stage.press(Key::down);
    REQUIRE(stage.count<ShowDetails>() == 2);
    CHECK(stage.all<ShowDetails>().back().row == stage.row(1).key);
    stage.press(Key::escape);
    REQUIRE(stage.count<ShowDetails>() == 3);
    CHECK_FALSE(stage.all<ShowDetails>().back().row);
}

TEST_CASE("details - the button copies all") {
    Stage stage(full_model());
    stage.settle();
    stage.press(Key::down);
    stage.press(Key::enter);
    stage.settle();
    stage.forget();
    const Rect panel = stage.layout().details;
    stage.click(panel.x1 - 16 - stage.button_width("Close") - 8 - stage.button_width("Copy all") / 2, panel.y0 + 26);
    REQUIRE(stage.count<Copy>() == 1);
    CHECK(stage.all<Copy>().front().text == copy_of(facts_of(stage.model, stage.row(0))));
}

TEST_CASE("details - sizes and times as a person says them") {
    CHECK(bytes_text(812 * 1024) == "812 kB");
    CHECK(bytes_text(std::uint64_t{1536} << 20U) == "1.5 GB");
    CHECK(duration_text(400ms) == "0.4 s");
    CHECK(duration_text(12s) == "12 s");
    CHECK(duration_text(185s) == "3 min 5 s");
    CHECK(duration_text(8040s) == "2 h 14 min");
}
