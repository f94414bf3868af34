// SPDX-License-Identifier: MIT
// core/snapshot/scanner_thread: wakes only with news, answers every request, ends at once.
#include "core/snapshot/scanner_thread.h"

#include "core/base/unique_fd.h"
#include "own_listener.h"
#include "proc_tree.h"

#include <algorithm>
#include <condition_variable>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 60s; // of a test, on a machine with much to do
constexpr auto kNever = 24h;    // between two scans: only requests cause one

ScannerOptions options_on(const ProcTree& tree) {
    return {.source = platform::SourceChoice::proc, .include_bound = false, .proc_root = tree.path()};
}

// Counts wakes; a test waits for the next one.
class Wakes {
  public:
    void operator()() {
        {
            const std::lock_guard lock(mutex_);
            ++count_;
        }
        changed_.notify_all();
    }
    [[nodiscard]] bool wait_for(int count, std::chrono::milliseconds limit = kPatience) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, limit, [&] { return count_ >= count; });
    }
    [[nodiscard]] int count() {
        const std::lock_guard lock(mutex_);
        return count_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

// Waits until the file has been opened so many times: a scan opens each table once.
class Openings {
  public:
    explicit Openings(const std::string& path) : fd_(::inotify_init1(IN_CLOEXEC)) {
        REQUIRE(::inotify_add_watch(fd_.get(), path.c_str(), IN_OPEN) >= 0);
    }
    [[nodiscard]] bool wait_for(int count) const {
        for (int seen = 0; seen < count;) {
            pollfd waiting{fd_.get(), POLLIN, 0};
            if (::poll(&waiting, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())) != 1) {
                return false;
            }
            alignas(inotify_event) char buffer[4096];
            const auto got = ::read(fd_.get(), buffer, sizeof buffer);
            // Equal events that wait together are one event (inotify(7)), so this counts too few, never too many.
            seen += static_cast<int>(got / static_cast<ssize_t>(sizeof(inotify_event)));
        }
        return true;
    }

  private:
    base::UniqueFd fd_;
};

} // namespace

TEST_CASE("the first scan starts at once and wakes once") {
    const ProcTree tree;
    tree.put({.pid = 10, .sockets = {501}});
    tree.listen({{3000, 501}});
    Wakes wakes;
    const ScannerThread thread(options_on(tree), kNever, std::ref(wakes));
    REQUIRE(wakes.wait_for(1));
    const ScannerReport report = thread.report();
    REQUIRE(report.snapshot != nullptr);
    CHECK(report.snapshot->rows.size() == 1);
    CHECK(report.answered_request == 0);
    CHECK(report.error.empty());
}

TEST_CASE("scans without news do not wake") {
    const ProcTree tree;
    Wakes wakes;
    const ScannerThread thread(options_on(tree), 1ms, std::ref(wakes));
    REQUIRE(wakes.wait_for(1));
    const Openings openings(tree.table("udp6"));
    REQUIRE(openings.wait_for(10));
    CHECK(wakes.count() == 1);
    tree.listen({{3000, 501}}); // seen without any request
    REQUIRE(wakes.wait_for(2));
    CHECK(thread.report().snapshot->rows.size() == 1);
}

TEST_CASE("every request is answered with the same snapshot where nothing changed") {
    const ProcTree tree;
    Wakes wakes;
    ScannerThread thread(options_on(tree), kNever, std::ref(wakes));
    REQUIRE(wakes.wait_for(1));
    const SnapshotPtr first = thread.report().snapshot;
    for (int i = 1; i <= 5; ++i) {
        const auto number = thread.request_scan();
        CHECK(number == static_cast<std::uint64_t>(i));
        REQUIRE(wakes.wait_for(1 + i));
        CHECK(thread.report().answered_request == number);
        CHECK(thread.report().snapshot == first);
    }
    CHECK(wakes.count() == 6);
}

TEST_CASE("to say which processes are seen neither scans nor wakes") {
    const ProcTree tree;
    Wakes wakes;
    ScannerThread thread(options_on(tree), kNever, std::ref(wakes));
    REQUIRE(wakes.wait_for(1));
    tree.listen({{3000, 501}}); // a scan from here on has news
    for (pid_t pid = 1; pid <= 100; ++pid) {
        thread.set_visible_processes({pid});
    }
    tree.listen({{3000, 501}, {3001, 502}});
    const auto number = thread.request_scan();
    REQUIRE(wakes.wait_for(2));
    CHECK(thread.report().answered_request == number);
    CHECK(thread.report().snapshot->generation == 2); // the first scan's, and this one's
    CHECK(wakes.count() == 2);
}

TEST_CASE("a request is answered only by a scan that begins after it") {
    const ProcTree tree;
    // The scanner waits in open(2) of the first and of the last table, until the test opens the other end.
    for (const char* name : {"tcp", "udp6"}) {
        std::filesystem::rename(tree.table(name), tree.table(name) + ".real");
        REQUIRE(::mkfifo(tree.table(name).c_str(), 0600) == 0);
    }
    Wakes wakes;
    std::mutex mutex;
    std::vector<std::uint64_t> answers; // guarded by mutex
    ScannerThread* reporter = nullptr;  // guarded by mutex
    ScannerThread thread(options_on(tree), kNever, [&] {
        {
            const std::lock_guard lock(mutex);
            answers.push_back(reporter->report().answered_request);
        }
        wakes();
    });
    {
        const std::lock_guard lock(mutex);
        reporter = &thread;
    }
    const base::UniqueFd first(::open(tree.table("tcp").c_str(), O_WRONLY | O_CLOEXEC)); // the scan has begun
    std::filesystem::rename(tree.table("tcp") + ".real", tree.table("tcp"));
    const auto early = thread.request_scan();
    const auto later = thread.request_scan();
    const base::UniqueFd last(::open(tree.table("udp6").c_str(), O_WRONLY | O_CLOEXEC)); // and now it ends
    std::filesystem::rename(tree.table("udp6") + ".real", tree.table("udp6"));
    REQUIRE(wakes.wait_for(2));
    const std::lock_guard lock(mutex);
    CHECK(early == 1);
    REQUIRE(answers.size() >= 2);
    CHECK(answers[0] == 0);
    CHECK(answers[1] == later); // both by one scan
}

TEST_CASE("an error is reported and goes when it is over") {
    const ProcTree tree;
    tree.listen({{3000, 501}});
    Wakes wakes;
    ScannerThread thread(options_on(tree), kNever, std::ref(wakes));
    REQUIRE(wakes.wait_for(1));
    const SnapshotPtr first = thread.report().snapshot;
    std::filesystem::rename(tree.path() + "/net", tree.path() + "/away");
    thread.request_scan();
    REQUIRE(wakes.wait_for(2));
    CHECK_FALSE(thread.report().error.empty());
    CHECK(thread.report().snapshot == first);
    std::filesystem::rename(tree.path() + "/away", tree.path() + "/net");
    thread.request_scan();
    REQUIRE(wakes.wait_for(3));
    CHECK(thread.report().error.empty());
    CHECK(thread.report().snapshot == first);
}

TEST_CASE("asking for bound sockets scans at once") {
    const ProcTree tree;
    Wakes wakes;
    ScannerThread thread(options_on(tree), kNever, std::ref(wakes));
    REQUIRE(wakes.wait_for(1));
    CHECK(thread.report().snapshot->notes.empty());
    thread.set_include_bound(true);
    REQUIRE(wakes.wait_for(2));
    REQUIRE(thread.report().snapshot->notes.size() == 1);
    CHECK(thread.report().snapshot->notes[0].code == "bound_unknown");
    thread.set_include_bound(false);
    REQUIRE(wakes.wait_for(3));
    CHECK(thread.report().snapshot->notes.empty());
}

TEST_CASE("told owners are taken over at once") {
    const ProcTree tree;
    tree.put({.pid = 10, .start_time = 100, .sockets = {}});
    tree.listen({{3000, 501}});
    Wakes wakes;
    ScannerThread thread(options_on(tree), kNever, std::ref(wakes));
    REQUIRE(wakes.wait_for(1));
    PrivilegedOwner told;
    told.inode = 501;
    told.uid = 1000;
    told.local.address.bytes = {127, 0, 0, 1};
    told.local.port = 3000;
    told.process = ProcessId{10, 100};
    thread.set_privileged_owners({told});
    REQUIRE(wakes.wait_for(2));
    REQUIRE(thread.report().snapshot->rows[0].owners.size() == 1);
    CHECK(thread.report().snapshot->rows[0].owners[0].knowledge == Knowledge::administrator);
}

TEST_CASE("while paused only what is asked for is scanned") {
    const ProcTree tree;
    Wakes wakes;
    ScannerThread thread(options_on(tree), 1ms, std::ref(wakes));
    REQUIRE(wakes.wait_for(1));
    thread.set_paused(true);
    // A scan that was under way has ended before this one: from its answer on nothing scans by itself.
    thread.request_scan();
    REQUIRE(wakes.wait_for(2));
    tree.listen({{3000, 501}});
    const auto number = thread.request_scan();
    REQUIRE(wakes.wait_for(3));
    CHECK(thread.report().answered_request == number);
    CHECK(thread.report().snapshot->rows.size() == 1);
    thread.set_include_bound(true);
    REQUIRE(wakes.wait_for(4));
    CHECK(thread.report().snapshot->notes.size() == 1);
    tree.listen({});
    CHECK_FALSE(wakes.wait_for(5, 200ms)); // two hundred intervals
    thread.set_paused(false);
    REQUIRE(wakes.wait_for(5));
    CHECK(thread.report().snapshot->rows.empty());
}

TEST_CASE("a paused thread ends at once") {
    const ProcTree tree;
    Wakes wakes;
    ScannerThread thread(options_on(tree), 1ms, std::ref(wakes));
    thread.set_paused(true);
    REQUIRE(wakes.wait_for(1));
}

TEST_CASE("a thread that begins paused makes its first scan when it goes on even if it is paused again") {
    const ProcTree tree;
    Wakes wakes;
    ScannerThread thread(options_on(tree), 1ms, std::ref(wakes), true);
    CHECK_FALSE(wakes.wait_for(1, 100ms)); // a hundred intervals
    CHECK(thread.report().snapshot == nullptr);
    thread.set_paused(false);
    thread.set_paused(true);
    REQUIRE(wakes.wait_for(1));
    CHECK(thread.report().snapshot != nullptr);
}

TEST_CASE("a thread that begins paused scans when it is asked to") {
    const ProcTree tree;
    Wakes wakes;
    ScannerThread thread(options_on(tree), 1ms, std::ref(wakes), true);
    const auto number = thread.request_scan();
    REQUIRE(wakes.wait_for(1));
    CHECK(thread.report().answered_request == number);
}

TEST_CASE("a thread that begins paused ends at once") {
    const ProcTree tree;
    const ScannerThread thread(options_on(tree), 1ms, {}, true);
}

TEST_CASE("the thread ends at once in whatever it is doing") {
    const ProcTree tree;
    tree.listen({{3000, 501}});
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < 50; ++i) {
        Wakes wakes;
        ScannerThread thread(options_on(tree), i % 2 == 0 ? kNever : 1ms, std::ref(wakes));
        if (i % 3 == 0) {
            REQUIRE(wakes.wait_for(1));
        }
        if (i % 5 == 0) {
            thread.request_scan();
        }
    }
    CHECK(std::chrono::steady_clock::now() - begun < kPatience); // and not after an interval of a day
}

TEST_CASE("many threads may ask at the same time") {
    const ProcTree tree;
    Wakes wakes;
    ScannerThread thread(options_on(tree), 1ms, std::ref(wakes));
    {
        std::vector<std::jthread> askers;
        for (int i = 0; i < 3; ++i) {
            askers.emplace_back([&, i] {
                for (int n = 0; n < 50; ++n) {
                    thread.request_scan();
                    thread.set_include_bound((n + i) % 2 == 0);
                    thread.set_privileged_owners({});
                    static_cast<void>(thread.report());
                }
            });
        }
    }
    const auto number = thread.request_scan();
    CHECK(number == 151);
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (thread.report().answered_request < number && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
    }
    CHECK(thread.report().answered_request == number);
}

TEST_CASE("the thread has a name and an interval without end is one") {
    const ProcTree tree;
    Wakes wakes;
    std::string name(16, '\0');
    ScannerThread thread(options_on(tree), std::chrono::milliseconds::max(), [&] {
        ::pthread_getname_np(::pthread_self(), name.data(), name.size());
        wakes();
    });
    REQUIRE(wakes.wait_for(1));
    CHECK(name.starts_with(std::string("scanner\0", 8)));
    const Openings openings(tree.table("udp6"));
    thread.request_scan();
    REQUIRE(wakes.wait_for(2));
    CHECK(openings.wait_for(1));
    CHECK(wakes.count() == 2);
}

TEST_CASE("a listener that is closed vanishes at once however long the interval is") {
    OwnListener listener;
    const std::uint16_t port = listener.port();
    Wakes wakes;
    ScannerThread thread({}, 1h, std::ref(wakes));
    const auto shows = [&] {
        const SnapshotPtr snapshot = thread.report().snapshot;
        return snapshot != nullptr && std::any_of(snapshot->rows.begin(), snapshot->rows.end(),
                                                  [&](const Row& row) { return row.key.port == port; });
    };
    // From the second scan on the kernel is listened to.
    for (int scan = 0; scan < 2; ++scan) {
        const auto number = thread.request_scan();
        for (int count = 1; thread.report().answered_request < number; ++count) {
            REQUIRE(wakes.wait_for(count));
        }
    }
    REQUIRE(shows());
    listener.close();
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    for (int count = wakes.count(); shows() && std::chrono::steady_clock::now() < deadline; ++count) {
        static_cast<void>(wakes.wait_for(count, 1s));
    }
    CHECK_FALSE(shows());
}
