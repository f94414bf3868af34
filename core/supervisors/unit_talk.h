// SPDX-License-Identifier: MIT
// The conversation with systemd's manager about one unit: its facts, and then perhaps its end. The manager asks polkit
// itself, which may take minutes. One object belongs to one thread.
#pragma once

#include "core/supervisors/bus_connection.h"
#include "core/supervisors/unit_look.h"
#include "core/supervisors/unit_stop.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace portside::supervisors {

class UnitTalk final : public Talk {
  public:
    UnitTalk(UnitWish wish, const Places& places);

    void proceed() override;
    [[nodiscard]] Wait wait() const override;
    void stop() override;
    [[nodiscard]] const UnitFacts& facts() const { return facts_; }

  private:
    void connect_next();
    void lost(const std::string& why);
    [[nodiscard]] bool is_over() const { return phase() == Phase::stopped || phase() == Phase::failed; }

    Places places_;
    UnitWish wish_;
    UnitFacts facts_;
    std::vector<BusAddress> addresses_;
    std::size_t next_address_ = 0;
    std::string unreached_; // why the last address did not serve
    bool try_next_ = true;  // connect to the next address before anything else
    std::unique_ptr<BusConnection> bus_;
    std::optional<UnitLook> look_;              // over that connection
    std::optional<UnitStop> stop_;              // likewise
    std::optional<Clock::time_point> patience_; // for facts: a manager that does not answer is none
};

} // namespace portside::supervisors
