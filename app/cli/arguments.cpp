// SPDX-License-Identifier: MIT
// The one file that reads CLI11. Its own exit codes are mapped: 0 for help and version, 2 for every misuse.
#include "app/cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>

namespace portside::cli {

namespace {

constexpr const char* kDescription =
    "Portside shows which process holds each listening port, live, and frees a port safely.\n"
    "Without a command it opens the overlay window.";
constexpr const char* kListFooter =
    "\nQUERY: all terms must match.\n"
    "  3000           ports whose digits begin with 3000\n"
    "  port:3000      exactly this port; also :3000\n"
    "  3000-3999      a range of ports\n"
    "  word           inside the process's name, project or command line, in any case\n"
    "  -word, not:word  leave out; a term that begins with - needs -- before it: portside list -- -word\n"
    "  pid:1234 user:me proto:tcp addr:127.0.0.1 name:node unit:nginx project:shop label:shop\n"
    "                 in this field only; a label is the name that you gave the port\n"
    "  is:mine is:dev is:db is:exposed is:favourite is:system\n"
    "                 your own, dev servers, databases, reachable from outside, with a star, the system's own\n";
constexpr const char* kKillFooter =
    "\nTARGET: 3000 or :3000 (tcp and udp), tcp:3000, udp:53, or pid:1234 (a process that holds a listed socket;\n"
    "        with --tree also one whose descendants do, such as the nodemon that would start them again).\n"
    "A port's kill goes to the topmost of its owners. Each kill is noted in ~/.local/state/portside/kills.log.\n"
    "Exit status: 0 every target ended, 1 something did not end, 2 wrong usage (nothing was sent),\n"
    "             3 not permitted or authorisation refused, 4 nothing matched.\n";

struct Values {
    std::string source = "auto";
    bool bound = false;
    bool toggle = false;
    bool start_hidden = false;
    bool json = false;
    std::string view = "all";
    std::vector<std::string> words;
    bool tree = false;
    bool stop_unit = false;
    bool stop_container = false;
    double timeout = 5;
    KillArguments kill;
};

Answer misuse(std::string what) {
    std::replace(what.begin(), what.end(), '\n', ' ');
    return Answer{2, fmt::format("portside: {} (portside --help tells how.)", what)};
}

void add_source(CLI::App& app, Values& values) {
    app.add_option("--source", values.source,
                   "Where sockets are read: auto, netlink (sock_diag only) or proc (/proc/net only)")
        ->check(CLI::IsMember({"auto", "netlink", "proc"}))
        ->option_text("auto|netlink|proc");
}

snapshot::ScannerOptions scanner_options(const Values& values) {
    snapshot::ScannerOptions options;
    options.source = values.source == "netlink" ? platform::SourceChoice::netlink
                     : values.source == "proc"  ? platform::SourceChoice::proc
                                                : platform::SourceChoice::automatic;
    options.include_bound = values.bound;
    return options;
}

// A word is looked for in the project too, and what rows are is known by it.
bool asks_for_projects(const snapshot::Query& query) {
    using Field = snapshot::Query::Field;
    return std::any_of(query.terms().begin(), query.terms().end(), [](const auto& term) {
        return term.field == Field::text || term.field == Field::project || term.field == Field::tag;
    });
}

Arguments list_arguments(const Values& values) {
    auto query = snapshot::Query::parse(fmt::format("{}", fmt::join(values.words, " ")));
    if (!query) {
        return misuse(query.error().what);
    }
    auto scanner = scanner_options(values);
    const auto view = snapshot::view_of_word(values.view).value_or(snapshot::View::all);
    scanner.brief_processes = !values.json && view == snapshot::View::all && !asks_for_projects(*query);
    return ListArguments{std::move(scanner), std::move(*query), values.json, view};
}

Arguments kill_arguments(Values& values) {
    if (values.words.empty()) {
        return misuse("kill needs a TARGET, such as 3000 or pid:1234");
    }
    values.kill.scanner = scanner_options(values);
    for (const auto& word : values.words) {
        auto target = commands::parse_target(word);
        if (!target) {
            return misuse(target.error().what);
        }
        values.kill.targets.push_back(std::move(*target));
    }
    values.kill.way = values.tree             ? commands::Way::kill_tree
                      : values.stop_unit      ? commands::Way::stop_unit
                      : values.stop_container ? commands::Way::stop_container
                                              : commands::Way::kill;
    values.kill.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(values.timeout * 1000));
    return std::move(values.kill);
}

CLI::App* add_list(CLI::App& app, Values& values) {
    auto* list = app.add_subcommand("list", "Print every port with the process that holds it");
    list->add_option("QUERY", values.words, "Only rows that match")->option_text(" ");
    list->add_flag("--json", values.json, "One JSON object (schema version 1)");
    list->add_option("--view", values.view,
                     "Only your own ports, dev servers, databases, or what can be reached from outside")
        ->check(CLI::IsMember({"all", "mine", "dev", "db", "exposed"}))
        ->option_text("all|mine|dev|db|exposed");
    list->add_flag("--bound", values.bound, "Also TCP sockets that are bound without listening");
    add_source(*list, values);
    list->footer(kListFooter);
    return list;
}

CLI::App* add_kill(CLI::App& app, Values& values) {
    auto* kill = app.add_subcommand("kill", "End the process that holds a port, and wait until it has ended");
    kill->add_option("TARGET", values.words, "What to free")->option_text(" ");
    kill->add_flag("--tree", values.tree, "Also all its descendants, from the top down");
    auto* const unit = kill->add_flag("--stop-unit", values.stop_unit, "Ask systemd to stop its unit instead");
    auto* const container =
        kill->add_flag("--stop-container", values.stop_container, "Ask Docker or Podman to stop its container instead");
    kill->add_flag("--force", values.kill.force, "Send SIGKILL instead of SIGTERM");
    kill->add_flag("--elevate", values.kill.elevate, "Other users' processes too, as administrator by pkexec");
    kill->add_flag("--dry-run", values.kill.dry_run,
                   "Say what would be done, and why; the exit status is the one to expect");
    kill->add_flag("--yes", values.kill.yes, "Also what the window would ask about first, such as your own terminal");
    unit->excludes(container);
    for (const char* const other : {"--tree", "--force", "--elevate"}) {
        unit->excludes(other);
        container->excludes(other);
    }
    kill->add_option("--timeout", values.timeout, "Seconds to wait for the end")
        ->check(CLI::Range(0.0, 86400.0))
        ->capture_default_str()
        ->option_text("SECONDS");
    add_source(*kill, values);
    kill->footer(kKillFooter);
    return kill;
}

} // namespace

Arguments parse_arguments(int count, const char* const* values_in) {
    CLI::App app(kDescription, "portside");
    Values values;
    app.set_version_flag("--version", std::string("portside ") + PORTSIDE_VERSION);
    app.require_subcommand(0, 1);
    app.add_flag("--bound", values.bound, "Also TCP sockets that are bound without listening");
    const auto* const toggle = app.add_flag("--toggle", values.toggle,
                                            "Hide the overlay where it is shown, else show it (bind this to a key)");
    const auto* const hidden = app.add_flag("--start-hidden", values.start_hidden,
                                            "Start the overlay without showing it, until it is asked for");
    add_source(app, values);
    const auto* list = add_list(app, values);
    const auto* kill = add_kill(app, values);
    // CLI11 2.1 takes no words behind "--" once it has seen one before it, so they never reach it.
    const auto* const end = values_in + count;
    const auto* const dashes =
        std::find_if(values_in, end, [](const char* word) { return std::string_view(word) == "--"; });
    try {
        app.parse(static_cast<int>(dashes - values_in), values_in);
    } catch (const CLI::CallForHelp&) {
        const auto chosen = app.get_subcommands();
        return Answer{0, chosen.empty() ? app.help() : chosen.front()->help("portside")};
    } catch (const CLI::CallForVersion& version) {
        return Answer{0, std::string(version.what()) + "\n"};
    } catch (const CLI::ParseError& error) {
        return misuse(error.what());
    }
    if (dashes != end) {
        values.words.insert(values.words.end(), dashes + 1, end);
    }
    if (toggle->count() > 0 && (list->parsed() || kill->parsed())) {
        return misuse("--toggle is about the overlay: it goes with no command");
    }
    if (hidden->count() > 0 && (list->parsed() || kill->parsed() || toggle->count() > 0)) {
        return misuse("--start-hidden is about an overlay that starts: it goes with no command and not with --toggle");
    }
    if (list->parsed()) {
        return list_arguments(values);
    }
    if (kill->parsed()) {
        return kill_arguments(values);
    }
    if (!values.words.empty()) {
        return misuse(fmt::format("{} is not a command", values.words.front()));
    }
    OverlayArguments overlay;
    overlay.passed_on.push_back("--source=" + values.source);
    if (values.bound) {
        overlay.passed_on.emplace_back("--bound");
    }
    if (values.toggle) {
        overlay.passed_on.emplace_back("--toggle");
    }
    if (values.start_hidden) {
        overlay.passed_on.emplace_back("--start-hidden");
    }
    return overlay;
}

} // namespace portside::cli
