// SPDX-License-Identifier: MIT
// org.freedesktop.systemd1(5): StopUnit answers with a job; JobRemoved tells how that ended. One object belongs to one
// thread.
#include "core/supervisors/unit_stop.h"

#include "core/supervisors/unit_errors.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace portside::supervisors {

namespace {
constexpr std::size_t kMostRemoved = 1024;
} // namespace

UnitStop::UnitStop(BusConnection& bus, const UnitFacts& facts, uid_t own_uid, Ends ends)
    : bus_(bus), unit_(facts.unit), own_uid_(own_uid), ends_(std::move(ends)) {
    // The sockets first: a connection that comes between would start the service again.
    to_stop_.assign(facts.sockets.begin(), facts.sockets.end());
    to_stop_.insert(to_stop_.end(), facts.also_listening.begin(), facts.also_listening.end());
    to_stop_.push_back(facts.unit.name);
    to_stop_.insert(to_stop_.end(), facts.services.begin(), facts.services.end());
}

platform::Unit UnitStop::being_stopped() const {
    return {to_stop_.empty() ? unit_.name : to_stop_.front(), unit_.manager};
}

void UnitStop::must(bool sent) {
    if (!sent) {
        connection_lost();
    }
}

void UnitStop::begin() {
    const auto installed = [this](sd_bus_message* /*reply*/, const sd_bus_error* error) {
        if (error != nullptr) {
            fail_with(error->name, error->message);
        } else {
            subscribe();
        }
    };
    must(bus_.listen("JobRemoved", installed, [this](sd_bus_message* signal) { job_removed(signal); }));
}

// Managers send signals only to those who subscribed; that it was refused would show by no signal, so it is asked.
void UnitStop::subscribe() {
    BusConnection::Method method;
    method.member = "Subscribe";
    must(bus_.call(
        method,
        [this](sd_bus_message* /*reply*/, const sd_bus_error* error) {
            if (error != nullptr && std::string_view(error->name) != "org.freedesktop.systemd1.AlreadySubscribed") {
                fail_with(error->name, error->message);
            } else {
                stop_next();
            }
        },
        ""));
}

void UnitStop::stop_next() {
    job_.clear();
    removed_.clear();
    BusConnection::Method method;
    method.member = "StopUnit";
    method.interactive = true;
    must(bus_.call(
        method, [this](sd_bus_message* reply, const sd_bus_error* error) { stop_answered(reply, error); }, "ss",
        to_stop_.front().c_str(), "replace"));
}

void UnitStop::stop_answered(sd_bus_message* reply, const sd_bus_error* error) {
    const char* job = nullptr;
    if (error != nullptr) {
        fail_with(error->name, error->message);
        return;
    }
    if (bus_.library().read(reply, "o", &job) < 0 || job == nullptr) {
        fail_with("", "an answer without a job");
        return;
    }
    job_ = job;
    ends_.accepted();
    const auto early =
        std::find_if(removed_.begin(), removed_.end(), [this](const auto& removed) { return removed.first == job_; });
    if (early != removed_.end()) {
        job_ended(early->second);
    }
}

void UnitStop::job_removed(sd_bus_message* signal) {
    std::uint32_t id = 0;
    const char* job = nullptr;
    const char* unit = nullptr;
    const char* result = nullptr;
    if (over_ || bus_.library().read(signal, "uoss", &id, &job, &unit, &result) < 0) {
        return;
    }
    if (job_.empty() && removed_.size() < kMostRemoved) {
        removed_.emplace_back(job, result);
    } else if (job_ == job) {
        job_ended(result);
    }
}

void UnitStop::job_ended(std::string_view result) {
    if (result != "done" && result != "skipped") {
        fail(trouble_of_job(result, being_stopped(), own_uid_));
        return;
    }
    stopped_.push_back(std::move(to_stop_.front()));
    to_stop_.pop_front();
    if (!to_stop_.empty()) {
        stop_next();
    } else if (!std::exchange(over_, true)) {
        ends_.done();
    }
}

void UnitStop::fail_with(const char* error_name, const char* message) {
    fail(trouble_of_error(error_name == nullptr ? "" : error_name, message == nullptr ? "" : message, being_stopped(),
                          own_uid_));
}

void UnitStop::fail(Trouble trouble) {
    if (std::exchange(over_, true)) {
        return; // the first reason is the one that counts
    }
    if (!stopped_.empty()) {
        trouble.sentence += fmt::format(" Before that {} {} stopped.", fmt::join(stopped_, ", "),
                                        stopped_.size() == 1 ? "was" : "were");
    }
    ends_.failed(std::move(trouble));
}

} // namespace portside::supervisors
