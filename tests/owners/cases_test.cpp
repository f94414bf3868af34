// SPDX-License-Identifier: MIT
// Each case as the user who runs the tests, on the whole machine. One thread.
#include "tests/owners/cases.h"

#include <doctest/doctest.h>

using namespace portside::owners;

TEST_CASE("within one scan - a forked child shares the socket") {
    child_shares();
}
TEST_CASE("within one scan - a co-owner dies or becomes a zombie") {
    co_owner_dies();
}
TEST_CASE("within one scan - a co-owner closes its copy") {
    co_owner_closes();
}
TEST_CASE("within one scan - SO_REUSEPORT in two processes") {
    reuse_port_in_two_processes();
}
TEST_CASE("within one scan - a port moves to another process") {
    port_moves();
}
TEST_CASE("within one scan - close and reopen on the same descriptor") {
    reopened_on_the_same_descriptor();
}
TEST_CASE("within one scan - a file is exchanged for a listener") {
    file_exchanged_for_listener();
}
TEST_CASE("within one scan - listen long after bind") {
    listen_long_after_bind();
}
TEST_CASE("within one scan - a descriptor is passed in a message") {
    descriptor_is_passed();
}
TEST_CASE("within one scan - two descriptors of one socket in one process") {
    two_descriptors_in_one_process();
}
TEST_CASE("within one scan - two processes with one descriptor table") {
    two_processes_with_one_table();
}
TEST_CASE("within one scan - a thread with its own table keeps the listener") {
    thread_keeps_the_listener();
}
TEST_CASE("within one scan - a thread with its own table listens") {
    thread_opens_a_listener();
}
TEST_CASE("within one scan - a thread with its own table gives up its copy") {
    thread_gives_up_its_copy();
}
TEST_CASE("within one scan - the leader thread exits and another holds on") {
    leader_exits();
}
TEST_CASE("within one scan - exec of another program") {
    exec_of_another_program();
}
TEST_CASE("within the rotation - a process rewrites its command line") {
    title_is_rewritten();
}
TEST_CASE("within the audit - a descriptor is passed while the count stays the same") {
    passed_with_the_same_count();
}
TEST_CASE("within the audit - a co-owner closes and opens another file") {
    closed_with_the_same_count();
}
