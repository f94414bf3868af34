// SPDX-License-Identifier: MIT
// One connection to systemd's manager, over a bus or straight. Nothing here blocks. One object belongs to one thread.
#pragma once

#include "core/bus/sd_bus_library.h"
#include "core/supervisors/places.h"
#include "core/supervisors/talk.h"

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>

namespace portside::supervisors {

using bus::SdBus;

inline constexpr const char* kManagerPath = "/org/freedesktop/systemd1";
inline constexpr const char* kManagerInterface = "org.freedesktop.systemd1.Manager";

class BusConnection {
  public:
    // `error` is null when it was answered; both live as long as the call. Must not destroy the connection.
    using Handler = std::function<void(sd_bus_message* reply, const sd_bus_error* error)>;
    struct Method {
        const char* path = kManagerPath;
        const char* interface = kManagerInterface;
        const char* member = nullptr;
        bool interactive = false;                         // polkit may ask the user
        std::optional<std::chrono::milliseconds> limit{}; // nothing: for ever
    };

    // Begins to connect; whether it succeeds is told by the first call's handler. ErrorKind::not_found where nobody
    // listens there.
    [[nodiscard]] static base::Result<std::unique_ptr<BusConnection>> open(const BusAddress& address);
    BusConnection(const BusConnection&) = delete;
    BusConnection& operator=(const BusConnection&) = delete;
    ~BusConnection();

    // `types` and what follows as sd_bus_message_append(3) takes them. The handler is called once, in process(); when
    // the connection is lost, with an error. False: it could not be sent, and the handler will not be called.
    template <typename... Arguments>
    [[nodiscard]] bool call(const Method& method, Handler handler, const char* types, Arguments... arguments) {
        sd_bus_message* message = begin(method);
        const bool whole = message != nullptr && bus_.append(message, types, arguments...) >= 0;
        return send(message, whole, method, std::move(handler));
    }
    // Calls `on_signal` for every signal of that name from the manager. `installed` as a call's handler, before any.
    [[nodiscard]] bool listen(const char* member, Handler installed, std::function<void(sd_bus_message*)> on_signal);

    // Does what can be done now. False: the connection is lost.
    [[nodiscard]] bool process();
    [[nodiscard]] Wait wait() const;
    [[nodiscard]] const SdBus& library() const { return bus_; }

  private:
    struct Pending {
        BusConnection* connection = nullptr;
        Handler handler;
        std::list<Pending>::iterator place;
    };
    explicit BusConnection(const SdBus& bus) : bus_(bus) {}
    [[nodiscard]] sd_bus_message* begin(const Method& method);
    [[nodiscard]] bool send(sd_bus_message* message, bool whole, const Method& method, Handler handler);
    [[nodiscard]] std::list<Pending>::iterator keep(Handler handler);
    static int answered(sd_bus_message* reply, void* pending, sd_bus_error* error);
    static int signalled(sd_bus_message* message, void* self, sd_bus_error* error);

    const SdBus& bus_;
    sd_bus* connection_ = nullptr;
    bool direct_ = false;
    std::list<Pending> pending_;
    std::function<void(sd_bus_message*)> on_signal_;
    Handler installed_;
};

} // namespace portside::supervisors
