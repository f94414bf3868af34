// SPDX-License-Identifier: MIT
// Questions to systemd's manager that are open at the same time. One object belongs to one thread; handlers run in
// BusConnection::process().
#pragma once

#include "core/supervisors/bus_connection.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace portside::supervisors {

inline constexpr const char* kUnitInterface = "org.freedesktop.systemd1.Unit";
inline constexpr const char* kServiceInterface = "org.freedesktop.systemd1.Service";
inline constexpr const char* kSocketInterface = "org.freedesktop.systemd1.Socket";

class ManagerQuestions {
  public:
    using Handler = BusConnection::Handler;

    // `all_answered` is called whenever the last open question has been answered; it may ask more. `not_sent`: a
    // question could not be sent, so nothing good comes of the others. The connection outlives this.
    ManagerQuestions(BusConnection& bus, std::chrono::milliseconds limit, std::function<void()> all_answered,
                     std::function<void()> not_sent)
        : bus_(bus), limit_(limit), all_answered_(std::move(all_answered)), not_sent_(std::move(not_sent)) {}
    ManagerQuestions(const ManagerQuestions&) = delete;
    ManagerQuestions& operator=(const ManagerQuestions&) = delete;

    // A method of the manager's object.
    template <typename... Arguments>
    void ask(const char* member, Handler handler, const char* types, Arguments... arguments) {
        BusConnection::Method method;
        method.member = member;
        send(method, std::move(handler), types, arguments...);
    }
    // `take` reads the value out of its variant. Not called where there is no such property: a unit that is no service
    // has no Restart=, and that is an answer too.
    void ask_property(const std::string& path, const char* interface, const char* name,
                      std::function<void(sd_bus_message* value)> take);
    // Nothing counts as all answered in between.
    void hold() { ++open_; }
    void release() { answered(); }

    // The next text of an answer, safe to draw; empty where there is none.
    [[nodiscard]] std::string read_text(sd_bus_message* message) const;
    // A list of unit names, without what is none.
    [[nodiscard]] std::vector<std::string> read_names(sd_bus_message* value) const;
    // A lone object path; empty where the answer is an error or has none.
    [[nodiscard]] std::string read_path(sd_bus_message* reply, const sd_bus_error* error) const;
    [[nodiscard]] const SdBus& library() const { return bus_.library(); }

  private:
    template <typename... Arguments>
    void send(BusConnection::Method method, Handler handler, const char* types, Arguments... arguments) {
        method.limit = limit_;
        ++open_;
        const auto and_count = [this, handler = std::move(handler)](sd_bus_message* reply, const sd_bus_error* error) {
            handler(reply, error);
            answered();
        };
        if (!bus_.call(method, and_count, types, arguments...)) {
            not_sent_();
        }
    }
    void answered();

    BusConnection& bus_;
    std::chrono::milliseconds limit_;
    std::function<void()> all_answered_;
    std::function<void()> not_sent_;
    std::size_t open_ = 0;
};

} // namespace portside::supervisors
