// SPDX-License-Identifier: MIT
// sd-bus on both sides: a service of a few methods, and a client of the same. One connection, one thread at a time.
#include "app/desktop/instance.h"

#include "app/desktop/connection.h"
#include "app/desktop/tray.h"
#include "core/base/text.h"
#include "core/bus/address.h"

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

constexpr std::size_t kLongestAnswer = 200; // of another program's words

constexpr const char* kInstanceIntrospection =
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

// What the running one said: nothing, or why it did not do it.
std::optional<std::string> pass_on(const Connection& connection, Order order) {
    const auto& sd = connection.sd;
    const bool shows = order == Order::show;
    const auto call = connection.call_to(kName, kPath, {kInterface, shows ? "Activate" : "ActivateAction"});
    int result = -ENOMEM;
    if (call) {
        const char* const action = order == Order::toggle ? "toggle" : "rescan";
        result = shows ? sd.append(call.get(), "a{sv}", 0) : sd.append(call.get(), "sava{sv}", action, 0, 0);
    }
    sd_bus_error error{};
    if (result >= 0) {
        result = sd.call(connection.bus, call.get(), static_cast<std::uint64_t>(kAnswerLimit.count()), &error, nullptr);
    }
    std::optional<std::string> why;
    if (result < 0) {
        const bool silent = result == -ETIMEDOUT;
        const char* const said =
            error.message != nullptr ? error.message : std::strerror(-result); // NOLINT(concurrency-mt-unsafe)
        why = silent ? std::string("It did not answer")
                     : fmt::format("It said: {}", base::sanitise(said, kLongestAnswer));
    }
    sd.error_free(&error);
    return why;
}

Unreachable unreachable(const std::string& why) {
    return {fmt::format("{} So a second start, or portside --toggle, cannot find this window.", why)};
}

} // namespace

// org.freedesktop.Application as others call it.
class Instance::Face {
  public:
    Face(const Connection& connection, std::function<void(Order)> on_order)
        : sd_(connection.sd), on_order_(std::move(on_order)) {}

    static int called(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
        return static_cast<Face*>(self)->answer(message);
    }

  private:
    int answer(sd_bus_message* message);
    int answer_action(sd_bus_message* message);

    const bus::SdBus& sd_;
    std::function<void(Order)> on_order_;
};

// 0: not ours, so that the library answers that there is no such method.
int Instance::Face::answer(sd_bus_message* message) {
    if (sd_.is_method_call(message, kInterface, "Activate") > 0 ||
        sd_.is_method_call(message, kInterface, "Open") > 0) {
        on_order_(Order::show); // there is nothing to open but the window
        return sd_.reply_method_return(message, "");
    }
    if (sd_.is_method_call(message, kInterface, "ActivateAction") > 0) {
        return answer_action(message);
    }
    if (sd_.is_method_call(message, "org.freedesktop.DBus.Introspectable", "Introspect") > 0) {
        return sd_.reply_method_return(message, "s", kInstanceIntrospection);
    }
    return 0;
}

int Instance::Face::answer_action(sd_bus_message* message) {
    const char* action = nullptr;
    if (sd_.read(message, "s", &action) < 0) {
        return sd_.reply_method_errorf(message, kInvalidArguments, "An action's name is missing.");
    }
    const auto order = order_named(action);
    if (!order) {
        return sd_.reply_method_errorf(message, kInvalidArguments,
                                       "Portside has the actions show, toggle, rescan and quit.");
    }
    on_order_(*order);
    return sd_.reply_method_return(message, "");
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
        if (const auto why = pass_on(*connection, order)) {
            return Unanswered{fmt::format("Portside runs already and could not be asked to show its window. {}. End it "
                                          "(pkill portside-overlay) and start Portside again.",
                                          *why)};
        }
        return PassedOn{};
    }
    if (result < 0) {
        return unreachable(base::error_from_errno(-result, "The session bus could not be used").what + ".");
    }
    base::UniqueFd bell(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!bell) {
        return unreachable("The system has no descriptor left for the session bus.");
    }
    return std::unique_ptr<Instance>(new Instance(std::move(connection), std::move(bell), std::move(wake)));
}

// What can be asked of us is there before the thread reads what was asked.
Instance::Instance(std::unique_ptr<Connection> connection, base::UniqueFd bell, std::function<void()> wake)
    : connection_(std::move(connection)), wake_(std::move(wake)), bell_(std::move(bell)) {
    face_ = std::make_unique<Face>(*connection_, [this](Order order) {
        found_again_ = found_again_ || order == Order::show || order == Order::toggle;
        take_in(order);
    });
    static_cast<void>(connection_->sd.add_object(connection_->bus, nullptr, kPath, &Face::called, face_.get()));
    tray_ = std::make_unique<Tray>(*connection_,
                                   Tray::Outwards{[this](Order order) { take_in(order); }, [this] { this->wake(); }});
    color_scheme_ = std::make_unique<ColorSchemeWatch>(*connection_, [this] { this->wake(); });
}

void Instance::serve() {
    thread_ = std::jthread([this](const std::stop_token& stop) {
        run(stop);
        reachable_ = false;
        if (!stop.stop_requested()) {
            this->wake();
        }
    });
}

Instance::~Instance() {
    thread_.request_stop();
    ring();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Instance::ring() const {
    const std::uint64_t one = 1;
    static_cast<void>(::write(bell_.get(), &one, sizeof(one)) == sizeof(one)); // full is as good
}

void Instance::wake() const {
    if (wake_) {
        wake_();
    }
}

void Instance::take_in(Order order) {
    orders_.post(order);
    wake();
}

void Instance::set_tray_text(TrayText text) {
    if (tray_->set_text(std::move(text)) && tray_->shown()) {
        ring();
    }
}

bool Instance::has_tray() const {
    return reachable_ && tray_->shown();
}

ColorScheme Instance::color_scheme() const {
    return color_scheme_->preferred();
}

// Until it is told to stop, or the bus is gone: the window goes on without it.
void Instance::run(const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), "bus");
    const auto& sd = connection_->sd;
    tray_->start();
    color_scheme_->start();
    while (!stop.stop_requested()) {
        int result = 0;
        do {
            result = sd.process(connection_->bus, nullptr);
        } while (result > 0);
        if (result < 0) {
            return;
        }
        sleep(tray_->tell(std::chrono::steady_clock::now()));
    }
}

// Until the bus has something for us, the bell rings or it is time.
void Instance::sleep(std::optional<std::chrono::steady_clock::time_point> until) const {
    const auto& sd = connection_->sd;
    std::uint64_t bus_until = 0;
    if (sd.get_timeout(connection_->bus, &bus_until) >= 0 && bus_until != std::numeric_limits<std::uint64_t>::max()) {
        const std::chrono::steady_clock::time_point bus_due{std::chrono::microseconds(bus_until)};
        until = until ? std::min(*until, bus_due) : bus_due;
    }
    int limit = -1;
    if (until) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*until - std::chrono::steady_clock::now());
        limit = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
    }
    const int events = sd.get_events(connection_->bus);
    std::array<pollfd, 2> waited{
        {{sd.get_fd(connection_->bus), static_cast<short>(events < 0 ? POLLIN : events), 0}, {bell_.get(), POLLIN, 0}}};
    static_cast<void>(::poll(waited.data(), waited.size(), limit));
    std::uint64_t rung = 0;
    static_cast<void>(::read(bell_.get(), &rung, sizeof(rung)) == sizeof(rung)); // not rung is as good
}

} // namespace portside::desktop
