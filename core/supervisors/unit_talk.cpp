// SPDX-License-Identifier: MIT
// Which address serves, and how long is waited. One object belongs to one thread.
#include "core/supervisors/unit_talk.h"

#include "core/base/text.h"
#include "core/supervisors/unit_errors.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace portside::supervisors {

UnitTalk::UnitTalk(UnitWish wish, const Places& places)
    : places_(places), wish_(std::move(wish)), addresses_(places.manager_addresses(wish_.unit)) {
    facts_.unit = wish_.unit;
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
    bus_.reset(); // with the handlers that belong to the look
    look_.reset();
    if (next_address_ == addresses_.size()) {
        fail(trouble_of_no_manager(facts_.unit, wish_.sockets, unreached_, places_.uid));
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
    UnitLook::Ends ends;
    ends.done = [this] {
        if (phase() == Phase::looking_up && !try_next_) {
            facts_ = look_->facts();
            enter(Phase::looked_up);
        }
    };
    ends.failed = [this](Trouble trouble) {
        if (!is_over()) {
            fail(std::move(trouble));
        }
    };
    ends.lost = [this](const std::string& why) { lost(why); };
    look_.emplace(*bus_, wish_, places_, std::move(ends));
    look_->begin();
}

// Nothing was answered yet: the next address may serve. Later it is the end.
void UnitTalk::lost(const std::string& why) {
    if (is_over() || try_next_) {
        return;
    }
    if (stop_) {
        stop_->connection_lost();
    } else if (look_ && look_->reached()) {
        const auto& unit = look_->facts().unit;
        fail(unit.name.empty() ? trouble_of_search("", *wish_.sockets, places_.uid)
                               : trouble_of_error("org.freedesktop.DBus.Error.NoReply", "", unit, places_.uid));
    } else {
        unreached_ = fmt::format("Nobody answered for systemd at {}: {}.", addresses_[next_address_ - 1].address,
                                 base::sanitise(why, 200));
        try_next_ = true;
    }
}

void UnitTalk::stop() {
    if (phase() != Phase::looked_up) {
        return;
    }
    enter(Phase::authorising);
    UnitStop::Ends ends;
    ends.accepted = [this] { enter(Phase::stopping); };
    ends.done = [this] { enter(Phase::stopped); };
    ends.failed = [this](Trouble trouble) {
        if (!is_over()) {
            fail(std::move(trouble));
        }
    };
    stop_.emplace(*bus_, facts_, places_.uid, std::move(ends));
    stop_->begin();
}

} // namespace portside::supervisors
