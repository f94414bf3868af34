// SPDX-License-Identifier: MIT
// The first Portside on a private bus. One thread: the test's own; it is woken by another.
#pragma once

#include "app/desktop/instance.h"
#include "tests/desktop/bus_programs.h"

#include <atomic>
#include <doctest/doctest.h>
#include <memory>
#include <utility>
#include <variant>

namespace portside::desktop_test {

struct FirstOnBus {
    support::ScratchFolder folder;
    support::PrivateBus bus{folder};
    std::atomic<int> woken = 0;
    std::unique_ptr<desktop::Instance> instance;

    void start() {
        auto claim = desktop::Instance::claim(
            desktop::Order::show, [this] { ++woken; }, bus.address());
        REQUIRE(std::holds_alternative<std::unique_ptr<desktop::Instance>>(claim));
        instance = std::move(std::get<std::unique_ptr<desktop::Instance>>(claim));
        instance->serve();
    }
};

} // namespace portside::desktop_test
