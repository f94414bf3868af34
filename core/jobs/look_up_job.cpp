// SPDX-License-Identifier: MIT
// Both at once; the answer is given when both have spoken. Job thread only.
#include "core/jobs/look_up_job.h"

#include "core/base/file.h"
#include "core/jobs/job_thread.h"
#include "core/jobs/stop_job.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace portside::jobs {

using supervisors::Phase;

std::string what_is_asked(const LookedUp& told) {
    if (told.container) {
        const auto& container = *told.container;
        return fmt::format("{} to stop the container {}", supervisors::engine_text(container.engine),
                           container.name.empty() ? container.id.substr(0, 12) : container.name);
    }
    return told.unit ? fmt::format("{} to {}", supervisors::manager_text(told.unit->unit, ::geteuid()),
                                   supervisors::what_is_stopped(*told.unit))
                     : std::string();
}

std::string why_stop(const LookedUp& told) {
    return told.unit ? supervisors::why_stop(*told.unit) : std::string();
}

void LookUpJob::start() {
    // Both are made before either takes a step: a step may already be the last.
    if (request_.unit) {
        never_ =
            supervisors::why_never_stopped(*request_.unit, base::read_file(AT_FDCWD, "/proc/self/cgroup").value_or(""));
    }
    if ((request_.unit || request_.shown.activated) && !never_) {
        auto talk =
            std::make_unique<supervisors::UnitTalk>(unit_wish(request_.unit, request_.shown), context_.system.places);
        unit_ = talk.get();
        unit_driver_.emplace(std::move(talk), context_.loop, [this] { stepped(); });
    }
    if (request_.container) {
        auto talk = std::make_unique<supervisors::ContainerTalk>(wish_for(*request_.container, request_.shown),
                                                                 context_.system.places);
        container_ = talk.get();
        container_driver_.emplace(std::move(talk), context_.loop, [this] { stepped(); });
    }
    if (unit_driver_) {
        unit_driver_->step();
    }
    if (container_driver_) {
        container_driver_->step();
    }
    stepped();
}

bool LookUpJob::is_open(const supervisors::Talk* talk) {
    return talk != nullptr && talk->phase() == Phase::looking_up;
}

void LookUpJob::stepped() {
    if (finished() || is_open(unit_) || is_open(container_)) {
        return;
    }
    auto told = std::make_shared<LookedUp>();
    if (unit_ != nullptr && unit_->phase() == Phase::looked_up) {
        told->unit = unit_->facts();
    } else if (never_) {
        told->unit_problem = *never_;
    } else if (unit_ != nullptr) {
        told->unit_problem = unit_->trouble().sentence;
    }
    if (container_ != nullptr && container_->phase() == Phase::looked_up) {
        const auto& found = container_->container();
        told->container = platform::Container{request_.container->engine, found.id, found.name};
        told->container_image = found.image;
    } else if (container_ != nullptr) {
        told->container_problem = container_->trouble().sentence;
    }
    for (auto* const driver : {&unit_driver_, &container_driver_}) {
        if (*driver) {
            (*driver)->end();
        }
    }
    context_.post({.job = id_, .stage = Stage::looked_up, .facts = std::move(told)});
    finish();
}

} // namespace portside::jobs
