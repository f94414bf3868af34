// SPDX-License-Identifier: MIT
// By the helper: numbers, read strictly here. By `pkexec PROGRAM list --json`: what it prints comes back unread; who
// takes it over checks it. Job thread only.
#include "core/jobs/reveal_job.h"

#include "core/jobs/helper.h"
#include "core/jobs/job_thread.h"

namespace portside::jobs {

namespace {
const PkexecWords kWords{"nothing was read", "sudo portside list"};
} // namespace

void RevealJob::start() {
    const auto pkexec = find_pkexec(context_.system);
    if (!pkexec) {
        refuse(no_pkexec("There is no pkexec on this system", kWords));
        return;
    }
    helper_ = find_helper(context_.system);
    PkexecCommand command;
    if (helper_) {
        command.arguments = platform::helper_owners_arguments();
        command.arguments.insert(command.arguments.begin(), *helper_);
    } else {
        command.arguments = {request_.program, "list", "--json"};
    }
    command.internal_agent = request_.internal_agent;
    command.capture_output = true;
    auto run = PkexecRun::start(*pkexec, command, context_, [this](PkexecEnd end) { pkexec_ended(std::move(end)); });
    if (!run) {
        refuse(no_pkexec(run.error().what, kWords));
        return;
    }
    pkexec_ = std::move(*run);
    context_.post({.job = id_, .stage = Stage::authorising});
}

void RevealJob::pkexec_ended(PkexecEnd end) {
    if (!end.succeeded()) {
        refuse(helper_ ? explain_helper_owners(end, kWords) : explain(end, kWords));
        return;
    }
    JobEvent event{.job = id_, .stage = Stage::revealed};
    if (helper_) {
        auto owners = platform::parse_owner_lines(end.output);
        if (!owners) {
            refuse({Problem::failed, std::move(owners.error().what)});
            return;
        }
        event.owners = std::move(*owners);
    } else {
        event.output = std::move(end.output);
    }
    context_.post(std::move(event));
    finish();
}

void RevealJob::refuse(RefusedJob why) {
    context_.post({.job = id_, .stage = Stage::refused, .problem = why.problem, .sentence = std::move(why.sentence)});
    finish();
}

} // namespace portside::jobs
