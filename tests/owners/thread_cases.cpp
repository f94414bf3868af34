// SPDX-License-Identifier: MIT
// Threads with tables of their own, leaders that end, and exec. One thread.
#include "tests/owners/cases.h"

#include "tests/owners/watch.h"

#include <fmt/format.h>

namespace portside::owners {

void thread_keeps_the_listener() {
    Troupe troupe;
    Watch watch;
    Actor& actor = troupe.spawn();
    const Listener socket = actor.listen();
    watch.expect("listen", socket, {actor.pid()});
    actor.ask(fmt::format("thread {}", socket.fd));
    watch.expect("a thread with its own table", socket, {actor.pid()});
    watch.stay_quiet();
    actor.ask(closing(socket.fd));
    watch.expect("the other threads' table gives it up", socket, {actor.pid()});
}

void thread_opens_a_listener() {
    Troupe troupe;
    Watch watch;
    Actor& actor = troupe.spawn();
    actor.ask("thread");
    watch.stay_quiet();
    const auto words = actor.ask("worker listen tcp6 0 alone");
    const Listener socket{"tcp6", std::stoi(words.at(0)), static_cast<std::uint16_t>(std::stoi(words.at(1))),
                          std::stoull(words.at(2))};
    watch.expect("a thread with its own table listens", socket, {actor.pid()});
    watch.stay_quiet();
    actor.ask(fmt::format("worker {}", closing(socket.fd)));
    watch.expect_no_row("it closes", socket);
}

void thread_gives_up_its_copy() {
    Troupe troupe;
    Watch watch;
    Actor& actor = troupe.spawn();
    Actor& other = troupe.spawn();
    troupe.give_mailbox(other);
    const Listener socket = actor.listen();
    const std::string thread = actor.ask(fmt::format("thread {}", socket.fd)).at(0);
    actor.ask(closing(socket.fd));
    watch.expect("only a thread's table holds it", socket, {actor.pid()});
    actor.ask(fmt::format("worker send {} {}", socket.fd, other.mailbox()));
    const int received = other.ask_number("receive");
    watch.stay_quiet();
    actor.ask(fmt::format("worker {}", closing(socket.fd)));
    watch.expect("the thread has passed it on and closed", socket, {other.pid()});
    actor.ask(fmt::format("worker end {}", thread));
    other.ask(closing(received));
    watch.expect_no_row("closed there too", socket);
}

void leader_exits() {
    Troupe troupe;
    Watch watch;
    Actor& actor = troupe.spawn();
    Actor& other = troupe.spawn();
    troupe.give_mailbox(other);
    const Listener socket = actor.listen();
    watch.expect("listen", socket, {actor.pid()});
    watch.stay_quiet();
    actor.ask("leader_exit");
    if (state_of(actor.pid()) != 'Z') {
        throw Wrong(fmt::format("the leader of {} is still there", actor.pid()));
    }
    watch.expect("the leader exits", socket, {actor.pid()});
    watch.stay_quiet();
    const Listener fresh = actor.listen("udp4");
    watch.expect("a process without a leader listens", fresh, {actor.pid()});
    troupe.pass(actor, socket.fd, other);
    actor.ask(closing(socket.fd));
    watch.expect("it passes its listener on", socket, {other.pid()});
    watch.expect("it still has the other", fresh, {actor.pid()});
}

void exec_of_another_program() {
    Troupe troupe;
    Watch watch;
    Actor& actor = troupe.spawn();
    const Listener socket = actor.listen();
    watch.expect("listen", socket, {actor.pid()});
    watch.stay_quiet();
    const auto expect_program = [&](const char* name) {
        troupe.exec(actor, name);
        watch.expect(fmt::format("exec of {}", name), socket, {actor.pid()});
        const snapshot::Process* const process = watch.newest().find_process(identity_of(actor.pid()));
        const std::string path = troupe.program(name);
        if (process->name != name || process->executable != path || !process->command_line ||
            process->command_line->front() != path) {
            throw Wrong(fmt::format("after exec of {} port {} is shown as {}: {}", path, socket.port, process->name,
                                    process->command_text));
        }
    };
    expect_program(kOtherProgram);
    watch.stay_quiet();
    expect_program(kFirstProgram);
    actor.ask("leader_exit"); // exec gives its number to the thread that calls it
    expect_program(kOtherProgram);
}

} // namespace portside::owners
