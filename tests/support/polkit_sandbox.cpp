// SPDX-License-Identifier: MIT
// A machine within the machine. One thread: the test's own.
#include "tests/support/polkit_sandbox.h"

#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace portside::support {
namespace {

constexpr uid_t kCaller = 61001; // as polkit_sandbox.sh names them
constexpr uid_t kOtherUser = 61002;

const char* word(Rule rule) {
    switch (rule) {
    case Rule::yes:
        return "yes";
    case Rule::no:
        return "no";
    case Rule::ask_for_kill:
        return "ask-for-kill";
    case Rule::keep:
        return "keep";
    case Rule::defaults:
        return "defaults";
    case Rule::ask:
        break;
    }
    return "ask";
}

const char* word(Helper helper) {
    switch (helper) {
    case Helper::installed:
        return "installed";
    case Helper::writable:
        return "writable";
    case Helper::not_executable:
        return "not-executable";
    case Helper::none:
        break;
    }
    return "none";
}

const char* word(Session session) {
    switch (session) {
    case Session::active:
        return "active";
    case Session::inactive:
        return "online"; // logind's word
    case Session::none:
        break;
    }
    return "none";
}

base::UniqueFd open_or_throw(const std::string& path, int flags) {
    base::UniqueFd fd(open(path.c_str(), flags | O_CLOEXEC));
    if (!fd) {
        throw std::runtime_error("cannot open " + path + " of the sandbox");
    }
    return fd;
}

} // namespace

PolkitSandbox::PolkitSandbox(Rule rule, Helper helper, Session session) {
    if (geteuid() != 0) {
        throw std::runtime_error("this test builds a machine within the machine: run it as root");
    }
    // unshare(1) makes the namespaces and stays outside the pid namespace; the script is the first process inside.
    const std::string script = std::string(PORTSIDE_SUPPORT) + "/polkit_sandbox.sh";
    machine_ = std::make_unique<Child>(Command{
        .argv = {"unshare", "--fork", "--pid", "--net", "--kill-child", "sh", script, word(rule), PORTSIDE_BUILD,
                 word(helper), PolkitSandbox::helper(), word(session), PolkitSandbox::session()},
        .environment = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"},
        .private_mounts = true});
    machine_->expect("ready\n");
    const std::string process = "/proc/" + std::to_string(machine_->pid());
    mounts_ = open_or_throw(process + "/ns/mnt", O_RDONLY);
    network_ = open_or_throw(process + "/ns/net", O_RDONLY);
    processes_ = open_or_throw(process + "/ns/pid_for_children", O_RDONLY);
    root_ = open_or_throw(process + "/root", O_PATH | O_DIRECTORY);
    files_ = process + "/root";
}

PolkitSandbox::~PolkitSandbox() = default;

std::string PolkitSandbox::helper() {
    return "/run/portside-test/" PORTSIDE_LIBEXEC "/portside-kill-helper";
}

Place PolkitSandbox::place(uid_t uid) const {
    return Place{.mounts = mounts_.get(),
                 .processes = processes_.get(),
                 .network = network_.get(),
                 .root = root_.get(),
                 .uid = uid,
                 .gid = uid,
                 .files = files_};
}

Place PolkitSandbox::caller() const {
    return place(kCaller);
}

Place PolkitSandbox::other_user() const {
    return place(kOtherUser);
}

Place PolkitSandbox::root() const {
    return place(0);
}

std::vector<std::string> PolkitSandbox::environment() {
    std::vector<std::string> result{"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "SHELL=/bin/sh"};
    const std::vector<std::string> options = sanitizer_options();
    result.insert(result.end(), options.begin(), options.end());
    return result;
}

Child PolkitSandbox::start_waiting(const Place& place, const std::vector<std::string>& argv, bool terminal) const {
    std::vector<std::string> gated{"sh", "-c", "read -r released && exec \"$@\"", "sh"};
    gated.insert(gated.end(), argv.begin(), argv.end());
    return start(place, gated, terminal);
}

Child PolkitSandbox::start(const Place& place, const std::vector<std::string>& argv, bool terminal) const {
    return Child(Command{.argv = argv, .environment = environment(), .place = place, .terminal = terminal});
}

Child PolkitSandbox::start_terminal_agent(pid_t inner_pid) const {
    // pkttyagent closes descriptor 3 when it is registered, which ends cat.
    Child agent =
        start(caller(),
              {"sh", "-c",
               "exec 4>&1; pkttyagent --process \"$1\" --notify-fd 3 3>&1 >&4 4>&- | { cat; echo registered >&4; }",
               "sh", std::to_string(inner_pid)},
              true);
    agent.expect("registered");
    return agent;
}

Child PolkitSandbox::start_cancelling_agent(pid_t inner_pid, bool silent) const {
    std::vector<std::string> argv{program("test_agent"), std::to_string(inner_pid)};
    if (silent) {
        argv.emplace_back("silent");
    }
    Child agent = start(caller(), argv);
    agent.expect("registered");
    return agent;
}

Child PolkitSandbox::start_answering_agent(pid_t inner_pid, int answers) const {
    Child agent = start(
        caller(), {program("test_agent"), std::to_string(inner_pid), "answer", password(), std::to_string(answers)});
    agent.expect("registered");
    return agent;
}

Outcome PolkitSandbox::run(const Place& place, const std::vector<std::string>& argv) const {
    return support::run(Command{.argv = argv, .environment = environment(), .place = place});
}

bool PolkitSandbox::listens(int port) const {
    const Outcome outcome = run(root(), {"ss", "-Hltn", "sport", "=", ":" + std::to_string(port)});
    if (outcome.status != 0) {
        throw std::runtime_error("ss failed: " + outcome.errors);
    }
    return !outcome.output.empty();
}

} // namespace portside::support
