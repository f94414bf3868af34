// SPDX-License-Identifier: MIT
// One question for each engine that is meant; when all have spoken the names are posted, and what is left is asked for
// once more later. Job thread only.
#include "core/jobs/name_containers_job.h"

#include "core/jobs/job_thread.h"
#include "core/jobs/stop_job.h"

#include <algorithm>

namespace portside::jobs {

std::optional<platform::Container> named(const platform::Container& container, const Shown& shown,
                                         const std::vector<supervisors::ListedContainer>& containers) {
    if (containers.empty()) {
        return std::nullopt;
    }
    const auto found = supervisors::matching(containers, wish_for(container, shown));
    if (found.size() != 1 || found.front().name.empty()) {
        return std::nullopt;
    }
    return platform::Container{container.engine, found.front().id, found.front().name};
}

void NameContainersJob::start() {
    started_at_ = EventLoop::Clock::now();
    ask();
}

void NameContainersJob::ask() {
    questions_.clear();
    beginning_ = true; // a step may already be the last of its talk
    for (const auto engine : {platform::Engine::docker, platform::Engine::podman}) {
        const bool meant = std::any_of(request_.nameless.begin(), request_.nameless.end(),
                                       [&](const auto& nameless) { return nameless.container.engine == engine; });
        if (meant) {
            auto talk = std::make_unique<supervisors::ContainerListTalk>(engine, context_.system.places);
            const auto* const asked = talk.get();
            auto& question = questions_.emplace_back(
                Question{engine, asked, TalkDriver(std::move(talk), context_.loop, [this] { stepped(); })});
            question.driver.step();
        }
    }
    beginning_ = false;
    stepped();
}

void NameContainersJob::stepped() {
    const bool open = std::any_of(questions_.begin(), questions_.end(), [](const auto& question) {
        return question.talk->phase() == supervisors::Phase::looking_up;
    });
    if (beginning_ || open || finished()) {
        return;
    }
    take_in();
    for (auto& question : questions_) {
        question.driver.end();
    }
    if (finished()) {
        return;
    }
    timer_ = context_.loop.at(started_at_ + request_.again[rounds_++], [this] { ask(); });
}

void NameContainersJob::take_in() {
    auto told = std::make_shared<std::vector<NamedContainer>>();
    std::erase_if(request_.nameless, [&](const auto& nameless) {
        const auto question = std::find_if(questions_.begin(), questions_.end(), [&](const auto& asked) {
            return asked.engine == nameless.container.engine;
        });
        const auto container = named(nameless.container, nameless.shown, question->talk->containers());
        if (container) {
            told->push_back({nameless.inode, *container});
        }
        return container.has_value();
    });
    const bool last = request_.nameless.empty() || rounds_ == request_.again.size();
    if (last || !told->empty()) {
        context_.post({.job = id_, .stage = Stage::named, .last = last, .named = std::move(told)});
    }
    if (last) {
        finish();
    }
}

} // namespace portside::jobs
