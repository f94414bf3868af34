// SPDX-License-Identifier: MIT
// core/commands/kill_sentences: what is said and logged of a tree. Pure.
#include "core/commands/kill_sentences.h"

#include <doctest/doctest.h>

using namespace portside;
using commands::KillOrder;
using commands::Way;
using jobs::JobEvent;
using jobs::Stage;

namespace {

KillOrder tree() {
    KillOrder order;
    order.kill.label = "node (42)";
    order.kill.process = {42, 7};
    order.kill.row.port = 3000;
    order.kill.port = "port 3000";
    order.way = Way::kill_tree;
    return order;
}

} // namespace

TEST_CASE("kill sentences - a tree names how many ended and who is left") {
    JobEvent event{.stage = Stage::ended, .since_asked = std::chrono::milliseconds(200), .signal_sent = true};
    event.members = 3;
    CHECK(commands::end_sentence(tree(), event) == "node (42) and 2 descendants ended after 0.2 s");
    event.left = {"sh (43) (it belongs to another user)"};
    CHECK(commands::end_sentence(tree(), event) ==
          "node (42) and 2 descendants ended after 0.2 s (left: sh (43) (it belongs to another user))");
    event.signal_sent = false;
    CHECK(commands::end_sentence(tree(), event) ==
          "node (42) ended by itself (nothing was sent) (left: sh (43) (it belongs to another user))");
}

TEST_CASE("kill sentences - the log of a tree says that administrator was needed for some only") {
    auto order = tree();
    CHECK(commands::log_text(order, "ended") ==
          "kill tree of node (42), start time 7, on tcp port 3000, SIGTERM: ended");
    order.elevate = true;
    CHECK(commands::log_text(order, "ended") ==
          "kill tree of node (42), start time 7, on tcp port 3000, SIGTERM (as administrator where needed): ended");
    order.way = Way::kill;
    CHECK(commands::log_text(order, "ended") ==
          "kill node (42), start time 7, on tcp port 3000, SIGTERM as administrator: ended");
}

TEST_CASE("kill sentences - a prompt that was open at the end tells what was sent before it") {
    JobEvent event{.stage = Stage::authorising};
    CHECK(commands::prompt_open_sentence(event) ==
          "the password prompt was open when Portside quit; nothing is known to have been sent");
    event.members = 2;
    event.signal_sent = true;
    CHECK(commands::prompt_open_sentence(event) ==
          "the password prompt was open when Portside quit; 2 of the tree had got the signal before");
}
