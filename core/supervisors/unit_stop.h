// SPDX-License-Identifier: MIT
// The second half of a talk with systemd's manager: StopUnit, one unit after the other, so that one refused password
// asks no second time. One object belongs to one thread.
#pragma once

#include "core/supervisors/bus_connection.h"
#include "core/supervisors/talk.h"
#include "core/supervisors/unit_facts.h"

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace portside::supervisors {

class UnitStop {
  public:
    // Called in BusConnection::process() or in begin(); none may destroy the stop.
    struct Ends {
        std::function<void()> accepted; // for each unit: it is under way
        std::function<void()> done;     // once: all were stopped
        std::function<void(Trouble)> failed;
    };
    // The unit that the facts are of, with its sockets and services. The connection outlives this.
    UnitStop(BusConnection& bus, const UnitFacts& facts, uid_t own_uid, Ends ends);

    void begin();
    void connection_lost() { fail_with("org.freedesktop.DBus.Error.NoReply", ""); }

  private:
    void subscribe();
    void stop_next();
    void stop_answered(sd_bus_message* reply, const sd_bus_error* error);
    void job_removed(sd_bus_message* signal);
    void job_ended(std::string_view result);
    void fail_with(const char* error_name, const char* message);
    void fail(Trouble trouble);
    void must(bool sent);
    [[nodiscard]] platform::Unit being_stopped() const;

    BusConnection& bus_;
    platform::Unit unit_;
    uid_t own_uid_;
    Ends ends_;
    std::deque<std::string> to_stop_; // the first is being stopped
    std::vector<std::string> stopped_;
    std::string job_;                                          // its object; empty: StopUnit is not answered yet
    std::vector<std::pair<std::string, std::string>> removed_; // jobs that ended before StopUnit was answered: result
    bool over_ = false;
};

} // namespace portside::supervisors
