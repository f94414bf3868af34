// SPDX-License-Identifier: MIT
// What the details say about the topmost owner of a row. Pure.
#include "app/ui/process_facts.h"

#include "app/ui/age_text.h"
#include "app/ui/row_text.h"
#include "core/snapshot/respawner.h"

#include <fmt/format.h>

namespace portside::ui {

namespace {

constexpr int kMostParents = 32;

// From its parent to the leader of its session, then what that belongs to.
std::string why_it_runs(const Model& model, const snapshot::Row& row, const snapshot::Process& process) {
    const snapshot::Snapshot& snapshot = *model.snapshot;
    const auto* const details = details_of(model, row);
    const auto* const usage = details != nullptr && details->usage ? &*details->usage : nullptr;
    std::string text;
    pid_t pid = process.parent;
    for (int i = 0; pid > 0 && i < kMostParents; ++i) {
        const snapshot::Process* parent = snapshot::find_pid(snapshot, pid);
        text += fmt::format("{}{} ({})", text.empty() ? "child of " : "\nchild of ",
                            parent != nullptr ? parent->name : "process", pid);
        if (usage != nullptr && usage->session == pid) {
            text += ", leader of its session";
        }
        pid = parent != nullptr ? parent->parent : 0;
    }
    if (usage != nullptr && !usage->terminal.empty()) {
        text += fmt::format("{}on the terminal {}", text.empty() ? "" : "\n", usage->terminal);
    }
    if (process.unit) {
        text += fmt::format("{}in {}", text.empty() ? "" : "\n", process.unit->name);
    }
    return text;
}

std::string start_of(const Model& model, const snapshot::Process& process) {
    if (const auto start = snapshot::started_at(*model.snapshot, process.id)) {
        return fmt::format("{}, {}", clock_text(*start, model.clock), ago_text(*start, model.clock));
    }
    return fmt::format("at tick {} since boot", process.id.start_time);
}

void add_usage(const snapshot::ProcessDetails& details, std::vector<Fact>& facts) {
    if (!details.usage) {
        return;
    }
    const platform::ProcessUsage& usage = *details.usage;
    std::string memory = fmt::format("{} resident", bytes_text(usage.resident_bytes));
    if (usage.proportional_bytes) {
        memory += fmt::format(", {} its own share", bytes_text(*usage.proportional_bytes));
    }
    facts.push_back({.label = "MEMORY", .text = std::move(memory)});
    const std::string now = details.cpu_percent ? fmt::format("{} % of a processor now, ", *details.cpu_percent) : "";
    facts.push_back({.label = "CPU",
                     .text = fmt::format("{}{} since it started, {} thread{}", now, duration_text(usage.cpu),
                                         usage.threads, usage.threads == 1 ? "" : "s")});
}

std::string endpoint_text(const platform::Endpoint& endpoint) {
    const std::string address = platform::to_string(endpoint.address);
    return endpoint.address.family == platform::Family::ipv6 ? fmt::format("[{}]:{}", address, endpoint.port)
                                                             : fmt::format("{}:{}", address, endpoint.port);
}

void add_connections(const snapshot::Row& row, const snapshot::ProcessDetails& details, std::vector<Fact>& facts) {
    if (!details.connections) {
        return;
    }
    const platform::ConnectionList& list = *details.connections;
    std::string text = list.count == 0 ? "none" : "";
    for (const platform::Connection& one : list.some) {
        const bool incoming = one.local.port == row.key.port;
        text += fmt::format("{}{} {}", text.empty() ? "" : "\n", incoming ? "from" : "to  ", endpoint_text(one.remote));
    }
    if (list.count > list.some.size()) {
        text += fmt::format("\nand {} more", list.count - list.some.size());
    }
    facts.push_back({.label = list.count < 2 ? "CONNECTIONS" : fmt::format("{} CONNECTIONS", list.count),
                     .text = std::move(text),
                     .mono = true});
}

} // namespace

const snapshot::ProcessDetails* details_of(const Model& model, const snapshot::Row& row) {
    return model.details && model.details->row == row.key ? model.details.get() : nullptr;
}

void add_process_facts(const Model& model, const snapshot::Row& row, const snapshot::Process& process,
                       std::vector<Fact>& facts) {
    const auto add = [&facts](const char* label, std::string text, bool mono) {
        if (!text.empty()) {
            facts.push_back({.label = label, .text = std::move(text), .mono = mono});
        }
    };
    add("COMMAND LINE", process.command_text, true);
    add("PROJECT", process.project ? with_tilde(*process.project, model.home) : "", true);
    if (process.cwd != process.project) {
        add("WORKING DIRECTORY", process.cwd ? with_tilde(*process.cwd, model.home) : "", true);
    }
    add("WHY IT IS RUNNING", why_it_runs(model, row, process), false);
    add("STARTED", start_of(model, process), false);
    if (const auto* const details = details_of(model, row)) {
        add_usage(*details, facts);
        add_connections(row, *details, facts);
    }
    add("EXECUTABLE", process.executable.value_or(""), true);
    add("PID", fmt::format("{}", process.id.pid), true);
    add("USER", process.user, false);
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr double kStep = 1024;
    const double kilobytes = static_cast<double>(bytes) / kStep;
    if (kilobytes < kStep) {
        return fmt::format("{:.0f} kB", kilobytes);
    }
    const double megabytes = kilobytes / kStep;
    return megabytes < kStep ? fmt::format("{:.0f} MB", megabytes) : fmt::format("{:.1f} GB", megabytes / kStep);
}

std::string duration_text(std::chrono::milliseconds time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).count();
    if (seconds < 10) {
        return fmt::format("{:.1f} s", std::chrono::duration<double>(time).count());
    }
    if (seconds < 60) {
        return fmt::format("{} s", seconds);
    }
    return seconds < 3600 ? fmt::format("{} min {} s", seconds / 60, seconds % 60)
                          : fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
}

} // namespace portside::ui
