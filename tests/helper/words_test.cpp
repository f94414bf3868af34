// SPDX-License-Identifier: MIT
// core/platform/kill_helper: what one side writes the other reads, and nothing else is read.
#include "core/platform/kill_helper.h"

#include "core/base/parse.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace portside::platform;

namespace {

using Words = std::vector<std::string>;

std::optional<HelperOrder> parse(const Words& words) {
    const std::vector<std::string_view> views(words.begin(), words.end());
    return parse_helper_arguments(views);
}

std::optional<HelperOrder> parse_line(const std::string& line) {
    Words words;
    for (const auto word : base::split_words(line)) {
        words.emplace_back(word);
    }
    return parse(words);
}

} // namespace

TEST_CASE("helper words - an order arrives as it was written") {
    SignalTarget target{{4242, 18'000'000'000'000'000'000U}, {7, 0, 99}, Signal::kill, true, 31};
    CHECK(helper_kill_arguments(target) == Words{"kill", "--pid", "4242", "--start-time", "18000000000000000000",
                                                 "--pidfd-id", "31", "--inode", "7", "--inode", "0", "--inode", "99",
                                                 "--signal", "KILL"});
    const auto order = parse(helper_kill_arguments(target));
    REQUIRE(order);
    CHECK(order->task == HelperTask::kill);
    CHECK(order->target.process == target.process);
    CHECK(order->target.inodes == target.inodes);
    CHECK(order->target.signal == Signal::kill);
    CHECK(order->target.pidfd_id == 31);
    target = {{1, 0}, {}, Signal::term};
    CHECK(helper_kill_arguments(target) == Words{"kill", "--pid", "1", "--start-time", "0", "--signal", "TERM"});
    CHECK(parse(helper_kill_arguments(target))->target.signal == Signal::term);
    CHECK(parse(helper_owners_arguments())->task == HelperTask::owners);
}

TEST_CASE("helper words - of very many sockets the first are named") {
    SignalTarget target{{5, 6}, {}, Signal::term};
    for (std::uint64_t inode = 1; inode <= kMostHelperInodes + 10; ++inode) {
        target.inodes.push_back(inode);
    }
    auto words = helper_kill_arguments(target);
    CHECK(parse(words)->target.inodes.size() == kMostHelperInodes);
    words.insert(words.end() - 2, {"--inode", "5"});
    CHECK_FALSE(parse(words));
}

TEST_CASE("helper words - a negative number has its form and is for the guard rails") {
    CHECK(parse_line("kill --pid -7 --start-time 1 --signal TERM")->target.process.pid == -7);
    CHECK_FALSE(parse_line("kill --pid --7 --start-time 1 --signal TERM"));
    CHECK_FALSE(parse_line("kill --pid - --start-time 1 --signal TERM"));
}

TEST_CASE("helper words - everything else is usage") {
    REQUIRE(parse_line("kill --pid 7 --start-time 1 --pidfd-id 2 --inode 3 --signal TERM"));
    for (const char* line : {
             "",
             "kill",
             "owners now",
             "owners --json",
             "Owners",
             "list",
             "kill 7",
             "kill -TERM 7",
             "kill --pid 7",
             "kill --pid 7 --start-time 1",
             "kill --pid 7 --start-time 1 --signal",
             "kill --pid 7 --start-time 1 --signal HUP",
             "kill --pid 7 --start-time 1 --signal term",
             "kill --pid 7 --start-time 1 --signal 15",
             "kill --pid 7 --start-time 1 --signal TERM TERM",
             "kill --pid 7 --start-time 1 --signal TERM --signal KILL",
             "kill --pid 7 --start-time 1 --signal TERM --inode 3", // another order
             "kill --start-time 1 --pid 7 --signal TERM",
             "kill --pid 7 --inode 3 --start-time 1 --signal TERM",
             "kill --pid 7 --start-time 1 --inode 3 --pidfd-id 2 --signal TERM",
             "kill --pid 7 --pid 8 --start-time 1 --signal TERM",
             "kill --pid 7 --start-time 1 --pidfd-id 2 --pidfd-id 2 --signal TERM",
             "kill --pid 7 --start-time 1 --pidfd-id 0 --signal TERM",
             "kill --pid 7 --start-time 1 --pidfd-id x --signal TERM",
             "kill --pid 7 --start-time 1 --inode -3 --signal TERM",
             "kill --pid 7 --start-time 1 --inode --signal TERM",
             "kill --pid=7 --start-time=1 --signal=TERM",
             "kill --pid +7 --start-time 1 --signal TERM",
             "kill --pid 0x7 --start-time 1 --signal TERM",
             "kill --pid 7. --start-time 1 --signal TERM",
             "kill --pid 2147483648 --start-time 1 --signal TERM",
             "kill --pid 7 --start-time 18446744073709551616 --signal TERM",
             "kill --pid 7 --start-time -1 --signal TERM",
             "kill --pid 7 --start-time 1 --force --signal TERM",
             "kill kill --pid 7 --start-time 1 --signal TERM",
             "--help",
             "--version",
         }) {
        CAPTURE(line);
        CHECK_FALSE(parse_line(line));
    }
    CHECK_FALSE(parse({"kill", "--pid", " 7", "--start-time", "1", "--signal", "TERM"}));
    CHECK_FALSE(parse({"kill", "--pid", "7\n", "--start-time", "1", "--signal", "TERM"}));
    CHECK_FALSE(parse({"kill", "--pid", "", "--start-time", "1", "--signal", "TERM"}));
    CHECK_FALSE(parse({"", "kill", "--pid", "7", "--start-time", "1", "--signal", "TERM"}));
    CHECK_FALSE(parse({"owners", ""}));
}

TEST_CASE("helper words - owners arrive as they were written") {
    const std::vector<SocketOwner> owners{{5, {10, 100}}, {5, {11, 0}}, {18'000'000'000'000'000'000U, {2147483647, 7}}};
    CHECK(owner_lines(owners) == "5 10 100\n5 11 0\n18000000000000000000 2147483647 7\n");
    CHECK(parse_owner_lines(owner_lines(owners)).value() == owners);
    CHECK(parse_owner_lines("").value().empty());
}

TEST_CASE("helper words - one line of another form and nothing is taken over") {
    for (const char* text : {"5 10",
                             "5 10 100",
                             "5 10 100\n5 11",
                             "\n",
                             "5 10 100\n\n",
                             "5  10 100\n",
                             " 5 10 100\n",
                             "5 10 100 \n",
                             "5 10 100 9\n",
                             "5\t10\t100\n",
                             "0 10 100\n",
                             "5 0 100\n",
                             "5 -1 100\n",
                             "5 2147483648 100\n",
                             "5 10 18446744073709551616\n",
                             "x 10 100\n",
                             "5 10 100\r\n",
                             "5 10 100\nnginx (10) holds port 80\n",
                             "{\"version\":1}\n",
                             "5 10\n",
                             "5\n"}) {
        CAPTURE(text);
        const auto answer = parse_owner_lines(text);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().kind == base::ErrorKind::malformed);
        CHECK(answer.error().what.find("nothing of it was taken over") != std::string::npos);
    }
    CHECK_FALSE(parse_owner_lines(std::string("5 10 1\0\n", 8)));
    std::string endless;
    for (int line = 0; line <= 1'000'000; ++line) {
        endless += "5 10 1\n";
    }
    CHECK_FALSE(parse_owner_lines(endless));
}

TEST_CASE("helper words - whose pidfd a descriptor is") {
    CHECK(parse_pidfd_info("pos:\t0\nflags:\t02000002\nmnt_id:\t4\nino:\t2\nPid:\t4711\nNSpid:\t4711\n") == 4711);
    CHECK(parse_pidfd_info("pos:\t0\nPid:\t-1\n") == -1);
    CHECK_FALSE(parse_pidfd_info("pos:\t0\nflags:\t0100000\nmnt_id:\t23\nino:\t3\n"));
    CHECK_FALSE(parse_pidfd_info("NSpid:\t4711\n"));
    CHECK_FALSE(parse_pidfd_info("Pid:\t\n"));
    CHECK_FALSE(parse_pidfd_info("Pid:\t1 2\n"));
    CHECK_FALSE(parse_pidfd_info(""));
}
