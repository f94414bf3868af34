// SPDX-License-Identifier: MIT
// First the facts, all questions at once; then StopUnit, one unit after the other: one refused password asks no second
// time. One object belongs to one thread.
#include "core/supervisors/unit_talk.h"

#include "core/base/text.h"
#include "core/supervisors/unit_errors.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace portside::supervisors {

namespace {

constexpr std::size_t kMostNames = 64;
constexpr std::size_t kMostRemoved = 1024;
constexpr const char* kUnitInterface = "org.freedesktop.systemd1.Unit";
constexpr const char* kServiceInterface = "org.freedesktop.systemd1.Service";

} // namespace

UnitTalk::UnitTalk(platform::Unit unit, std::optional<pid_t> member, const Places& places)
    : places_(places), member_(member), addresses_(places.manager_addresses(unit)) {
    facts_.unit = std::move(unit);
}

BusConnection::Method UnitTalk::question(const char* member) const {
    BusConnection::Method method;
    method.member = member;
    method.limit = places_.answer_limit;
    return method;
}

void UnitTalk::proceed() {
    if (!patience_) {
        patience_ = Clock::now() + places_.answer_limit;
    }
    while (!is_over()) {
        if (std::exchange(try_next_, false)) {
            connect_next();
        } else if (bus_ && !bus_->process()) {
            lost("the connection was closed");
        }
        if (!try_next_) {
            break;
        }
    }
    if (phase() == Phase::looking_up && Clock::now() >= *patience_) {
        patience_.reset();
        lost("it did not answer");
        proceed();
    }
}

Wait UnitTalk::wait() const {
    Wait wait;
    if (bus_ && !is_over()) {
        wait = bus_->wait();
    }
    if (phase() == Phase::looking_up && patience_) {
        wait.deadline = wait.deadline ? std::min(*wait.deadline, *patience_) : *patience_;
    }
    return wait;
}

void UnitTalk::connect_next() {
    bus_.reset();
    if (next_address_ == addresses_.size()) {
        const auto manager = manager_text(facts_.unit, places_.uid);
        fail({Trouble::Kind::unreachable,
              addresses_.empty()
                  ? fmt::format("{} runs under {}, which only that user or an administrator can ask. Run: {}",
                                facts_.unit.name, manager, stop_command(facts_.unit, places_.uid))
                  : fmt::format("{} could not be asked to stop {}. {} You can also run: {}", manager, facts_.unit.name,
                                unreached_, stop_command(facts_.unit, places_.uid))});
        return;
    }
    auto opened = BusConnection::open(addresses_[next_address_++]);
    if (!opened) {
        unreached_ = base::sanitise(opened.error().what, 400);
        unreached_ += unreached_.ends_with('.') ? "" : ".";
        try_next_ = true;
        return;
    }
    bus_ = std::move(*opened);
    open_questions_ = 0;
    ask_for_unit();
}

// Nothing was answered yet: the next address may serve. Later it is the end.
void UnitTalk::lost(const std::string& why) {
    if (path_.empty()) {
        unreached_ = fmt::format("Nobody answered for systemd at {}: {}.", addresses_[next_address_ - 1].address,
                                 base::sanitise(why, 200));
        try_next_ = true;
        return;
    }
    fail_with("org.freedesktop.DBus.Error.NoReply", "");
}

void UnitTalk::must(bool sent) {
    if (!sent) {
        lost("a question could not be sent");
    }
}

void UnitTalk::ask_for_unit() {
    must(bus_->call(
        question("GetUnit"),
        [this](sd_bus_message* reply, const sd_bus_error* error) {
            // A connection that breaks off answers everything with NoReply.
            const bool unanswered = error != nullptr && (says_no_manager(error->name) ||
                                                         std::string_view(error->name).ends_with(".Error.NoReply"));
            if (unanswered) {
                lost(error->message == nullptr ? error->name : error->message);
                return;
            }
            took_path(reply, error);
        },
        "s", facts_.unit.name.c_str()));
}

void UnitTalk::took_path(sd_bus_message* reply, const sd_bus_error* error) {
    const char* path = nullptr;
    if (error != nullptr) {
        fail_with(error->name, error->message);
    } else if (bus_->library().read(reply, "o", &path) < 0 || path == nullptr) {
        fail_with("", "an answer without the unit's object");
    } else {
        path_ = path;
        ask_for_properties();
    }
}

std::string UnitTalk::read_text(sd_bus_message* message) const {
    const char* text = nullptr;
    return bus_->library().read(message, "s", &text) >= 0 && text != nullptr ? base::sanitise(text, 300) : "";
}

// A list of unit names, without what is none.
std::vector<std::string> UnitTalk::read_names(sd_bus_message* value) const {
    std::vector<std::string> names;
    const char* name = nullptr;
    if (bus_->library().enter_container(value, 'a', "s") > 0) {
        while (names.size() < kMostNames && bus_->library().read(value, "s", &name) > 0) {
            if (is_unit_name(name)) {
                names.emplace_back(name);
            }
        }
    }
    return names;
}

void UnitTalk::ask_for_property(const char* path, const char* interface, const char* name,
                                std::function<void(sd_bus_message*)> take) {
    ++open_questions_;
    auto method = question("Get");
    method.path = path;
    method.interface = "org.freedesktop.DBus.Properties";
    must(bus_->call(
        method,
        [this, take = std::move(take)](sd_bus_message* reply, const sd_bus_error* error) {
            // A unit that is no service has no Restart=: that is an answer too.
            if (error == nullptr && bus_->library().enter_container(reply, 'v', nullptr) > 0) {
                take(reply);
            }
            answered();
        },
        "ss", interface, name));
}

void UnitTalk::ask_for_properties() {
    const auto text_into = [this](std::string UnitFacts::*field) {
        return [this, field](sd_bus_message* value) { facts_.*field = read_text(value); };
    };
    open_questions_ = 1; // until all are asked
    ask_for_property(path_.c_str(), kUnitInterface, "Description", text_into(&UnitFacts::description));
    ask_for_property(path_.c_str(), kUnitInterface, "ActiveState", text_into(&UnitFacts::active_state));
    ask_for_property(path_.c_str(), kServiceInterface, "Restart", text_into(&UnitFacts::restart));
    ask_for_property(path_.c_str(), kServiceInterface, "MainPID", [this](sd_bus_message* value) {
        std::uint32_t pid = 0;
        if (bus_->library().read(value, "u", &pid) >= 0) {
            facts_.main_pid = static_cast<pid_t>(pid);
        }
    });
    ask_for_property(path_.c_str(), kUnitInterface, "TriggeredBy", [this](sd_bus_message* value) {
        for (auto& name : read_names(value)) {
            if (name.ends_with(".socket")) {
                ask_whether_active(name, facts_.sockets);
            } else {
                facts_.other_starters.push_back(std::move(name));
            }
        }
    });
    if (facts_.unit.name.ends_with(".socket")) {
        ask_for_property(path_.c_str(), kUnitInterface, "Triggers", [this](sd_bus_message* value) {
            for (const auto& name : read_names(value)) {
                ask_whether_active(name, facts_.services);
            }
        });
    }
    if (member_) {
        ask_for_member();
    }
    answered();
}

// A cgroup's name is what its maker wrote; whose process it is, the manager knows.
void UnitTalk::ask_for_member() {
    ++open_questions_;
    must(bus_->call(
        question("GetUnitByPID"),
        [this](sd_bus_message* reply, const sd_bus_error* error) {
            const char* path = nullptr;
            const bool read = error == nullptr && bus_->library().read(reply, "o", &path) >= 0 && path != nullptr;
            if (!is_over() && (!read || path_ != path)) {
                fail({Trouble::Kind::changed,
                      fmt::format("Process {} does not belong to {} (any more), by what {} says: nothing was stopped.",
                                  *member_, facts_.unit.name, manager_text(facts_.unit, places_.uid))});
            }
            answered();
        },
        "u", static_cast<std::uint32_t>(*member_)));
}

// Appends `name` to `active` where that unit holds or does anything.
void UnitTalk::ask_whether_active(const std::string& name, std::vector<std::string>& active) {
    ++open_questions_;
    const auto take = [this, name, &active](sd_bus_message* reply, const sd_bus_error* error) {
        const char* path = nullptr;
        if (error == nullptr && bus_->library().read(reply, "o", &path) >= 0 && path != nullptr) {
            ask_for_property(path, kUnitInterface, "ActiveState", [this, name, &active](sd_bus_message* value) {
                const auto state = read_text(value);
                if (state != "inactive" && state != "failed") {
                    active.push_back(name);
                }
            });
        }
        answered();
    };
    must(bus_->call(question("GetUnit"), take, "s", name.c_str()));
}

void UnitTalk::answered() {
    if (--open_questions_ == 0 && phase() == Phase::looking_up && !try_next_) {
        std::sort(facts_.sockets.begin(), facts_.sockets.end());
        std::sort(facts_.services.begin(), facts_.services.end());
        enter(Phase::looked_up);
    }
}

void UnitTalk::stop() {
    if (phase() != Phase::looked_up) {
        return;
    }
    // The sockets first: a connection that comes between would start the service again.
    to_stop_.assign(facts_.sockets.begin(), facts_.sockets.end());
    to_stop_.push_back(facts_.unit.name);
    to_stop_.insert(to_stop_.end(), facts_.services.begin(), facts_.services.end());
    enter(Phase::authorising);
    const auto installed = [this](sd_bus_message* /*reply*/, const sd_bus_error* error) {
        if (error != nullptr) {
            fail_with(error->name, error->message);
        } else {
            start_stopping();
        }
    };
    must(bus_->listen("JobRemoved", installed, [this](sd_bus_message* signal) { job_removed(signal); }));
}

void UnitTalk::start_stopping() {
    // Managers send signals only to those who subscribed; that it was refused would show by no signal, so it is asked.
    must(bus_->call(
        question("Subscribe"),
        [this](sd_bus_message* /*reply*/, const sd_bus_error* error) {
            if (error != nullptr && std::string_view(error->name) != "org.freedesktop.systemd1.AlreadySubscribed") {
                fail_with(error->name, error->message);
            } else {
                stop_next();
            }
        },
        ""));
}

void UnitTalk::stop_next() {
    job_.clear();
    removed_.clear();
    BusConnection::Method method;
    method.member = "StopUnit";
    method.interactive = true;
    must(bus_->call(
        method, [this](sd_bus_message* reply, const sd_bus_error* error) { stop_answered(reply, error); }, "ss",
        to_stop_.front().c_str(), "replace"));
}

void UnitTalk::stop_answered(sd_bus_message* reply, const sd_bus_error* error) {
    const char* job = nullptr;
    if (error != nullptr) {
        fail_with(error->name, error->message);
        return;
    }
    if (bus_->library().read(reply, "o", &job) < 0 || job == nullptr) {
        fail_with("", "an answer without a job");
        return;
    }
    job_ = job;
    enter(Phase::stopping);
    const auto early =
        std::find_if(removed_.begin(), removed_.end(), [this](const auto& removed) { return removed.first == job_; });
    if (early != removed_.end()) {
        job_ended(early->second);
    }
}

void UnitTalk::job_removed(sd_bus_message* signal) {
    std::uint32_t id = 0;
    const char* job = nullptr;
    const char* unit = nullptr;
    const char* result = nullptr;
    if (is_over() || bus_->library().read(signal, "uoss", &id, &job, &unit, &result) < 0) {
        return;
    }
    if (job_.empty() && removed_.size() < kMostRemoved) {
        removed_.emplace_back(job, result);
    } else if (job_ == job) {
        job_ended(result);
    }
}

void UnitTalk::job_ended(std::string_view result) {
    const platform::Unit unit{to_stop_.front(), facts_.unit.manager};
    if (result != "done" && result != "skipped") {
        auto trouble = trouble_of_job(result, unit, places_.uid);
        trouble.sentence += already_stopped();
        fail(std::move(trouble));
        return;
    }
    stopped_.push_back(to_stop_.front());
    to_stop_.pop_front();
    if (to_stop_.empty()) {
        enter(Phase::stopped);
        return;
    }
    stop_next();
}

std::string UnitTalk::already_stopped() const {
    return stopped_.empty() ? ""
                            : fmt::format(" Before that {} {} stopped.", fmt::join(stopped_, ", "),
                                          stopped_.size() == 1 ? "was" : "were");
}

void UnitTalk::fail_with(const char* error_name, const char* message) {
    if (is_over()) {
        return; // the first reason is the one that counts
    }
    const platform::Unit asked{to_stop_.empty() ? facts_.unit.name : to_stop_.front(), facts_.unit.manager};
    auto trouble = trouble_of_error(error_name == nullptr ? "" : error_name, message == nullptr ? "" : message, asked,
                                    places_.uid);
    trouble.sentence += already_stopped();
    fail(std::move(trouble));
}

} // namespace portside::supervisors
