// SPDX-License-Identifier: MIT
// Docker Engine API (Podman serves the same): list, match, stop. The engine sends SIGTERM, waits (10 s where the
// container says nothing else) and then ends it; it answers after that. One object belongs to one thread.
#include "core/supervisors/container_talk.h"

#include "core/supervisors/container_list_talk.h"

#include <fmt/format.h>

namespace portside::supervisors {

namespace {

using Kind = Trouble::Kind;

} // namespace

const char* engine_text(platform::Engine engine) {
    return engine == platform::Engine::docker ? "Docker" : "Podman";
}

std::string stop_command(platform::Engine engine, const std::string& name_or_id) {
    return fmt::format("{} stop {}", engine == platform::Engine::docker ? "docker" : "podman", name_or_id);
}

ContainerTalk::ContainerTalk(ContainerWish wish, const Places& places)
    : wish_(std::move(wish)), sockets_(places.engine_sockets(wish_.container.engine)),
      answer_limit_(places.answer_limit) {}

void ContainerTalk::proceed() {
    // As long as it leads to a new exchange at once.
    while (phase() != Phase::failed && phase() != Phase::stopped) {
        if (!exchange_) {
            if (phase() != Phase::looking_up) {
                return;
            }
            next_socket();
            continue;
        }
        auto answer = exchange_->proceed();
        if (!answer) {
            return;
        }
        exchange_.reset();
        if (phase() == Phase::looking_up) {
            listed(std::move(*answer));
        } else {
            stop_answered(std::move(*answer));
        }
    }
}

Wait ContainerTalk::wait() const {
    return exchange_ ? exchange_->wait() : Wait{};
}

void ContainerTalk::next_socket() {
    if (next_ == sockets_.size()) {
        not_found_anywhere();
        return;
    }
    exchange_.emplace(sockets_[next_++], list_request(), answer_limit_);
}

void ContainerTalk::listed(base::Result<HttpAnswer> answer) {
    const auto& socket = sockets_[next_ - 1];
    if (!answer) {
        if (answer.error().kind == base::ErrorKind::not_permitted) {
            not_permitted_ = socket;
        } else if (answer.error().kind != base::ErrorKind::not_found) {
            unreached_ = fmt::format("{}: {}", socket, answer.error().what);
        }
        return;
    }
    const auto containers = containers_of(*answer);
    if (!containers) {
        unreached_ = fmt::format("{}: {}", socket, containers.error().what);
        return;
    }
    reached_ = true;
    const auto found = matching(*containers, wish_);
    if (found.size() > 1) {
        fail(
            {Kind::failed, fmt::format("{} says that {} and {} both are {}: nothing was stopped. Stop the one you mean "
                                       "with: {}",
                                       engine_text(wish_.container.engine), found[0].name, found[1].name, meant(),
                                       stop_command(wish_.container.engine, "NAME"))});
    } else if (found.size() == 1) {
        found_ = found.front();
        --next_; // the socket that knows it
        enter(Phase::looked_up);
    }
}

std::string ContainerTalk::meant() const {
    return wish_.container.id.empty()
               ? fmt::format("a container that publishes {} port {}", platform::to_string(wish_.protocol), wish_.port)
               : fmt::format("the container {}", wish_.container.id.substr(0, 12));
}

void ContainerTalk::not_found_anywhere() {
    const char* const engine = engine_text(wish_.container.engine);
    const auto command =
        stop_command(wish_.container.engine, wish_.container.id.empty() ? "NAME" : wish_.container.id.substr(0, 12));
    if (!not_permitted_.empty()) {
        const char* const group = wish_.container.engine == platform::Engine::docker
                                      ? "The group docker may use it. You can also run: sudo "
                                      : "You can also run: sudo ";
        fail({Kind::not_permitted, fmt::format("{}'s socket {} is not for your user, so nothing was stopped. {}{}",
                                               engine, not_permitted_, group, command)});
    } else if (!unreached_.empty()) {
        fail({Kind::unreachable, fmt::format("{} could not be asked, so nothing was stopped. {} You can also run: {}",
                                             engine, unreached_, command)});
    } else if (reached_) {
        fail({Kind::gone, fmt::format("{} knows no {} (any more): nothing was stopped.", engine,
                                      meant().substr(meant().find(' ') + 1))});
    } else {
        fail({Kind::unreachable,
              fmt::format("No socket of {} was found, so nothing was stopped. You can also run: {}", engine, command)});
    }
}

void ContainerTalk::stop() {
    if (phase() == Phase::looked_up) {
        exchange_.emplace(sockets_[next_], http_request("POST", fmt::format("/containers/{}/stop", found_.id)),
                          std::nullopt);
        enter(Phase::stopping);
    }
}

void ContainerTalk::stop_answered(base::Result<HttpAnswer> answer) {
    const char* const engine = engine_text(wish_.container.engine);
    if (!answer) {
        fail({Kind::failed,
              fmt::format("Whether {} stopped {} is not known. {}", engine, found_.name, answer.error().what)});
    } else if (answer->status == 204 || answer->status == 304 || answer->status == 200) { // 304: it had stopped already
        enter(Phase::stopped);
    } else if (answer->status == 404) {
        fail({Kind::gone, fmt::format("{} has no container {} any more: nothing was stopped.", engine, found_.name)});
    } else {
        const auto message = message_from_json(answer->body);
        fail({answer->status == 403 ? Kind::not_permitted : Kind::failed,
              fmt::format("{} did not stop {} (it answered with {}).{}{}", engine, found_.name, answer->status,
                          message.empty() ? "" : " It said: ", message)});
    }
}

} // namespace portside::supervisors
