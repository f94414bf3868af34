// SPDX-License-Identifier: MIT
// See the header. Main thread of a test only.
#include "job_support.h"

#include "core/base/file.h"
#include "core/base/parse.h"
#include "core/platform/pidfd.h"
#include "core/platform/process.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <csignal>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace portside::tests {

using Clock = std::chrono::steady_clock;

bool says(const jobs::JobEvent& event, const std::string& words) {
    return event.sentence.find(words) != std::string::npos;
}

bool wait_until(const std::function<bool()>& so) {
    const auto deadline = Clock::now() + kPatience;
    while (!so()) {
        if (Clock::now() > deadline) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

namespace {
// What a forked child of ours begins with.
void begin_child() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // a test that crashes leaves nothing behind
    for (const int number : {SIGTERM, SIGINT, SIGABRT, SIGSEGV, SIGILL, SIGFPE}) {
        ::signal(number, SIG_DFL); // the test framework's handlers would report our own signal as a crash
    }
}
} // namespace

TestChild::TestChild(const std::function<void()>& prepare) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    const base::UniqueFd reader(ends[0]);
    base::UniqueFd writer(ends[1]);
    const pid_t pid = ::fork();
    if (pid == 0) {
        begin_child();
        if (prepare) {
            prepare();
        }
        if (::write(writer.get(), "r", 1) != 1) {
            ::_exit(1);
        }
        for (;;) {
            ::pause();
        }
    }
    REQUIRE(pid > 0);
    writer.reset();
    char ready = 0;
    REQUIRE(::read(reader.get(), &ready, 1) == 1);
    const auto stat = platform::read_stat(pid);
    REQUIRE(stat.has_value());
    id_ = stat->id;
}

TestChild::TestChild(TestChild&& other) noexcept : id_(std::exchange(other.id_, {})) {}

TestChild::~TestChild() {
    if (id_.pid > 0) {
        ::kill(id_.pid, SIGKILL);
        ::waitpid(id_.pid, nullptr, 0);
    }
}

bool TestChild::runs() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(id_.pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

std::optional<int> TestChild::ended_by() const {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(id_.pid), &info, WEXITED | WNOHANG | WNOWAIT);
    return info.si_pid == id_.pid && info.si_code == CLD_KILLED ? std::optional(info.si_status) : std::nullopt;
}

TestChild stubborn_child() {
    return TestChild([] { ::signal(SIGTERM, SIG_IGN); });
}

int in_child(const std::function<int()>& body) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        begin_child();
        ::_exit(body());
    }
    REQUIRE(pid > 0);
    int status = 0;
    REQUIRE(::waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Listener listen_on_loopback() {
    Listener listener{base::UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(listener.fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    REQUIRE(::listen(listener.fd.get(), 1) == 0);
    struct stat status {};
    REQUIRE(::fstat(listener.fd.get(), &status) == 0);
    listener.inode = status.st_ino;
    return listener;
}

TempFolder::TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "portside-test-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string TempFolder::script(const std::string& body) const {
    const std::string file = path("pkexec");
    std::ofstream(file) << "#!/bin/sh\ndir='" << path_ << "'\n" << body << "\n";
    REQUIRE(::chmod(file.c_str(), 0755) == 0);
    return file;
}

std::optional<std::string> TempFolder::read(const std::string& name) const {
    const auto content = base::read_file(AT_FDCWD, path(name).c_str());
    return content ? std::optional(*content) : std::nullopt;
}

base::UniqueFd wait_for_prompt(const TempFolder& folder, pid_t* pid) {
    REQUIRE(wait_until([&] { return folder.read("pid").has_value(); }));
    const auto text = folder.read("pid").value_or("");
    const auto number = base::parse_number<pid_t>(text.substr(0, text.find('\n')));
    REQUIRE(number.has_value());
    if (pid != nullptr) {
        *pid = *number;
    }
    auto pidfd = platform::open_pidfd(*number);
    REQUIRE(pidfd.has_value());
    return std::move(*pidfd);
}

Jobs::Jobs(jobs::JobSystem system) {
    thread_.emplace(std::move(system), [this] {
        const std::lock_guard lock(mutex_);
        awake_ = true;
        woken_.notify_all();
    });
}

std::optional<jobs::JobEvent> Jobs::find(const std::function<bool(const jobs::JobEvent&)>& wanted) {
    for (auto& event : thread_->take_events()) {
        events_.push_back(std::move(event));
    }
    for (const auto& event : events_) {
        if (wanted(event)) {
            return event;
        }
    }
    return std::nullopt;
}

jobs::JobEvent Jobs::wait(const std::function<bool(const jobs::JobEvent&)>& wanted) {
    const auto deadline = Clock::now() + kPatience;
    for (;;) {
        if (auto event = find(wanted)) {
            return *event;
        }
        std::unique_lock lock(mutex_);
        if (!woken_.wait_until(lock, deadline, [this] { return awake_; })) {
            FAIL("the event did not come");
        }
        awake_ = false;
    }
}

jobs::JobEvent Jobs::wait_for(jobs::JobId job, jobs::Stage stage) {
    return wait([&](const jobs::JobEvent& event) { return event.job == job && event.stage == stage; });
}

jobs::JobEvent Jobs::wait_for_end(jobs::JobId job) {
    return wait([&](const jobs::JobEvent& event) {
        return event.job == job && (event.stage == jobs::Stage::ended || event.stage == jobs::Stage::refused ||
                                    event.stage == jobs::Stage::revealed || event.stage == jobs::Stage::looked_up);
    });
}

jobs::JobEvent Jobs::wait_for_last_look(jobs::JobId job) {
    return wait([&](const jobs::JobEvent& event) { return event.job == job && event.last; });
}

std::size_t Jobs::count(jobs::JobId job) const {
    return static_cast<std::size_t>(
        std::count_if(events_.begin(), events_.end(), [&](const jobs::JobEvent& event) { return event.job == job; }));
}

std::vector<jobs::Stage> Jobs::stages(jobs::JobId job) {
    static_cast<void>(wait_for_end(job));
    std::vector<jobs::Stage> stages;
    for (const auto& event : events_) {
        if (event.job == job) {
            stages.push_back(event.stage);
        }
    }
    return stages;
}

jobs::JobSystem system_with(std::string pkexec) {
    jobs::JobSystem system;
    system.signals.why_protected = [](const platform::ProcessId&) { return std::nullopt; };
    system.pkexec = std::move(pkexec);
    system.helper = ""; // whatever this machine has installed
    return system;
}

jobs::KillRequest kill_of(const TestChild& child, platform::Signal signal) {
    jobs::KillRequest request;
    request.target.process = child.id();
    request.target.signal = signal;
    request.patience = std::chrono::minutes(5);
    return request;
}

jobs::KillRequest elevated_kill_of(const TestChild& child, platform::Signal signal) {
    auto request = kill_of(child, signal);
    request.elevate = true;
    return request;
}

} // namespace portside::tests
