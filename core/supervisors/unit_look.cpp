// SPDX-License-Identifier: MIT
// Which unit it is comes first, then everything else at once. One object belongs to one thread.
#include "core/supervisors/unit_look.h"

#include "core/supervisors/unit_errors.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace portside::supervisors {

UnitLook::UnitLook(BusConnection& bus, UnitWish wish, const Places& places, Ends ends)
    : wish_(std::move(wish)), own_uid_(places.uid), ends_(std::move(ends)),
      questions_(
          bus, places.answer_limit, [this] { all_answered(); }, [this] { lose("a question could not be sent"); }) {
    facts_.unit = wish_.unit;
}

UnitWish wish_for(const platform::ManagerSockets& sockets) {
    return {platform::Unit{{}, sockets.manager}, std::nullopt, sockets};
}

void UnitLook::begin() {
    questions_.hold();
    if (!facts_.unit.name.empty()) {
        ask_for_unit();
    }
    if (wish_.sockets) {
        ask_for_sockets();
    }
    questions_.release();
}

// systemd.unit(5): a pattern is matched as a file name's.
void UnitLook::ask_for_sockets() {
    search_.emplace(questions_, *wish_.sockets);
    questions_.ask(
        "ListUnitsByPatterns",
        [this](sd_bus_message* reply, const sd_bus_error* error) {
            if (!answers(error)) {
                return;
            }
            if (error != nullptr || !search_->take_list(reply)) {
                const char* const said = error == nullptr            ? "an answer without units"
                                         : error->message == nullptr ? error->name
                                                                     : error->message;
                fail(trouble_of_search(said, *wish_.sockets, own_uid_));
            }
        },
        "asas", 0, 1, "*.socket");
}

void UnitLook::ask_for_unit() {
    questions_.ask(
        "GetUnit",
        [this](sd_bus_message* reply, const sd_bus_error* error) {
            if (answers(error)) {
                took_path(reply, error);
            }
        },
        "s", facts_.unit.name.c_str());
}

// Whether it is the manager's own answer. A connection that breaks off answers everything with NoReply.
bool UnitLook::answers(const sd_bus_error* error) {
    const bool unanswered =
        error != nullptr && (says_no_manager(error->name) || std::string_view(error->name).ends_with(".Error.NoReply"));
    if (unanswered) {
        lose(error->message == nullptr ? error->name : error->message);
    }
    reached_ = reached_ || !unanswered;
    return !unanswered;
}

void UnitLook::took_path(sd_bus_message* reply, const sd_bus_error* error) {
    path_ = questions_.read_path(reply, error);
    if (error != nullptr) {
        fail(trouble_of_error(error->name, error->message == nullptr ? "" : error->message, facts_.unit, own_uid_));
    } else if (path_.empty()) {
        fail(trouble_of_error("", "an answer without the unit's object", facts_.unit, own_uid_));
    }
}

// The unit that was named, and the others there; or, where none was named, all that were found. False: it is not there.
bool UnitLook::took_sockets() {
    const auto found = search_->found();
    if (facts_.unit.name.empty() && !found.empty()) {
        facts_.unit.name = found.front().unit;
        path_ = found.front().path;
    }
    bool there = false;
    for (const auto& one : found) {
        there = there || one.unit == facts_.unit.name;
        if (one.unit != facts_.unit.name) {
            facts_.also_listening.push_back(one.unit);
        }
    }
    if (!there) {
        fail(trouble_of_nobody_listening(facts_.unit, *wish_.sockets, own_uid_));
    }
    return there;
}

void UnitLook::all_answered() {
    if (over_ || (!asked_for_properties_ && search_ && !took_sockets())) {
        return;
    }
    if (!std::exchange(asked_for_properties_, true)) {
        ask_for_properties();
        return;
    }
    std::sort(facts_.sockets.begin(), facts_.sockets.end());
    std::sort(facts_.services.begin(), facts_.services.end());
    over_ = true;
    ends_.done();
}

void UnitLook::ask_for_properties() {
    const auto text_into = [this](std::string UnitFacts::*field) {
        return [this, field](sd_bus_message* value) { facts_.*field = questions_.read_text(value); };
    };
    questions_.hold();
    questions_.ask_property(path_, kUnitInterface, "Description", text_into(&UnitFacts::description));
    questions_.ask_property(path_, kUnitInterface, "ActiveState", text_into(&UnitFacts::active_state));
    questions_.ask_property(path_, kServiceInterface, "Restart", text_into(&UnitFacts::restart));
    questions_.ask_property(path_, kServiceInterface, "MainPID", [this](sd_bus_message* value) {
        std::uint32_t pid = 0;
        if (questions_.library().read(value, "u", &pid) >= 0) {
            facts_.main_pid = static_cast<pid_t>(pid);
        }
    });
    ask_for_starters();
    if (wish_.member) {
        ask_for_member();
    }
    questions_.release();
}

void UnitLook::ask_for_starters() {
    questions_.ask_property(path_, kUnitInterface, "TriggeredBy", [this](sd_bus_message* value) {
        for (auto& name : questions_.read_names(value)) {
            if (name.ends_with(".socket")) {
                ask_whether_active(name, facts_.sockets);
            } else {
                facts_.other_starters.push_back(std::move(name));
            }
        }
    });
    if (facts_.unit.name.ends_with(".socket")) {
        questions_.ask_property(path_, kUnitInterface, "Triggers", [this](sd_bus_message* value) {
            facts_.starts = questions_.read_names(value);
            for (const auto& name : facts_.starts) {
                ask_whether_active(name, facts_.services);
            }
        });
    }
}

// A cgroup's name is what its maker wrote; whose process it is, the manager knows.
void UnitLook::ask_for_member() {
    questions_.ask(
        "GetUnitByPID",
        [this](sd_bus_message* reply, const sd_bus_error* error) {
            if (questions_.read_path(reply, error) != path_) {
                fail({Trouble::Kind::changed,
                      fmt::format("Process {} does not belong to {} (any more), by what {} says: nothing was stopped.",
                                  *wish_.member, facts_.unit.name, manager_text(facts_.unit, own_uid_))});
            }
        },
        "u", static_cast<std::uint32_t>(*wish_.member));
}

// Appends `name` to `active` where that unit holds or does anything.
void UnitLook::ask_whether_active(const std::string& name, std::vector<std::string>& active) {
    const auto take = [this, name, &active](sd_bus_message* reply, const sd_bus_error* error) {
        const auto path = questions_.read_path(reply, error);
        if (path.empty()) {
            return;
        }
        questions_.ask_property(path, kUnitInterface, "ActiveState", [this, name, &active](sd_bus_message* value) {
            const auto state = questions_.read_text(value);
            if (state != "inactive" && state != "failed") {
                active.push_back(name);
            }
        });
    };
    questions_.ask("GetUnit", take, "s", name.c_str());
}

void UnitLook::fail(Trouble trouble) {
    if (!std::exchange(over_, true)) { // the first reason is the one that counts
        ends_.failed(std::move(trouble));
    }
}

void UnitLook::lose(const std::string& why) {
    if (!std::exchange(over_, true)) {
        ends_.lost(why);
    }
}

} // namespace portside::supervisors
