// SPDX-License-Identifier: MIT
// Orders in, one loop, events out. Only the public functions run on other threads.
#include "core/jobs/job_thread.h"

#include "core/jobs/event_loop.h"
#include "core/jobs/kill_job.h"
#include "core/jobs/look_up_job.h"
#include "core/jobs/name_containers_job.h"
#include "core/jobs/port_watch.h"
#include "core/jobs/reaper.h"
#include "core/jobs/reveal_job.h"
#include "core/jobs/running_job.h"
#include "core/jobs/stop_job.h"
#include "core/jobs/tree_job.h"

#include <csignal>
#include <deque>
#include <list>
#include <memory>
#include <pthread.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace portside::jobs {

using namespace std::chrono_literals;

namespace {

void name_thread() {
    ::pthread_setname_np(::pthread_self(), "jobs");
    sigset_t others; // these are for the main thread; children begin with none blocked
    ::sigemptyset(&others);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD, SIGWINCH, SIGUSR1, SIGUSR2, SIGPIPE}) {
        ::sigaddset(&others, number);
    }
    ::pthread_sigmask(SIG_BLOCK, &others, nullptr);
}

std::unique_ptr<RunningJob> make_job(JobId id, KillRequest request, JobContext& context) {
    return std::make_unique<KillJob>(id, std::move(request), context);
}

std::unique_ptr<RunningJob> make_job(JobId id, RevealRequest request, JobContext& context) {
    return std::make_unique<RevealJob>(id, std::move(request), context);
}

std::unique_ptr<RunningJob> make_job(JobId id, TreeRequest request, JobContext& context) {
    return std::make_unique<TreeJob>(id, std::move(request), context);
}

std::unique_ptr<RunningJob> make_job(JobId id, PortWatchRequest request, JobContext& context) {
    return std::make_unique<PortWatch>(id, std::move(request), context);
}

std::unique_ptr<RunningJob> make_job(JobId id, StopUnitRequest request, JobContext& context) {
    return std::make_unique<StopUnitJob>(id, std::move(request), context);
}

std::unique_ptr<RunningJob> make_job(JobId id, StopContainerRequest request, JobContext& context) {
    return std::make_unique<StopContainerJob>(id, std::move(request), context);
}

std::unique_ptr<RunningJob> make_job(JobId id, LookUpRequest request, JobContext& context) {
    return std::make_unique<LookUpJob>(id, std::move(request), context);
}

std::unique_ptr<RunningJob> make_job(JobId id, NameContainersRequest request, JobContext& context) {
    return std::make_unique<NameContainersJob>(id, std::move(request), context);
}

void notify(const base::UniqueFd& event) {
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the thread is about to look anyway.
    static_cast<void>(::write(event.get(), &one, sizeof(one)) == sizeof(one));
}

} // namespace

JobThread::JobThread(JobSystem system, std::function<void()> wake)
    : system_(std::move(system)), wake_(std::move(wake)), order_event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!order_event_) {
        return; // no descriptor left: start() says so
    }
    try {
        thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    } catch (const std::system_error&) {
        order_event_.reset();
    }
}

JobThread::~JobThread() {
    thread_.request_stop();
    if (order_event_) {
        notify(order_event_);
    }
}

JobId JobThread::start(Request request) {
    const JobId id = next_job_.fetch_add(1);
    if (!order_event_) {
        events_.post({.job = id,
                      .stage = Stage::refused,
                      .problem = Problem::failed,
                      .sentence = "The system is out of descriptors or threads, so no job could be started. Close some "
                                  "programs and start Portside again."});
        if (wake_) {
            wake_();
        }
        return id;
    }
    orders_.post({id, std::move(request)});
    notify(order_event_);
    return id;
}

void JobThread::run(const std::stop_token& stop) {
    name_thread();
    EventLoop loop;
    Reaper reaper(loop);
    bool posted = false;
    JobContext context{system_, loop, reaper, [&](JobEvent event) {
                           events_.post(std::move(event));
                           posted = true;
                       }};
    std::list<std::unique_ptr<RunningJob>> jobs;
    std::deque<Order> waiting;
    const auto orders = loop.when_readable(order_event_.get(), [&] {
        std::uint64_t count = 0;
        static_cast<void>(::read(order_event_.get(), &count, sizeof(count)));
        for (auto& order : orders_.take_all()) {
            waiting.push_back(std::move(order));
        }
    });
    while (!stop.stop_requested()) {
        loop.turn(waiting.empty() ? std::nullopt : std::optional(0ms));
        // One order a turn: a long queue delays neither the end of a job nor the end of the program.
        if (!waiting.empty() && !stop.stop_requested()) {
            auto [id, request] = std::move(waiting.front());
            waiting.pop_front();
            const auto make = [&, job = id](auto& r) { return make_job(job, std::move(r), context); };
            jobs.push_back(std::visit(make, request));
            jobs.back()->start();
        }
        std::erase_if(jobs, [](const auto& job) { return job->finished(); });
        if (std::exchange(posted, false) && wake_) {
            wake_();
        }
    }
    jobs.clear();        // withdraws open prompts
    reaper.finish(50ms); // most end at once; quitting never waits for one that does not
}

} // namespace portside::jobs
