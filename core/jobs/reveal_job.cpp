// SPDX-License-Identifier: MIT
// `pkexec PROGRAM list --json`: what it prints comes back unread; who takes it over checks it. Job thread only.
#include "core/jobs/reveal_job.h"

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
    PkexecCommand command;
    command.arguments = {request_.program, "list", "--json"};
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
        refuse(explain(end, kWords));
        return;
    }
    context_.post({.job = id_, .stage = Stage::revealed, .output = std::move(end.output)});
    finish();
}

void RevealJob::refuse(RefusedJob why) {
    context_.post({.job = id_, .stage = Stage::refused, .problem = why.problem, .sentence = std::move(why.sentence)});
    finish();
}

} // namespace portside::jobs
