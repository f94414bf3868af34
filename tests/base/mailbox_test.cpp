// SPDX-License-Identifier: MIT
// core/base/mailbox and unique_fd: values change hands once, descriptors are closed once.
#include "core/base/mailbox.h"
#include "core/base/unique_fd.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <memory>
#include <thread>
#include <utility>

using namespace portside::base;

TEST_CASE("a mailbox hands over every value once and in order") {
    Mailbox<std::unique_ptr<int>> mailbox;
    CHECK(mailbox.take_all().empty());
    for (int i = 0; i < 3; ++i) {
        mailbox.post(std::make_unique<int>(i));
    }
    const auto taken = mailbox.take_all();
    REQUIRE(taken.size() == 3);
    CHECK(*taken[0] == 0);
    CHECK(*taken[2] == 2);
    CHECK(mailbox.take_all().empty());
}

TEST_CASE("a mailbox keeps order between two threads") {
    constexpr int kCount = 20000;
    Mailbox<int> mailbox;
    std::jthread poster([&] {
        for (int i = 0; i < kCount; ++i) {
            mailbox.post(i);
        }
    });
    int expected = 0;
    bool in_order = true;
    while (expected < kCount) {
        for (const int value : mailbox.take_all()) {
            in_order = in_order && value == expected;
            ++expected;
        }
        std::this_thread::yield();
    }
    CHECK(in_order);
    CHECK(expected == kCount);
}

TEST_CASE("the latest value can be looked at any number of times") {
    Latest<std::shared_ptr<const int>> latest;
    CHECK(latest.get() == nullptr);
    latest.put(std::make_shared<const int>(1));
    latest.put(std::make_shared<const int>(2));
    CHECK(*latest.get() == 2);
    CHECK(*latest.get() == 2);
}

TEST_CASE("the latest value never goes back") {
    constexpr int kCount = 20000;
    Latest<int> latest;
    std::jthread putter([&] {
        for (int i = 1; i <= kCount; ++i) {
            latest.put(i);
        }
    });
    int newest = 0;
    bool forward = true;
    while (newest < kCount) {
        const int value = latest.get();
        forward = forward && value >= newest;
        newest = value;
        std::this_thread::yield();
    }
    CHECK(forward);
}

TEST_CASE("a replaced value is destroyed outside the lock") {
    struct Looker {
        Latest<std::shared_ptr<Looker>>& latest;
        bool& destroyed;
        ~Looker() {
            static_cast<void>(latest.get()); // would wait for ever under the lock
            destroyed = true;
        }
    };
    bool destroyed = false;
    Latest<std::shared_ptr<Looker>> latest;
    latest.put(std::shared_ptr<Looker>(new Looker{latest, destroyed}));
    CHECK_FALSE(destroyed);
    latest.put(nullptr);
    CHECK(destroyed);
}

namespace {
bool is_open(int fd) {
    return ::fcntl(fd, F_GETFD) >= 0;
}
int open_null() {
    return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}
} // namespace

TEST_CASE("a descriptor is closed when its owner goes") {
    int number = -1;
    {
        const UniqueFd fd(open_null());
        number = fd.get();
        REQUIRE(fd);
        CHECK(is_open(number));
    }
    CHECK_FALSE(is_open(number));
}

TEST_CASE("a moved or released descriptor stays open") {
    UniqueFd first(open_null());
    const int number = first.get();
    UniqueFd second(std::move(first));
    CHECK(second.get() == number);
    CHECK(is_open(number));
    UniqueFd other(open_null());
    const int replaced = other.get();
    other = std::move(second);
    CHECK(other.get() == number);
    CHECK_FALSE(is_open(replaced));
    const int released = other.release();
    CHECK_FALSE(other);
    CHECK(is_open(released));
    ::close(released);
}
