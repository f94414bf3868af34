// SPDX-License-Identifier: MIT
// One Portside on a desktop. The first to start owns the name org.portside.Portside on the session bus and is asked by
// every later start, as org.freedesktop.Application has it (Desktop Entry Specification, "D-Bus Activation").
// `claim` and `serve` run on the main thread; after that the connection belongs to a thread of its own.
#pragma once

#include "app/desktop/color_scheme.h"
#include "app/desktop/order.h"
#include "app/desktop/tray_text.h"
#include "core/base/mailbox.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace portside::desktop {

inline constexpr const char* kName = "org.portside.Portside";
inline constexpr const char* kPath = "/org/portside/Portside";
inline constexpr const char* kInterface = "org.freedesktop.Application";

class Instance;
struct Connection;
class Tray;
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
    // Becomes the one that runs, or passes `order` (show, toggle or rescan) on to the one that does. Waits for the bus
    // and for the other's answer, at most some seconds where they hang. `address`: a bus as D-Bus writes one; empty:
    // the session bus by $DBUS_SESSION_BUS_ADDRESS, else $XDG_RUNTIME_DIR/bus. `wake` runs on the bus thread after an
    // order came, and when has_tray(), reachable() or color_scheme() is another than before.
    [[nodiscard]] static Claim claim(Order order, std::function<void()> wake, const std::string& address = {});
    // Starts the thread that answers others and follows the desktop; once. Who asked before waits, some seconds at
    // most.
    void serve();
    ~Instance();
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    // In the order in which they came. Any thread.
    [[nodiscard]] std::vector<Order> take_orders() { return orders_.take_all(); }

    // What the tray says from now on, where there is one. Any thread.
    void set_tray_text(TrayText text);
    // Whether a tray shows us. Any thread.
    [[nodiscard]] bool has_tray() const;
    // Whether another start can still find us: the bus is there. Any thread.
    [[nodiscard]] bool reachable() const { return reachable_; }
    // Whether one has shown or toggled this one in this life, or the desktop has. Any thread.
    [[nodiscard]] bool found_again() const { return found_again_; }
    // What the desktop prefers. Any thread.
    [[nodiscard]] ColorScheme color_scheme() const;

  private:
    class Face;
    Instance(std::unique_ptr<Connection> connection, base::UniqueFd bell, std::function<void()> wake);
    void run(const std::stop_token& stop);
    void take_in(Order order);
    void wake() const;
    void ring() const;
    void sleep(std::optional<std::chrono::steady_clock::time_point> until) const;

    std::unique_ptr<Connection> connection_; // used by the thread only
    std::function<void()> wake_;
    base::Mailbox<Order> orders_;
    std::atomic<bool> found_again_ = false;
    std::atomic<bool> reachable_ = true; // the bus is there
    std::unique_ptr<Face> face_;
    std::unique_ptr<Tray> tray_;
    std::unique_ptr<ColorSchemeWatch> color_scheme_;
    base::UniqueFd bell_; // eventfd: to stop, or to tell the tray something
    std::jthread thread_; // last: it uses everything above
};

} // namespace portside::desktop
