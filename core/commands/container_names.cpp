// SPDX-License-Identifier: MIT
#include "core/commands/container_names.h"

#include "core/jobs/name_containers_job.h"
#include "core/supervisors/container_list_talk.h"

#include <algorithm>
#include <poll.h>

namespace portside::commands {

namespace {

using snapshot::NamelessContainer;

jobs::Shown shown_by(const NamelessContainer& nameless) {
    jobs::Shown shown;
    shown.target.process = nameless.holder;
    shown.protocol = nameless.protocol;
    shown.port = nameless.port;
    return shown;
}

using supervisors::Clock;

// Until it has all answers, or until then.
void proceed_until(supervisors::Talk& talk, Clock::time_point end) {
    for (talk.proceed(); talk.phase() == supervisors::Phase::looking_up && Clock::now() < end; talk.proceed()) {
        const auto wait = talk.wait();
        pollfd waited{wait.fd, wait.events, 0};
        const auto left = std::min(wait.deadline.value_or(end), end) - Clock::now();
        const auto whole = std::chrono::ceil<std::chrono::milliseconds>(std::max(left, Clock::duration::zero()));
        static_cast<void>(::poll(&waited, wait.fd >= 0 ? 1 : 0, static_cast<int>(whole.count())));
    }
}

} // namespace

std::vector<snapshot::ToldContainer> ask_container_names(const snapshot::Snapshot& snapshot,
                                                         const supervisors::Places& places,
                                                         std::chrono::milliseconds limit) {
    std::vector<snapshot::ToldContainer> told;
    const auto nameless = nameless_containers(snapshot);
    const auto end = Clock::now() + limit;
    for (const auto engine : {platform::Engine::docker, platform::Engine::podman}) {
        std::optional<supervisors::ContainerListTalk> talk;
        for (const auto& wanted : nameless) {
            if (wanted.container.engine != engine) {
                continue;
            }
            if (!talk) {
                proceed_until(talk.emplace(engine, places), end);
            }
            if (const auto container = jobs::named(wanted.container, shown_by(wanted), talk->containers())) {
                told.push_back({wanted.inode, *container});
            }
        }
    }
    return told;
}

std::optional<jobs::NameContainersRequest> ContainerNames::to_ask(const snapshot::SnapshotPtr& snapshot) {
    if (!snapshot || snapshot->generation == generation_) {
        return std::nullopt;
    }
    generation_ = snapshot->generation;
    jobs::NameContainersRequest request;
    std::unordered_set<std::uint64_t> seen;
    for (const auto& nameless : nameless_containers(*snapshot)) {
        seen.insert(nameless.inode);
        if (!asked_.contains(nameless.inode)) {
            request.nameless.push_back({nameless.inode, nameless.container, shown_by(nameless)});
        }
    }
    asked_ = std::move(seen);
    return request.nameless.empty() ? std::nullopt : std::optional(std::move(request));
}

std::vector<snapshot::ToldContainer> told_containers(const jobs::JobEvent& event) {
    std::vector<snapshot::ToldContainer> told;
    if (event.named) {
        for (const auto& [inode, container] : *event.named) {
            told.push_back({inode, container});
        }
    }
    return told;
}

} // namespace portside::commands
