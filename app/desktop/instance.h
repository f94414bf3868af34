// SPDX-License-Identifier: MIT
// One Portside on a desktop. The first to start owns the name org.portside.Portside on the session bus and is asked by
// every later start, as org.freedesktop.Application has it (Desktop Entry Specification, "D-Bus Activation").
// `claim` runs on the main thread; after that the connection belongs to a thread of its own.
#pragma once

#include "core/base/mailbox.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace portside::desktop {

inline constexpr const char* kName = "org.portside.Portside";
inline constexpr const char* kPath = "/org/portside/Portside";
inline constexpr const char* kInterface = "org.freedesktop.Application";

// What another start, or a desktop, asks the running one for.
enum class Order : std::uint8_t { show, toggle, rescan, quit };

class Instance;
struct PassedOn {};       // another one runs and has done what was asked
struct Unreachable {      // no session bus, so a second start cannot find this one
    std::string sentence; // for a person, with the way out
};
struct Unanswered { // another one owns the name and does not answer, or refuses
    std::string sentence;
};
using Claim = std::variant<std::unique_ptr<Instance>, PassedOn, Unreachable, Unanswered>;

class Instance {
  public:
    // Becomes the one that runs, or passes `order` (show or toggle) on to the one that does. Waits for the bus and for
    // the other's answer, at most some seconds where they hang. `address`: a bus as D-Bus writes one; empty: the
    // session bus by $DBUS_SESSION_BUS_ADDRESS, else $XDG_RUNTIME_DIR/bus. `wake` runs on the bus thread after an order
    // came.
    [[nodiscard]] static Claim claim(Order order, std::function<void()> wake, const std::string& address = {});
    ~Instance();
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    // In the order in which they came. Any thread.
    [[nodiscard]] std::vector<Order> take_orders() { return orders_.take_all(); }

  private:
    struct Connection;
    Instance(std::unique_ptr<Connection> connection, base::UniqueFd stop_event, std::function<void()> wake);
    void run(const std::stop_token& stop);
    void take_in(Order order);

    std::unique_ptr<Connection> connection_; // used by the thread only
    std::function<void()> wake_;
    base::Mailbox<Order> orders_;
    base::UniqueFd stop_event_; // eventfd
    std::jthread thread_;       // last: it uses everything above
};

} // namespace portside::desktop
