// SPDX-License-Identifier: MIT
// Processes that share, pass and drop sockets. One thread.
#include "tests/owners/cases.h"

#include "tests/owners/scan_work.h"
#include "tests/owners/watch.h"

#include <fmt/format.h>

namespace portside::owners {

void child_shares() {
    for (const char* kind : {"tcp4", "tcp6", "udp4", "udp6"}) {
        Troupe troupe;
        Watch watch;
        Actor& parent = troupe.spawn();
        const Listener socket = parent.listen(kind);
        watch.expect("listen", socket, {parent.pid()});
        watch.stay_quiet();
        Actor& child = troupe.fork(parent);
        watch.expect("fork", socket, {parent.pid(), child.pid()});
        Actor& grandchild = troupe.fork(child);
        watch.expect("the child forks", socket, {parent.pid(), child.pid(), grandchild.pid()});
    }
}

void co_owner_dies() {
    Troupe troupe;
    Watch watch;
    Actor& first = troupe.spawn();
    const Listener socket = first.listen();
    Actor& second = troupe.fork(first);
    Actor& third = troupe.fork(first);
    watch.expect("two forks", socket, {first.pid(), second.pid(), third.pid()});
    const pid_t zombie = third.pid();
    troupe.end(third, Reaped::no);
    if (state_of(zombie) != 'Z') {
        throw Wrong(fmt::format("process {} is no zombie", zombie));
    }
    watch.expect("a child becomes a zombie", socket, {first.pid(), second.pid()});
    troupe.reap(third);
    watch.expect("the zombie is taken away", socket, {first.pid(), second.pid()});
    troupe.end(first);
    watch.expect("the parent ends", socket, {second.pid()});
    troupe.end(second);
    watch.expect_no_row("the last owner ends", socket);
}

void co_owner_closes() {
    Troupe troupe;
    Watch watch;
    Actor& parent = troupe.spawn();
    const Listener socket = parent.listen();
    Actor& child = troupe.fork(parent);
    watch.expect("fork", socket, {parent.pid(), child.pid()});
    watch.stay_quiet();
    child.ask(closing(socket.fd));
    watch.expect("the child closes its copy", socket, {parent.pid()});
    Actor& other = troupe.fork(parent);
    watch.expect("another fork", socket, {parent.pid(), other.pid()});
    parent.ask(closing(socket.fd));
    watch.expect("the parent closes its copy", socket, {other.pid()});
}

void reuse_port_in_two_processes() {
    Troupe troupe;
    Watch watch;
    Actor& first = troupe.spawn();
    Actor& second = troupe.spawn();
    const Listener one = first.listen("tcp4", "0 reuse");
    watch.expect("listen", one, {first.pid()});
    const Listener two = second.listen("tcp4", fmt::format("{} reuse", one.port));
    watch.expect("another process takes the same port", two, {first.pid(), second.pid()});
    first.ask(closing(one.fd));
    watch.expect("the first closes", two, {second.pid()});
    const Listener third = first.listen("tcp4", fmt::format("{} reuse", one.port));
    Actor& child = troupe.fork(second);
    watch.expect("the first is back and the second forks", third, {first.pid(), second.pid(), child.pid()});
}

void port_moves() {
    Troupe troupe;
    Watch watch;
    Actor& first = troupe.spawn();
    Actor& second = troupe.spawn();
    const Listener before = first.listen();
    watch.expect("listen", before, {first.pid()});
    watch.stay_quiet();
    first.ask(closing(before.fd));
    const Listener after = second.listen("tcp4", fmt::format("{} alone", before.port));
    watch.expect("the port moves to another process", after, {second.pid()});
    troupe.end(second);
    const Listener again = first.listen("tcp4", fmt::format("{} alone", before.port));
    watch.expect("and back when that one ends", again, {first.pid()});
}

void reopened_on_the_same_descriptor() {
    Troupe troupe;
    Watch watch;
    Actor& first = troupe.spawn();
    const Listener old = first.listen();
    Actor& second = troupe.fork(first);
    watch.expect("fork", old, {first.pid(), second.pid()});
    watch.stay_quiet();
    const Listener fresh = first.listen("tcp4", fmt::format("0 alone {}", old.fd));
    if (fresh.fd != old.fd) {
        throw Wrong(fmt::format("descriptor {} became {}", old.fd, fresh.fd));
    }
    watch.expect("another listener at the same descriptor", fresh, {first.pid()});
    watch.expect("its old port is the other one's", old, {second.pid()});
    second.ask(closing(old.fd));
    first.ask(closing(fresh.fd));
    const Listener same = first.listen("tcp4", fmt::format("{} alone", fresh.port));
    watch.expect("the same port at the same descriptor again", same, {first.pid()});
    watch.expect_no_row("the second closes", old);
}

void file_exchanged_for_listener() {
    Troupe troupe;
    Watch watch;
    Actor& actor = troupe.spawn(); // its pipes are no sockets: it never held one
    Actor& bystander = troupe.spawn();
    actor.ask("files 3");
    const Listener other = bystander.listen();
    watch.expect("another process listens", other, {bystander.pid()});
    watch.stay_quiet();
    actor.ask("unfiles 1");
    const Listener socket = actor.listen();
    watch.expect("a file is closed and a listener opened", socket, {actor.pid()});
    actor.ask(closing(socket.fd));
    actor.ask("files 1");
    watch.expect_no_row("the listener is closed and a file opened", socket);
}

void listen_long_after_bind() {
    Troupe troupe;
    Watch watch;
    Actor& actor = troupe.spawn();
    const Listener socket = actor.bind();
    const Listener shared = actor.bind("tcp6");
    Actor& child = troupe.fork(actor);
    watch.expect_no_row("bind", socket);
    watch.stay_quiet();
    child.ask(closing(socket.fd));
    watch.stay_quiet();
    actor.ask(fmt::format("start {}", socket.fd));
    watch.expect("listen long after bind", socket, {actor.pid()});
    child.ask(fmt::format("start {}", shared.fd));
    watch.expect("a child listens on what the parent bound", shared, {actor.pid(), child.pid()});
}

void descriptor_is_passed() {
    Troupe troupe;
    Watch watch;
    Actor& from = troupe.spawn();
    Actor& to = troupe.spawn();
    troupe.give_mailbox(to);
    const Listener socket = from.listen();
    watch.expect("listen", socket, {from.pid()});
    watch.stay_quiet();
    const int received = troupe.pass(from, socket.fd, to);
    watch.expect("a descriptor is passed", socket, {from.pid(), to.pid()});
    from.ask(closing(socket.fd));
    watch.expect("the sender closes its own", socket, {to.pid()});
    const int back = troupe.pass(to, received, from);
    to.ask(closing(received));
    watch.expect("passed back and closed at once", socket, {from.pid()});
    // Nobody held it any more but this one, whose count stays the same.
    to.ask("files 1");
    watch.stay_quiet();
    troupe.post(from, back, to);
    from.ask(closing(back));
    to.ask("unfiles 1");
    to.ask("receive");
    watch.expect("handed over to a process that closes a file for it", socket, {to.pid()});
}

void two_descriptors_in_one_process() {
    Troupe troupe;
    Watch watch;
    Actor& actor = troupe.spawn();
    const Listener socket = actor.listen();
    const Listener other = actor.listen("udp4");
    const int twin = actor.ask_number(fmt::format("dup {}", socket.fd));
    watch.expect("dup", socket, {actor.pid()});
    actor.ask(closing(socket.fd));
    watch.expect("the first of two descriptors is closed", socket, {actor.pid()});
    actor.ask(fmt::format("dup2 {} {}", other.fd, twin));
    watch.expect_no_row("dup2 over the last one", socket);
    watch.expect("dup2 over another's descriptor", other, {actor.pid()});
    actor.ask(closing(other.fd));
    watch.expect("and its first descriptor closed", other, {actor.pid()});
}

void two_processes_with_one_table() {
    Troupe troupe;
    Watch watch;
    Actor& first = troupe.spawn();
    const Listener before = first.listen();
    Actor& second = troupe.fork(first, Table::shared);
    watch.expect("a child with the very same table", before, {first.pid(), second.pid()});
    const Listener after = second.listen();
    watch.expect("the child listens", after, {first.pid(), second.pid()});
    first.ask(closing(after.fd));
    watch.expect_no_row("the parent closes the child's descriptor", after);
    troupe.end(first);
    watch.expect("the parent ends", before, {second.pid()});
}

void title_is_rewritten() {
    Troupe troupe;
    Watch watch;
    Actor& actor = troupe.spawn();
    const Listener socket = actor.listen();
    watch.expect("listen", socket, {actor.pid()});
    actor.ask("title now-a-worker");
    const auto follows = [&] {
        const snapshot::Process* const process = watch.newest().find_process(identity_of(actor.pid()));
        return process != nullptr && process->command_text.starts_with("now-a-worker");
    };
    for (std::size_t done = 0; done < kTitlePeriod && !follows(); ++done) {
        watch.settle();
    }
    if (!follows()) {
        throw Wrong(fmt::format("port {}: {} scans after it rewrote its command line, process {} is shown as '{}'",
                                socket.port, kTitlePeriod, actor.pid(),
                                watch.newest().find_process(identity_of(actor.pid()))->command_text));
    }
}

void passed_with_the_same_count() {
    Troupe troupe;
    Watch watch;
    Actor& from = troupe.spawn();
    Actor& to = troupe.spawn();
    troupe.give_mailbox(to);
    to.ask("files 1");
    const Listener socket = from.listen();
    watch.expect("listen", socket, {from.pid()});
    watch.stay_quiet();
    troupe.post(from, socket.fd, to);
    to.ask("unfiles 1");
    to.ask("receive");
    watch.expect_within(audit_period(watch.scanner()), "a descriptor came for a file that was closed", socket,
                        {from.pid(), to.pid()});
}

void closed_with_the_same_count() {
    Troupe troupe;
    Watch watch;
    Actor& parent = troupe.spawn();
    const Listener socket = parent.listen();
    Actor& child = troupe.fork(parent);
    watch.expect("fork", socket, {parent.pid(), child.pid()});
    watch.stay_quiet();
    child.ask(closing(socket.fd));
    child.ask("files 1");
    watch.expect_within(audit_period(watch.scanner()), "the child closed its copy and opened a file", socket,
                        {parent.pid()});
}

std::span<const Case> all_cases() {
    static constexpr Case kAll[] = {
        {"child_shares", child_shares},
        {"co_owner_dies", co_owner_dies},
        {"co_owner_closes", co_owner_closes},
        {"reuse_port_in_two_processes", reuse_port_in_two_processes},
        {"port_moves", port_moves},
        {"reopened_on_the_same_descriptor", reopened_on_the_same_descriptor},
        {"file_exchanged_for_listener", file_exchanged_for_listener},
        {"listen_long_after_bind", listen_long_after_bind},
        {"descriptor_is_passed", descriptor_is_passed},
        {"two_descriptors_in_one_process", two_descriptors_in_one_process},
        {"two_processes_with_one_table", two_processes_with_one_table},
        {"thread_keeps_the_listener", thread_keeps_the_listener},
        {"thread_opens_a_listener", thread_opens_a_listener},
        {"thread_gives_up_its_copy", thread_gives_up_its_copy},
        {"leader_exits", leader_exits},
        {"exec_of_another_program", exec_of_another_program},
        {"title_is_rewritten", title_is_rewritten},
        {"passed_with_the_same_count", passed_with_the_same_count},
        {"closed_with_the_same_count", closed_with_the_same_count},
    };
    return kAll;
}

} // namespace portside::owners
