// SPDX-License-Identifier: MIT
// Names of the containers that rows stand for: whom to ask for them, and when. One object is used by one thread.
#pragma once

#include "core/jobs/job.h"
#include "core/jobs/supervisor_requests.h"
#include "core/snapshot/container_names.h"
#include "core/supervisors/places.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

namespace portside::commands {

// For a program that lists once: asks the engines and waits for them, at most `limit` for all together. Empty
// where none is there, none is for us or none knows more.
[[nodiscard]] std::vector<snapshot::ToldContainer> ask_container_names(const snapshot::Snapshot& snapshot,
                                                                       const supervisors::Places& places,
                                                                       std::chrono::milliseconds limit);

// For a program that goes on: each row's container is asked for once, when it is first seen.
class ContainerNames {
  public:
    // What is to be asked now, or nothing. Cheap for a snapshot that was looked at before.
    [[nodiscard]] std::optional<jobs::NameContainersRequest> to_ask(const snapshot::SnapshotPtr& snapshot);

  private:
    std::uint64_t generation_ = 0;            // of the snapshot that was looked at last
    std::unordered_set<std::uint64_t> asked_; // inodes of sockets that are still there
};

[[nodiscard]] std::vector<snapshot::ToldContainer> told_containers(const jobs::JobEvent& event);

} // namespace portside::commands
