// SPDX-License-Identifier: MIT
// app/overlay/drawn_glyphs: what is drawn of others' words is asked for once, and again when it changed.
#include "app/overlay/drawn_glyphs.h"

#include <doctest/doctest.h>
#include <memory>

using namespace portside;
using Found = std::vector<char32_t>;

TEST_CASE("drawn glyphs - every text of others is asked for once") {
    overlay::DrawnGlyphs glyphs;
    ui::Model model;
    ui::UiState state;
    CHECK(glyphs.news(model, state).empty());

    snapshot::Snapshot canned;
    snapshot::Process process;
    process.name = "\u0416";
    canned.processes.push_back(process);
    model.snapshot = std::make_shared<const snapshot::Snapshot>(canned);
    CHECK(glyphs.news(model, state) == Found{0x416});
    CHECK(glyphs.news(model, state).empty());

    ui::KeeperNews keeper;
    keeper.description = "\u00fc";
    keeper.image = "\u00e9";
    keeper.problem = "\u0419";
    model.keeper = keeper;
    CHECK(glyphs.news(model, state) == Found{0xFC, 0xE9, 0x419});
    CHECK(glyphs.news(model, state).empty());
    model.keeper->state = "\u0420";
    CHECK(glyphs.news(model, state) == Found{0xFC, 0x420, 0xE9, 0x419});
    model.keeper.reset();
    CHECK(glyphs.news(model, state).empty());

    const auto notice = [](std::uint64_t id, const char* text) {
        return ui::Notice{.id = id, .tone = ui::Notice::Tone::plain, .text = text, .shown_at = {}};
    };
    model.notices.push_back(notice(7, "\u0421"));
    CHECK(glyphs.news(model, state) == Found{0x421});
    model.notices.insert(model.notices.begin(), notice(6, "\u0422")); // an older one was told already
    CHECK(glyphs.news(model, state).empty());

    state.filter = "\uac00";
    CHECK(glyphs.news(model, state) == Found{0xAC00});
    state.filter = "node";
    CHECK(glyphs.news(model, state).empty());
}
