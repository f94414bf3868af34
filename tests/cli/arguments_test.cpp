// SPDX-License-Identifier: MIT
#include "app/cli/arguments.h"

#include <doctest/doctest.h>

using namespace portside;
using cli::Answer;
using cli::KillArguments;
using cli::ListArguments;
using cli::OverlayArguments;

namespace {

cli::Arguments parse(std::vector<const char*> words) {
    words.insert(words.begin(), "portside");
    return cli::parse_arguments(static_cast<int>(words.size()), words.data());
}

Answer answer(std::vector<const char*> words) {
    const auto arguments = parse(std::move(words));
    REQUIRE(std::holds_alternative<Answer>(arguments));
    return std::get<Answer>(arguments);
}

} // namespace

TEST_CASE("without a command the overlay is opened with what it takes") {
    CHECK(std::get<OverlayArguments>(parse({})).passed_on == std::vector<std::string>{"--source=auto"});
    CHECK(std::get<OverlayArguments>(parse({"--source=proc", "--bound"})).passed_on ==
          std::vector<std::string>{"--source=proc", "--bound"});
    CHECK(std::get<OverlayArguments>(parse({"--start-hidden"})).passed_on ==
          std::vector<std::string>{"--source=auto", "--start-hidden"});
}

TEST_CASE("help and version answer on standard output with code 0") {
    for (const auto& words :
         std::vector<std::vector<const char*>>{{"--help"}, {"list", "--help"}, {"kill", "--help"}}) {
        const auto help = answer(words);
        CHECK(help.exit_code == 0);
        CHECK(help.text.find("--help") != std::string::npos);
    }
    CHECK(answer({"--help"}).text.find("list") != std::string::npos);
    CHECK(answer({"list", "--help"}).text.find("-- -word") != std::string::npos);
    CHECK(answer({"kill", "--help"}).text.find("pid:1234") != std::string::npos);
    CHECK(answer({"--version"}).text.starts_with("portside "));
    CHECK(answer({"--version"}).exit_code == 0);
}

TEST_CASE("every misuse is one line and code 2") {
    for (const auto& words : std::vector<std::vector<const char*>>{{"--frobnicate"},
                                                                   {"--start-hidden", "--toggle"},
                                                                   {"--start-hidden", "list"},
                                                                   {"lst"},
                                                                   {"list", "--frobnicate"},
                                                                   {"list", "port:99999"},
                                                                   {"list", "99999"},
                                                                   {"list", "4000-3000"},
                                                                   {"list", "--source=ss"},
                                                                   {"list", "--view=pink"},
                                                                   {"list", "is:pink"},
                                                                   {"--source", "ss"},
                                                                   {"kill"},
                                                                   {"kill", "99999"},
                                                                   {"kill", "3000", "nonsense"},
                                                                   {"kill", "3000", "--timeout", "-1"},
                                                                   {"kill", "3000", "--timeout", "soon"},
                                                                   {"list", "kill", "--elevate"},
                                                                   {"--", "list"}}) {
        CAPTURE(words.back());
        const auto misuse = answer(words);
        CHECK(misuse.exit_code == 2);
        CHECK(misuse.text.find('\n') == std::string::npos);
        CHECK(misuse.text.starts_with("portside: "));
    }
}

TEST_CASE("a query may begin with a dash behind two dashes") {
    const auto arguments = parse({"list", "--json", "--", "-node", "3000-3999"});
    REQUIRE(std::holds_alternative<ListArguments>(arguments));
    const auto& list = std::get<ListArguments>(arguments);
    CHECK(list.json);
    CHECK_FALSE(list.scanner.brief_processes); // JSON tells everything
    CHECK_FALSE(list.query.matches_everything());
    CHECK(std::get<ListArguments>(parse({"list"})).query.matches_everything());
    CHECK(list.view == snapshot::View::all);
    CHECK(std::get<ListArguments>(parse({"list", "--view", "db"})).view == snapshot::View::databases);
    CHECK(std::get<ListArguments>(parse({"list", "--view=dev", "3000"})).view == snapshot::View::dev_servers);
    CHECK(std::get<ListArguments>(parse({"list", "--bound"})).scanner.include_bound);
    CHECK(std::get<ListArguments>(parse({"list", "--source", "netlink"})).scanner.source ==
          platform::SourceChoice::netlink);
}

TEST_CASE("a list that shows and asks for names only reads no more of processes") {
    const auto brief = [](const std::vector<const char*>& words) {
        return std::get<ListArguments>(parse(words)).scanner.brief_processes;
    };
    CHECK(brief({"list"}));
    CHECK(brief({"list", "3000", "name:node", "user:me", "unit:nginx", "pid:1"}));
    for (const auto* term : {"shop", "-shop", "project:shop", "-project:shop", "is:dev", "is:mine"}) {
        CAPTURE(term);
        CHECK_FALSE(brief({"list", "--", "name:node", term}));
    }
    CHECK_FALSE(brief({"list", "--view", "dev"}));
    CHECK_FALSE(brief({"list", "--json"}));
    CHECK_FALSE(std::get<KillArguments>(parse({"kill", "3000"})).scanner.brief_processes);
}

TEST_CASE("a kills flags become values") {
    const auto arguments =
        parse({"kill", "3000", "udp:53", "pid:7", "--force", "--elevate", "--dry-run", "--yes", "--timeout", "0.5"});
    REQUIRE(std::holds_alternative<KillArguments>(arguments));
    const auto& kill = std::get<KillArguments>(arguments);
    CHECK(kill.targets.size() == 3);
    CHECK(kill.force);
    CHECK(kill.elevate);
    CHECK(kill.dry_run);
    CHECK(kill.yes);
    CHECK(kill.timeout == std::chrono::milliseconds(500));
    CHECK(std::get<KillArguments>(parse({"kill", "1"})).timeout == std::chrono::seconds(5));
}

TEST_CASE("a unit or a container is stopped in place of a kill and not both") {
    using commands::Way;
    CHECK(std::get<KillArguments>(parse({"kill", "--stop-unit", "80"})).way == Way::stop_unit);
    CHECK(std::get<KillArguments>(parse({"kill", "--stop-container", "--dry-run", "80"})).way == Way::stop_container);
    CHECK(answer({"kill", "--stop-unit", "--stop-container", "80"}).exit_code == 2);
    for (const char* const other : {"--tree", "--force", "--elevate"}) {
        CHECK(answer({"kill", "--stop-unit", other, "80"}).exit_code == 2);
        CHECK(answer({"kill", "--stop-container", other, "80"}).exit_code == 2);
    }
}
