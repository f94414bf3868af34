// SPDX-License-Identifier: MIT
// The conversation with systemd's manager about one unit: its facts, and then perhaps its end. The manager asks polkit
// itself, which may take minutes. One object belongs to one thread.
#pragma once

#include "core/supervisors/bus_connection.h"
#include "core/supervisors/unit_facts.h"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portside::supervisors {

class UnitTalk final : public Talk {
  public:
    // `member`: a process that must belong to the unit, by the manager's own word; nothing: not checked.
    UnitTalk(platform::Unit unit, std::optional<pid_t> member, const Places& places);

    void proceed() override;
    [[nodiscard]] Wait wait() const override;
    void stop() override;
    [[nodiscard]] const UnitFacts& facts() const { return facts_; }

  private:
    using Handler = BusConnection::Handler;
    [[nodiscard]] BusConnection::Method question(const char* member) const;
    void connect_next();
    void lost(const std::string& why);
    void ask_for_unit();
    void took_path(sd_bus_message* reply, const sd_bus_error* error);
    void ask_for_properties();
    void ask_for_member();
    // `take` reads the value out of its variant.
    void ask_for_property(const char* path, const char* interface, const char* name,
                          std::function<void(sd_bus_message*)> take);
    void ask_whether_active(const std::string& name, std::vector<std::string>& active);
    void answered(); // one question less
    void start_stopping();
    void stop_next();
    void stop_answered(sd_bus_message* reply, const sd_bus_error* error);
    void job_removed(sd_bus_message* signal);
    void job_ended(std::string_view result);
    void fail_with(const char* error_name, const char* message);
    [[nodiscard]] bool is_over() const { return phase() == Phase::stopped || phase() == Phase::failed; }
    [[nodiscard]] std::string read_text(sd_bus_message* message) const;
    [[nodiscard]] std::vector<std::string> read_names(sd_bus_message* value) const;
    [[nodiscard]] std::string already_stopped() const;
    void must(bool sent);

    Places places_;
    std::optional<pid_t> member_;
    UnitFacts facts_;
    std::vector<BusAddress> addresses_;
    std::size_t next_address_ = 0;
    std::string unreached_; // why the last address did not serve
    bool try_next_ = true;  // connect to the next address before anything else
    std::unique_ptr<BusConnection> bus_;
    std::optional<Clock::time_point> patience_; // for facts: a manager that does not answer is none
    std::string path_;                          // the unit's object
    int open_questions_ = 0;
    std::deque<std::string> to_stop_; // the first is being stopped
    std::vector<std::string> stopped_;
    std::string job_;                                          // its object; empty: StopUnit is not answered yet
    std::vector<std::pair<std::string, std::string>> removed_; // jobs that ended before StopUnit was answered: result
};

} // namespace portside::supervisors
