// SPDX-License-Identifier: MIT
// pkexec(1): 126 is a dismissed dialog; 127 is a refusal, a missing agent or another error; else the program's own
// code.
#include "core/jobs/pkexec.h"

#include "core/base/parse.h"
#include "core/base/text.h"
#include "core/jobs/job_thread.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <unistd.h>

namespace portside::jobs {

namespace {

constexpr std::size_t kMaxOutput = 64U << 20;
constexpr std::size_t kMaxErrors = 64U << 10;

// Appends what a non-blocking pipe has now, keeping at most `max_bytes` and reading on past that. False: it is at its
// end.
bool drain(int fd, std::string& text, std::size_t max_bytes, bool& too_much) {
    std::array<char, 65536> buffer;
    for (;;) {
        const auto got = ::read(fd, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got < 0 && errno == EAGAIN;
        }
        const auto room = max_bytes - text.size();
        text.append(buffer.data(), std::min(room, static_cast<std::size_t>(got)));
        if (static_cast<std::size_t>(got) > room) {
            too_much = true;
            return true;
        }
    }
}

// The first line that says something, safe to show; it may be empty.
std::string first_line(std::string_view text) {
    for (const auto line : base::split_at(text, '\n')) {
        if (!base::split_words(line).empty()) {
            return base::sanitise(line, 400);
        }
    }
    return {};
}

RefusedJob explain_not_authorised(std::string_view errors, const PkexecWords& words) {
    const auto says = [&](std::string_view part) { return errors.find(part) != std::string_view::npos; };
    const auto refused = [](std::string sentence) { return RefusedJob{Problem::not_authorised, std::move(sentence)}; };
    if (says("No authentication agent") || says("no authentication agent")) {
        return refused(
            fmt::format("No authentication agent is running that could ask for a password: {}. Start one (your "
                        "desktop's own, or polkit-gnome), or run: {}",
                        words.nothing_done, words.without));
    }
    if (says("dead parents")) {
        return refused(
            fmt::format("pkexec serves no program that is started by process 1, as here: {}. Start Portside from a "
                        "terminal or your desktop, or run: {}",
                        words.nothing_done, words.without));
    }
    if (says("Not authorized")) {
        return refused(fmt::format("You were not authorised to do this as administrator: {}.", words.nothing_done));
    }
    const auto line = first_line(errors);
    return refused(fmt::format("Authorisation failed: {}. {}{}You can also run: {}", words.nothing_done,
                               line.empty() ? "" : "pkexec said: ", line.empty() ? "" : line + ". ", words.without));
}

} // namespace

std::optional<std::string> find_pkexec(const JobSystem& system) {
    return system.pkexec.empty() ? platform::find_program("pkexec") : system.pkexec;
}

RefusedJob no_pkexec(std::string_view what_happened, const PkexecWords& words) {
    return {Problem::no_pkexec, fmt::format("{}: {}. Install the package pkexec, or run: {}", what_happened,
                                            words.nothing_done, words.without)};
}

RefusedJob explain(const PkexecEnd& end, const PkexecWords& words) {
    if (!end.end) {
        return {Problem::failed, "It is not known how pkexec ended, and so not what came of it."};
    }
    if (end.too_much) {
        return {Problem::failed, fmt::format("The answer was longer than {} MiB and was dropped.", kMaxOutput >> 20)};
    }
    if (!end.end->exit_code) {
        return {Problem::failed, fmt::format("The password prompt was ended from outside (signal {}): {}.",
                                             end.end->signal, words.nothing_done)};
    }
    switch (*end.end->exit_code) {
    case 126:
        return {Problem::dismissed, fmt::format("The password prompt was dismissed: {}.", words.nothing_done)};
    case 127:
        return explain_not_authorised(end.errors, words);
    default:
        break;
    }
    const auto line = first_line(end.errors);
    return {Problem::failed,
            line.empty() ? fmt::format("It failed as administrator too (exit code {}): {}.", *end.end->exit_code,
                                       words.nothing_done)
                         : fmt::format("It failed as administrator too: {}. It said: {}", words.nothing_done, line)};
}

base::Result<std::unique_ptr<PkexecRun>> PkexecRun::start(const std::string& pkexec, const PkexecCommand& command,
                                                          JobContext& context, Done done) {
    platform::ChildCommand child;
    child.program = pkexec;
    if (!command.internal_agent) {
        child.arguments.emplace_back("--disable-internal-agent");
    }
    child.arguments.insert(child.arguments.end(), command.arguments.begin(), command.arguments.end());
    child.capture_output = command.capture_output;
    child.inherit_stdin =
        command.internal_agent; // its agent asks on /dev/tty, so its stderr can be captured all the same
    child.input = command.input;
    auto started = platform::ChildProcess::start(child);
    if (!started) {
        return base::failed(std::move(started.error()));
    }
    return std::unique_ptr<PkexecRun>(new PkexecRun(std::move(*started), context, std::move(done)));
}

PkexecRun::PkexecRun(platform::ChildProcess child, JobContext& context, Done done)
    : context_(context), child_(std::move(child)), done_(std::move(done)) {
    if (child_->output()) {
        output_watch_ = context_.loop.when_readable(child_->output().get(), [this] { read_output(); });
    }
    errors_watch_ = context_.loop.when_readable(child_->errors().get(), [this] { read_errors(); });
    end_watch_ = context_.loop.when_readable(child_->pidfd().get(), [this] { ended(); });
}

PkexecRun::~PkexecRun() {
    if (child_) {
        output_watch_.end();
        errors_watch_.end();
        end_watch_.end();
        context_.reaper.take(std::move(*child_));
    }
}

void PkexecRun::withdraw() {
    if (child_) {
        static_cast<void>(child_->terminate());
    }
}

void PkexecRun::read_output() {
    if (!drain(child_->output().get(), result_.output, kMaxOutput, result_.too_much) || result_.too_much) {
        output_watch_.end();
    }
    if (result_.too_much) {
        child_->close_output(); // it ends by SIGPIPE instead of waiting for ever for a reader
    }
}

void PkexecRun::read_errors() {
    bool cut = false; // more words than anybody reads: dropped, but the pipe never fills
    if (!drain(child_->errors().get(), result_.errors, kMaxErrors, cut)) {
        errors_watch_.end();
    }
}

void PkexecRun::ended() {
    end_watch_.end();
    if (child_->output()) {
        read_output();
    }
    read_errors(); // what is in the pipes now; a grandchild that keeps them open is not waited for
    output_watch_.end();
    errors_watch_.end();
    if (const auto end = child_->reap()) {
        result_.end = *end;
    }
    child_.reset();
    done_(std::move(result_));
}

} // namespace portside::jobs
