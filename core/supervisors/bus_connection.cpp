// SPDX-License-Identifier: MIT
// sd-bus in small: open, call, listen, process. One object belongs to one thread.
#include "core/supervisors/bus_connection.h"

#include <cerrno>
#include <fmt/format.h>
#include <limits>
#include <poll.h>
#include <utility>

namespace portside::supervisors {

namespace {
constexpr const char* kName = "org.freedesktop.systemd1";
} // namespace

base::Result<std::unique_ptr<BusConnection>> BusConnection::open(const BusAddress& address) {
    const auto& library = bus::sd_bus_library();
    if (!library) {
        return base::failed(library.error());
    }
    std::unique_ptr<BusConnection> made(new BusConnection(*library));
    made->direct_ = address.direct;
    const auto& bus = *library;
    int result = bus.create(&made->connection_);
    if (result >= 0) {
        result = bus.set_address(made->connection_, address.address.c_str());
    }
    if (result >= 0) {
        result = bus.set_bus_client(made->connection_, address.direct ? 0 : 1);
    }
    if (result >= 0) {
        result = bus.start(made->connection_);
    }
    if (result < 0) {
        return base::failed(
            base::error_from_errno(-result, fmt::format("systemd could not be reached at {}", address.address)));
    }
    return made;
}

BusConnection::~BusConnection() {
    if (connection_ != nullptr) {
        bus_.close_unref(connection_);
    }
}

sd_bus_message* BusConnection::begin(const Method& method) {
    sd_bus_message* message = nullptr;
    if (bus_.new_method_call(connection_, &message, kName, method.path, method.interface, method.member) < 0) {
        return nullptr;
    }
    if (method.interactive) {
        bus_.allow_interaction(message, 1);
    }
    return message;
}

std::list<BusConnection::Pending>::iterator BusConnection::keep(Handler handler) {
    pending_.push_back({this, std::move(handler), {}});
    const auto place = std::prev(pending_.end());
    place->place = place;
    return place;
}

bool BusConnection::send(sd_bus_message* message, bool whole, const Method& method, Handler handler) {
    const auto place = keep(std::move(handler));
    // 0 would be the library's own 25 s; a password prompt takes as long as it takes.
    const auto limit = method.limit ? static_cast<std::uint64_t>(std::chrono::microseconds(*method.limit).count())
                                    : std::numeric_limits<std::uint64_t>::max();
    const bool sent =
        whole && bus_.call_async(connection_, nullptr, message, &BusConnection::answered, &*place, limit) >= 0;
    if (message != nullptr) {
        bus_.message_unref(message);
    }
    if (!sent) {
        pending_.erase(place);
    }
    return sent;
}

int BusConnection::answered(sd_bus_message* reply, void* pending, sd_bus_error* /*error*/) {
    auto* const mine = static_cast<Pending*>(pending);
    auto& self = *mine->connection;
    const auto handler = std::move(mine->handler);
    self.pending_.erase(mine->place);
    handler(reply, self.bus_.get_error(reply));
    return 0;
}

bool BusConnection::listen(const char* member, Handler installed, std::function<void(sd_bus_message*)> on_signal) {
    on_signal_ = std::move(on_signal);
    installed_ = std::move(installed);
    const auto on_installed = [](sd_bus_message* reply, void* self, sd_bus_error* /*error*/) {
        auto& connection = *static_cast<BusConnection*>(self);
        if (const auto handler = std::exchange(connection.installed_, nullptr)) {
            handler(reply, reply == nullptr ? nullptr : connection.bus_.get_error(reply));
        }
        return 0;
    };
    const bool added =
        bus_.match_signal_async(connection_, nullptr, direct_ ? nullptr : kName, kManagerPath, kManagerInterface,
                                member, &BusConnection::signalled, on_installed, this) >= 0;
    if (added && direct_) { // there is no bus to tell, so nothing is answered
        if (const auto handler = std::exchange(installed_, nullptr)) {
            handler(nullptr, nullptr);
        }
    }
    return added;
}

int BusConnection::signalled(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    static_cast<BusConnection*>(self)->on_signal_(message);
    return 0;
}

bool BusConnection::process() {
    int result = 0;
    do {
        result = bus_.process(connection_, nullptr);
    } while (result > 0);
    return result >= 0;
}

Wait BusConnection::wait() const {
    Wait wait;
    wait.fd = bus_.get_fd(connection_);
    const int events = bus_.get_events(connection_);
    wait.events = static_cast<short>(events < 0 ? POLLIN : events);
    std::uint64_t until = 0;
    if (bus_.get_timeout(connection_, &until) >= 0 && until != std::numeric_limits<std::uint64_t>::max()) {
        wait.deadline = Clock::time_point(std::chrono::microseconds(until)); // both count CLOCK_MONOTONIC
    }
    return wait;
}

} // namespace portside::supervisors
