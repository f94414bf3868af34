// SPDX-License-Identifier: MIT
// One Portside on a bus: the first serves, the others ask it and are done.
#include "app/desktop/instance.h"

#include "core/bus/sd_bus_library.h"
#include "tests/support/manager_stand_in.h"
#include "tests/support/wait.h"

#include <atomic>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace portside;
using desktop::Claim;
using desktop::Instance;
using desktop::Order;
using desktop::PassedOn;
using desktop::Unanswered;
using desktop::Unreachable;
using support::PrivateBus;
using support::ScratchFolder;

namespace {

using First = std::unique_ptr<Instance>;

// Another program on the bus, as sd-bus makes one.
class Client {
  public:
    explicit Client(const std::string& address) : sd_(*bus::sd_bus_library()) {
        REQUIRE(sd_.create(&bus_) >= 0);
        REQUIRE(sd_.set_address(bus_, address.c_str()) >= 0);
        REQUIRE(sd_.set_bus_client(bus_, 1) >= 0);
        REQUIRE(sd_.start(bus_) >= 0);
    }
    ~Client() { sd_.close_unref(bus_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void take_name() { REQUIRE(sd_.request_name(bus_, desktop::kName, 0) >= 0); }
    // What is said to an action of that name: nothing, or the error's name.
    std::optional<std::string> ask_for(const char* action) {
        return send("ActivateAction", [&](sd_bus_message* call) { return sd_.append(call, "sava{sv}", action, 0, 0); });
    }
    std::optional<std::string> open_nothing() {
        return send("Open", [&](sd_bus_message* call) { return sd_.append(call, "asa{sv}", 0, 0); });
    }
    std::optional<std::string> call_unknown() {
        return send("Explode", [](sd_bus_message*) { return 0; });
    }
    std::string introspect() {
        sd_bus_message* call = nullptr;
        sd_bus_message* reply = nullptr;
        const char* text = "";
        REQUIRE(sd_.new_method_call(bus_, &call, desktop::kName, desktop::kPath, "org.freedesktop.DBus.Introspectable",
                                    "Introspect") >= 0);
        REQUIRE(sd_.call(bus_, call, 0, nullptr, &reply) >= 0);
        REQUIRE(sd_.read(reply, "s", &text) >= 0);
        std::string told = text;
        sd_.message_unref(call);
        sd_.message_unref(reply);
        return told;
    }

  private:
    template <typename Fill>
    std::optional<std::string> send(const char* member, Fill fill) {
        sd_bus_message* call = nullptr;
        REQUIRE(sd_.new_method_call(bus_, &call, desktop::kName, desktop::kPath, desktop::kInterface, member) >= 0);
        REQUIRE(fill(call) >= 0);
        sd_bus_error error{};
        const int result = sd_.call(bus_, call, 0, &error, nullptr);
        std::optional<std::string> name;
        if (result < 0) {
            name = error.name == nullptr ? "no reason" : error.name;
        }
        sd_.error_free(&error);
        sd_.message_unref(call);
        return name;
    }
    const bus::SdBus& sd_;
    sd_bus* bus_ = nullptr;
};

// Until so many orders have come.
std::vector<Order> orders(Instance& instance, std::size_t count) {
    std::vector<Order> taken;
    REQUIRE(support::wait_until([&] {
        for (const auto order : instance.take_orders()) {
            taken.push_back(order);
        }
        return taken.size() >= count;
    }));
    return taken;
}

} // namespace

TEST_SUITE("bus") {
    TEST_CASE("instance - the first serves and a second asks it to show itself") {
        ScratchFolder folder;
        const PrivateBus bus(folder);
        std::atomic<int> woken = 0;
        const Claim first = Instance::claim(
            Order::show, [&] { ++woken; }, bus.address());
        REQUIRE(std::holds_alternative<First>(first));
        auto& instance = *std::get<First>(first);
        instance.serve();
        CHECK(instance.take_orders().empty()); // nobody asked yet: its own start is not an order
        CHECK(std::holds_alternative<PassedOn>(Instance::claim(Order::show, {}, bus.address())));
        CHECK(orders(instance, 1) == std::vector{Order::show});
        CHECK(std::holds_alternative<PassedOn>(Instance::claim(Order::toggle, {}, bus.address())));
        CHECK(orders(instance, 1) == std::vector{Order::toggle});
        CHECK(support::wait_until([&] { return woken == 2; }));
    }

    TEST_CASE("instance - the next start after its end is the first again") {
        ScratchFolder folder;
        const PrivateBus bus(folder);
        for (int i = 0; i < 2; ++i) {
            CHECK(std::holds_alternative<First>(Instance::claim(Order::toggle, {}, bus.address())));
        }
    }

    TEST_CASE("instance - who asks has no answer until it serves") {
        ScratchFolder folder;
        const PrivateBus bus(folder);
        const Claim first = Instance::claim(Order::show, {}, bus.address());
        REQUIRE(std::holds_alternative<First>(first));
        auto& instance = *std::get<First>(first);
        std::atomic<bool> passed_on = false;
        const std::jthread second(
            [&] { passed_on = std::holds_alternative<PassedOn>(Instance::claim(Order::toggle, {}, bus.address())); });
        CHECK_FALSE(passed_on);
        instance.serve();
        CHECK(orders(instance, 1) == std::vector{Order::toggle});
        CHECK(support::wait_until([&] { return passed_on.load(); }));
    }

    TEST_CASE("instance - of many that start at once exactly one serves") {
        ScratchFolder folder;
        const PrivateBus bus(folder);
        constexpr int kStarts = 8;
        std::vector<std::optional<Claim>> claims(kStarts);
        {
            std::vector<std::jthread> starts;
            for (auto& claim : claims) {
                starts.emplace_back([&] {
                    claim.emplace(Instance::claim(Order::show, {}, bus.address()));
                    if (const auto* first = std::get_if<First>(&*claim)) {
                        (*first)->serve();
                    }
                });
            }
        }
        Instance* first = nullptr;
        int passed_on = 0;
        for (const auto& claim : claims) {
            if (const auto* served = std::get_if<First>(&*claim)) {
                CHECK(first == nullptr);
                first = served->get();
            }
            passed_on += std::holds_alternative<PassedOn>(*claim) ? 1 : 0;
        }
        REQUIRE(first != nullptr);
        CHECK(passed_on == kStarts - 1);
        CHECK(orders(*first, kStarts - 1).size() == kStarts - 1);
    }

    TEST_CASE("instance - desktops ask as the specification has it") {
        ScratchFolder folder;
        const PrivateBus bus(folder);
        const Claim first = Instance::claim(Order::show, {}, bus.address());
        REQUIRE(std::holds_alternative<First>(first));
        auto& instance = *std::get<First>(first);
        instance.serve();
        Client client(bus.address());
        CHECK_FALSE(client.ask_for("rescan"));
        CHECK(orders(instance, 1) == std::vector{Order::rescan});
        CHECK_FALSE(instance.found_again()); // nobody has brought the window back by that
        for (const char* action : {"toggle", "rescan", "show", "quit"}) {
            CHECK_FALSE(client.ask_for(action));
        }
        CHECK(instance.found_again());
        CHECK_FALSE(client.open_nothing());
        CHECK(orders(instance, 5) == std::vector{Order::toggle, Order::rescan, Order::show, Order::quit, Order::show});
        CHECK(client.ask_for("explode") == "org.freedesktop.DBus.Error.InvalidArgs");
        CHECK(client.call_unknown() == "org.freedesktop.DBus.Error.UnknownMethod");
        CHECK(client.introspect().find("ActivateAction") != std::string::npos);
        CHECK(instance.take_orders().empty());
    }

    TEST_CASE("instance - one that owns the name and does not answer is named with the way out") {
        ScratchFolder folder;
        const PrivateBus bus(folder);
        Client hung(bus.address());
        hung.take_name();
        const Claim claim = Instance::claim(Order::show, {}, bus.address());
        REQUIRE(std::holds_alternative<Unanswered>(claim));
        const auto& sentence = std::get<Unanswered>(claim).sentence;
        CHECK(sentence.find("It did not answer.") != std::string::npos);
        CHECK(sentence.find("pkill portside-overlay") != std::string::npos);
    }

    TEST_CASE("instance - it ends though its bus is gone") {
        ScratchFolder folder;
        PrivateBus bus(folder);
        const Claim first = Instance::claim(Order::show, {}, bus.address());
        REQUIRE(std::holds_alternative<First>(first));
        std::get<First>(first)->serve();
        bus.end();
        CHECK(support::wait_until([&] { // until the daemon has really ended
            return std::holds_alternative<Unreachable>(Instance::claim(Order::show, {}, bus.address()));
        }));
    }
}

TEST_CASE("instance - without a bus the sentence says what is lost") {
    ScratchFolder folder;
    const Claim claim = Instance::claim(Order::show, {}, "unix:path=" + folder.path("bus"));
    REQUIRE(std::holds_alternative<Unreachable>(claim));
    CHECK(std::get<Unreachable>(claim).sentence.find("portside --toggle, cannot find this window.") !=
          std::string::npos);
}
