// SPDX-License-Identifier: MIT
// Which .socket units a manager has that listen on given sockets. One object belongs to one thread.
#pragma once

#include "core/platform/manager_sockets.h"
#include "core/supervisors/manager_questions.h"

#include <string>
#include <string_view>
#include <vector>

namespace portside::supervisors {

// Whether an entry of a .socket unit's Listen property (org.freedesktop.systemd1(5)) is one of the sockets. `type` is
// "Stream", "Datagram", "FIFO" ...; an address is written "127.0.0.1:631", "[::]:631", "[fe80::1]:631%2", or "631" for
// all addresses. Pure.
[[nodiscard]] bool listens_on(std::string_view type, std::string_view address, const platform::ManagerSockets& sockets);

class SocketSearch {
  public:
    struct Found {
        std::string unit; // "cups.socket"
        std::string path; // its object
        bool operator==(const Found&) const = default;
    };
    // `questions` and what it talks over outlive this.
    SocketSearch(ManagerQuestions& questions, platform::ManagerSockets sockets)
        : questions_(questions), sockets_(std::move(sockets)) {}

    // Takes the answer of ListUnitsByPatterns and asks each active unit where it listens; the search is over when all
    // questions have been answered. False: that was no list.
    [[nodiscard]] bool take_list(sd_bus_message* reply);
    // By unit name.
    [[nodiscard]] std::vector<Found> found() const;

  private:
    void ask_where(const Found& unit);

    ManagerQuestions& questions_;
    platform::ManagerSockets sockets_;
    std::vector<Found> found_;
};

} // namespace portside::supervisors
