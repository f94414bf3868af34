// SPDX-License-Identifier: MIT
// sd-bus on both sides: a service of a few methods, and a client of the same. One connection, one thread at a time.
#include "app/desktop/instance.h"

#include "core/bus/address.h"
#include "core/bus/sd_bus_library.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace portside::desktop {

namespace {

// The bus is there at once, or it hangs.
constexpr std::chrono::microseconds kAnswerLimit = std::chrono::seconds(3);

constexpr const char* kIntrospection =
    "<!DOCTYPE node PUBLIC \"-//freedesktop//DTD D-BUS Object Introspection 1.0//EN\" "
    "\"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd\">\n"
    "<node><interface name=\"org.freedesktop.Application\">"
    "<method name=\"Activate\"><arg type=\"a{sv}\" name=\"platform_data\" direction=\"in\"/></method>"
    "<method name=\"Open\"><arg type=\"as\" name=\"uris\" direction=\"in\"/>"
    "<arg type=\"a{sv}\" name=\"platform_data\" direction=\"in\"/></method>"
    "<method name=\"ActivateAction\"><arg type=\"s\" name=\"action_name\" direction=\"in\"/>"
    "<arg type=\"av\" name=\"parameter\" direction=\"in\"/>"
    "<arg type=\"a{sv}\" name=\"platform_data\" direction=\"in\"/></method>"
    "</interface></node>";

std::optional<Order> order_named(const char* action) {
    for (const auto& [name, order] : {std::pair("show", Order::show), std::pair("toggle", Order::toggle),
                                      std::pair("rescan", Order::rescan), std::pair("quit", Order::quit)}) {
        if (std::strcmp(action, name) == 0) {
            return order;
        }
    }
    return std::nullopt;
}

std::string session_bus_address() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing of ours changes the environment
    if (const char* told = std::getenv("DBUS_SESSION_BUS_ADDRESS"); told != nullptr && *told != '\0') {
        return told;
    }
    const char* folder = std::getenv("XDG_RUNTIME_DIR"); // NOLINT(concurrency-mt-unsafe)
    return folder == nullptr || *folder == '\0' ? std::string() : bus::unix_address(std::string(folder) + "/bus");
}

Unreachable unreachable(const std::string& why) {
    return {fmt::format("{} So a second start, or portside --toggle, cannot find this window.", why)};
}

} // namespace

struct Instance::Connection {
    explicit Connection(const bus::SdBus& library) : sd(library) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() {
        if (bus != nullptr) {
            sd.close_unref(bus);
        }
    }
    // An errno, negative.
    [[nodiscard]] int open(const std::string& address) {
        int result = sd.create(&bus);
        if (result >= 0) {
            result = sd.set_address(bus, address.c_str());
        }
        if (result >= 0) {
            result = sd.set_bus_client(bus, 1);
        }
        if (result >= 0) {
            result = sd.start(bus);
        }
        if (result >= 0) {
            result = sd.set_method_call_timeout(bus, static_cast<std::uint64_t>(kAnswerLimit.count()));
        }
        // Before the name is there, so that nobody can ask too early.
        if (result >= 0) {
            result = sd.add_object(bus, nullptr, kPath, &Connection::called, this);
        }
        return result;
    }
    // What the running one said: nothing, or why it did not do it.
    [[nodiscard]] std::optional<std::string> pass_on(Order order) const;

    static int called(sd_bus_message* message, void* self, sd_bus_error* error);
    int answer(sd_bus_message* message);
    int answer_action(sd_bus_message* message);

    const bus::SdBus& sd;
    sd_bus* bus = nullptr;
    std::function<void(Order)> on_order;
};

int Instance::Connection::called(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    return static_cast<Connection*>(self)->answer(message);
}

// 0: not ours, so that the library answers that there is no such method.
int Instance::Connection::answer(sd_bus_message* message) {
    if (sd.is_method_call(message, kInterface, "Activate") > 0 || sd.is_method_call(message, kInterface, "Open") > 0) {
        on_order(Order::show); // there is nothing to open but the window
        return sd.reply_method_return(message, "");
    }
    if (sd.is_method_call(message, kInterface, "ActivateAction") > 0) {
        return answer_action(message);
    }
    if (sd.is_method_call(message, "org.freedesktop.DBus.Introspectable", "Introspect") > 0) {
        return sd.reply_method_return(message, "s", kIntrospection);
    }
    return 0;
}

int Instance::Connection::answer_action(sd_bus_message* message) {
    const char* action = nullptr;
    if (sd.read(message, "s", &action) < 0) {
        return sd.reply_method_errorf(message, "org.freedesktop.DBus.Error.InvalidArgs",
                                      "An action's name is missing.");
    }
    const auto order = order_named(action);
    if (!order) {
        return sd.reply_method_errorf(message, "org.freedesktop.DBus.Error.InvalidArgs",
                                      "Portside has the actions show, toggle, rescan and quit.");
    }
    on_order(*order);
    return sd.reply_method_return(message, "");
}

std::optional<std::string> Instance::Connection::pass_on(Order order) const {
    sd_bus_message* message = nullptr;
    const bool toggles = order == Order::toggle;
    int result = sd.new_method_call(bus, &message, kName, kPath, kInterface, toggles ? "ActivateAction" : "Activate");
    if (result >= 0) {
        result = toggles ? sd.append(message, "sava{sv}", "toggle", 0, 0) : sd.append(message, "a{sv}", 0);
    }
    sd_bus_error error{};
    if (result >= 0) {
        result = sd.call(bus, message, static_cast<std::uint64_t>(kAnswerLimit.count()), &error, nullptr);
    }
    std::optional<std::string> why;
    if (result < 0) {
        const bool silent = result == -ETIMEDOUT;
        why = silent ? std::string("It did not answer")
                     : fmt::format("It said: {}", error.message != nullptr
                                                      ? error.message
                                                      : std::strerror(-result)); // NOLINT(concurrency-mt-unsafe)
    }
    sd.error_free(&error);
    if (message != nullptr) {
        sd.message_unref(message);
    }
    return why;
}

Claim Instance::claim(Order order, std::function<void()> wake, const std::string& address) {
    const auto where = address.empty() ? session_bus_address() : address;
    if (where.empty()) {
        return unreachable("There is no session bus (neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set).");
    }
    const auto& library = bus::sd_bus_library();
    if (!library) {
        return unreachable(library.error().what);
    }
    auto connection = std::make_unique<Connection>(*library);
    int result = connection->open(where);
    if (result >= 0) {
        result = library->request_name(connection->bus, kName, 0);
    }
    if (result == -EEXIST) {
        if (const auto why = connection->pass_on(order)) {
            return Unanswered{fmt::format("Portside runs already and could not be asked to show its window. {}. End it "
                                          "(pkill portside-overlay) and start Portside again.",
                                          *why)};
        }
        return PassedOn{};
    }
    if (result < 0) {
        return unreachable(base::error_from_errno(-result, "The session bus could not be used").what + ".");
    }
    base::UniqueFd stop_event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!stop_event) {
        return unreachable("The system has no descriptor left for the session bus.");
    }
    return std::unique_ptr<Instance>(new Instance(std::move(connection), std::move(stop_event), std::move(wake)));
}

Instance::Instance(std::unique_ptr<Connection> connection, base::UniqueFd stop_event, std::function<void()> wake)
    : connection_(std::move(connection)), wake_(std::move(wake)), stop_event_(std::move(stop_event)) {
    connection_->on_order = [this](Order order) { take_in(order); };
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Instance::~Instance() {
    thread_.request_stop();
    const std::uint64_t one = 1;
    static_cast<void>(::write(stop_event_.get(), &one, sizeof(one)) == sizeof(one)); // it is read by nobody else
}

void Instance::take_in(Order order) {
    orders_.post(order);
    if (wake_) {
        wake_();
    }
}

// Until it is told to stop, or the bus is gone: the window goes on without it.
void Instance::run(const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), "bus");
    const auto& sd = connection_->sd;
    while (!stop.stop_requested()) {
        int result = 0;
        do {
            result = sd.process(connection_->bus, nullptr);
        } while (result > 0);
        if (result < 0) {
            return;
        }
        const int events = sd.get_events(connection_->bus);
        std::uint64_t until = 0;
        int limit = -1;
        if (sd.get_timeout(connection_->bus, &until) >= 0 && until != std::numeric_limits<std::uint64_t>::max()) {
            const auto now = std::chrono::steady_clock::now().time_since_epoch();
            const auto left =
                std::chrono::microseconds(until) - std::chrono::duration_cast<std::chrono::microseconds>(now);
            limit =
                static_cast<int>(std::max<std::int64_t>(std::chrono::ceil<std::chrono::milliseconds>(left).count(), 0));
        }
        std::array<pollfd, 2> waited{
            {{sd.get_fd(connection_->bus), static_cast<short>(events < 0 ? POLLIN : events), 0},
             {stop_event_.get(), POLLIN, 0}}};
        static_cast<void>(::poll(waited.data(), waited.size(), limit));
    }
}

} // namespace portside::desktop
