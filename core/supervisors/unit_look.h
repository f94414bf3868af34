// SPDX-License-Identifier: MIT
// The first half of a talk with systemd's manager: which unit is meant, and what the manager says of it. One object
// belongs to one thread.
#pragma once

#include "core/supervisors/manager_questions.h"
#include "core/supervisors/places.h"
#include "core/supervisors/socket_search.h"
#include "core/supervisors/talk.h"
#include "core/supervisors/unit_facts.h"

#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace portside::supervisors {

// Which unit is meant.
struct UnitWish {
    platform::Unit unit; // without a name: whichever .socket unit listens on `sockets`
    // A process that must belong to the unit, by the manager's own word; nothing: not checked.
    std::optional<pid_t> member{};
    // Where the unit must be listening, by the manager's own word; nothing: not checked.
    std::optional<platform::ManagerSockets> sockets{};
};
// A port that a manager holds, and nothing else is known: its .socket unit.
[[nodiscard]] UnitWish wish_for(const platform::ManagerSockets& sockets);

class UnitLook {
  public:
    // One of them is called, once, in BusConnection::process() or in begin(); none may destroy the look.
    struct Ends {
        std::function<void()> done; // facts() is whole
        std::function<void(Trouble)> failed;
        std::function<void(const std::string& why)> lost; // nobody answers, or no manager
    };
    // The connection outlives this.
    UnitLook(BusConnection& bus, UnitWish wish, const Places& places, Ends ends);

    void begin();
    // The manager has answered something: it is the right one.
    [[nodiscard]] bool reached() const { return reached_; }
    [[nodiscard]] const UnitFacts& facts() const { return facts_; }

  private:
    [[nodiscard]] bool answers(const sd_bus_error* error);
    void ask_for_unit();
    void ask_for_sockets();
    void took_path(sd_bus_message* reply, const sd_bus_error* error);
    [[nodiscard]] bool took_sockets();
    void all_answered();
    void ask_for_properties();
    void ask_for_starters();
    void ask_for_member();
    void ask_whether_active(const std::string& name, std::vector<std::string>& active);
    void fail(Trouble trouble);
    void lose(const std::string& why);

    UnitWish wish_;
    uid_t own_uid_;
    Ends ends_;
    UnitFacts facts_;
    ManagerQuestions questions_;
    std::optional<SocketSearch> search_; // asks with questions_
    std::string path_;                   // the unit's object
    bool reached_ = false;
    bool asked_for_properties_ = false;
    bool over_ = false;
};

} // namespace portside::supervisors
