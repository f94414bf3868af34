// SPDX-License-Identifier: MIT
#include "app/overlay/code_points.h"

#include <doctest/doctest.h>

using namespace portside;
using overlay::code_points_of;

TEST_CASE("characters beyond ASCII are found once each and in order") {
    CHECK(code_points_of(std::string_view("caf\u00e9 \uac00\u0416\uac00")) ==
          std::vector<char32_t>{0xE9, 0x416, 0xAC00});
    CHECK(code_points_of(std::string_view("plain")).empty());
    CHECK(code_points_of(std::string_view("\xff")) == std::vector<char32_t>{0xFFFD});
}

TEST_CASE("all texts of a snapshot are looked at") {
    snapshot::Snapshot canned;
    snapshot::Process process;
    process.name = "\u0416";
    process.cwd = "/home/\uac00";
    process.command_text = "\u4e00";
    canned.processes.push_back(process);
    canned.rows.resize(1);
    canned.rows[0].user = "\u03b1";
    canned.rows[0].container = platform::Container{platform::Engine::docker, "", "\u03b2"};
    canned.users[1000] = "\u03b3";
    CHECK(code_points_of(canned) == std::vector<char32_t>{0x3B1, 0x3B2, 0x3B3, 0x416, 0x4E00, 0xAC00});
}
