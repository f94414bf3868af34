// SPDX-License-Identifier: MIT
// What is known of a unit before its process is ended: whether it would come back. Plain values; any thread.
#pragma once

#include "core/jobs/job.h"
#include "core/snapshot/snapshot.h"

#include <string>
#include <vector>

namespace portside::session {

struct Supervision {
    std::string restart; // systemd's Restart=: "always", "on-failure" ...; "no" or empty where it is not set
    std::vector<std::string> sockets; // the units whose sockets start it on demand: "nginx.socket"
};

// The answer to Work::look_up.
struct LookedUp {
    jobs::JobId job = 0;
    Supervision facts; // empty where nothing could be learnt
};

// "nginx.service has Restart=always: systemd will start it again.", or empty where it would not come back by itself.
// `it`: what is started again; may be empty for "it".
[[nodiscard]] std::string comes_back_sentence(const std::string& unit, const Supervision& facts, const std::string& it);

} // namespace portside::session
