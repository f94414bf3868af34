// SPDX-License-Identifier: MIT
// Docker Engine API, GET /containers/json (Podman serves the same). One object belongs to one thread.
#include "core/supervisors/container_list_talk.h"

#include <algorithm>
#include <fmt/format.h>

namespace portside::supervisors {

std::string list_request() {
    return http_request("GET", "/containers/json");
}

base::Result<std::vector<ListedContainer>> containers_of(const HttpAnswer& answer) {
    if (answer.status != 200) {
        return base::failed(base::ErrorKind::system,
                            fmt::format("it answered with {}. {}", answer.status, message_from_json(answer.body)));
    }
    return container_list_from_json(answer.body);
}

ContainerListTalk::ContainerListTalk(platform::Engine engine, const Places& places)
    : sockets_(places.engine_sockets(engine)), answer_limit_(places.answer_limit) {}

void ContainerListTalk::proceed() {
    while (phase() == Phase::looking_up) {
        if (!exchange_ && next_ == sockets_.size()) {
            enter(Phase::looked_up);
            return;
        }
        if (!exchange_) {
            exchange_.emplace(sockets_[next_++], list_request(), answer_limit_);
        }
        auto answer = exchange_->proceed();
        if (!answer) {
            return;
        }
        exchange_.reset();
        auto listed = answer->and_then(containers_of);
        if (listed) {
            take_in(std::move(*listed));
        }
    }
}

// Two paths may lead to one socket.
void ContainerListTalk::take_in(std::vector<ListedContainer> listed) {
    for (auto& container : listed) {
        const bool known = std::any_of(containers_.begin(), containers_.end(),
                                       [&](const auto& other) { return other.id == container.id; });
        if (!known) {
            containers_.push_back(std::move(container));
        }
    }
}

Wait ContainerListTalk::wait() const {
    return exchange_ ? exchange_->wait() : Wait{};
}

} // namespace portside::supervisors
