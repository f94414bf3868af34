// SPDX-License-Identifier: MIT
// What is said of one kill, to a person and to the log. Reads /proc for why a process goes on. Any thread.
#pragma once

#include "core/commands/kill_order.h"
#include "core/jobs/job.h"

#include <string>

namespace portside::commands {

// "node (4242) ended after 0.2 s", without a period: more may follow.
[[nodiscard]] std::string end_sentence(const KillOrder& order, const jobs::JobEvent& event);
// "node (4242) is still running after 5 s.", and why where that can be seen, and who is left of a tree.
[[nodiscard]] std::string still_running_sentence(const KillOrder& order, const jobs::JobEvent& event);
// Of a kill whose prompt nobody answered before the program ended.
[[nodiscard]] std::string prompt_open_sentence(const jobs::JobEvent& event);
// "kill node (4242, start time 812345) on tcp port 3000, SIGTERM: OUTCOME".
[[nodiscard]] std::string log_text(const KillOrder& order, const std::string& outcome);

} // namespace portside::commands
