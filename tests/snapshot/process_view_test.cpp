// SPDX-License-Identifier: MIT
// core/snapshot/process_view: process text is made safe and readable.
#include "core/snapshot/process_view.h"

#include "facts.h"

#include <doctest/doctest.h>

using namespace portside::snapshot;
using namespace portside::snapshot::test;
using Texts = std::vector<std::string>;

TEST_CASE("arguments read unambiguously on one line") {
    CHECK(one_line(Texts{}).empty());
    CHECK(one_line(Texts{"node"}) == "node");
    CHECK(one_line(Texts{"node", "app.js", "--port=3000"}) == "node app.js --port=3000");
    CHECK(one_line(Texts{"sh", "-c", "sleep 1; exit"}) == "sh -c 'sleep 1; exit'");
    CHECK(one_line(Texts{"x", "", "y"}) == "x '' y");
    CHECK(one_line(Texts{"", "y"}) == "'' y");
    CHECK(one_line(Texts{"x", "it's"}) == "x 'it'\\''s'");
}

TEST_CASE("a title that a process gave itself is not quoted") {
    CHECK(one_line(Texts{"nginx: master process nginx -g daemon off;"}) ==
          "nginx: master process nginx -g daemon off;");
}

TEST_CASE("a process is shown with all that was read") {
    ScanFacts facts;
    auto& raw = add_process(facts, 42, 7, "server");
    raw.command_line = Texts{"/usr/bin/server", "--greeting", "good day"};
    const Process process = view_of(raw, facts.users);
    CHECK(process.id == ProcessId{42, 142});
    CHECK(process.parent == 7);
    CHECK(process.uid == 1000U);
    CHECK(process.user == "me");
    CHECK(process.name == "server");
    CHECK(process.executable == "/usr/bin/server");
    CHECK(process.command_line == Texts{"/usr/bin/server", "--greeting", "good day"});
    CHECK(process.cwd == "/home/me");
    CHECK(process.command_text == "/usr/bin/server --greeting 'good day'");
}

TEST_CASE("what was denied stays unknown") {
    ScanFacts facts;
    auto& raw = add_process(facts, 42, 7, "server");
    raw.uid.reset();
    raw.executable.reset();
    raw.command_line.reset();
    raw.cwd.reset();
    const Process process = view_of(raw, facts.users);
    CHECK_FALSE(process.uid);
    CHECK(process.user.empty());
    CHECK(process.name == "server");
    CHECK_FALSE(process.executable);
    CHECK_FALSE(process.command_line);
    CHECK_FALSE(process.cwd);
    CHECK(process.command_text.empty());
}

TEST_CASE("a process without any name is called by its number") {
    ScanFacts facts;
    auto& raw = add_process(facts, 1234, 1, "");
    raw.executable.reset();
    raw.command_line = Texts{};
    CHECK(view_of(raw, facts.users).name == "pid 1234");
}

TEST_CASE("hostile process text is made safe and is otherwise kept") {
    ScanFacts facts;
    auto& raw = add_process(facts, 42, 7, "evil");
    raw.executable = "/tmp/a\nb\x1b[2J##%n\xff";
    raw.command_line = Texts{"/tmp/a\nb", "\u202Egnp.exe", "50%##x"};
    raw.cwd = "/tmp/\x07";
    facts.users[1000] = "m\u202Ee";
    const Process process = view_of(raw, facts.users);
    CHECK(process.executable == "/tmp/a b\uFFFD[2J##%n\uFFFD");
    CHECK(process.command_line == Texts{"/tmp/a b", "\uFFFDgnp.exe", "50%##x"});
    CHECK(process.command_text == "'/tmp/a b' \uFFFDgnp.exe 50%##x");
    CHECK(process.cwd == "/tmp/\uFFFD");
    CHECK(process.user == "m\uFFFDe");
    for (const char c : process.name) {
        CHECK(static_cast<unsigned char>(c) >= 0x20);
    }
}

TEST_CASE("texts have a longest length") {
    ScanFacts facts;
    auto& raw = add_process(facts, 42, 7, "x");
    raw.executable.reset();
    raw.command_line = Texts(3000, std::string(100, 'a'));
    const Process process = view_of(raw, facts.users);
    CHECK(process.command_text.size() <= 64U * 1024);
    CHECK(process.command_text.ends_with("\u2026"));
    CHECK(process.name.size() <= 256);
    CHECK(process.command_line->size() == 3000); // programs get all of it
}

TEST_CASE("a user without a name is the number") {
    CHECK(user_text({}, 4242) == "4242");
    CHECK(user_text({{4242, ""}}, 4242) == "4242");
    CHECK(user_text({{4242, "x"}}, 4242) == "x");
}
