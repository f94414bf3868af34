// SPDX-License-Identifier: MIT
// What can happen to a socket's owners between two scans, one function each: they throw Wrong where the scanner does
// not follow. They run as any user and in any pid namespace. One thread.
#pragma once

#include <span>

namespace portside::owners {

struct Case {
    const char* name;
    void (*run)();
};

// Right again within one scan.
void child_shares();
void co_owner_dies();
void co_owner_closes();
void reuse_port_in_two_processes();
void port_moves();
void reopened_on_the_same_descriptor();
void file_exchanged_for_listener();
void listen_long_after_bind();
void descriptor_is_passed();
void two_descriptors_in_one_process();
void two_processes_with_one_table();
void thread_keeps_the_listener();
void thread_opens_a_listener();
void thread_gives_up_its_copy();
void leader_exits();
void exec_of_another_program();

// Within a few scans, or the audit's period.
void title_is_rewritten();
void passed_with_the_same_count();
void closed_with_the_same_count();

[[nodiscard]] std::span<const Case> all_cases();

} // namespace portside::owners
