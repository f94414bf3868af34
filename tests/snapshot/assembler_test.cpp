// SPDX-License-Identifier: MIT
// What is taken over from one snapshot to the next is what would be made anew, and nothing is made twice.
#include "facts.h"

#include <doctest/doctest.h>
#include <random>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;

namespace {

// A machine on which anything may change between two scans; versions are counted as ProcessCache does.
class Machine {
  public:
    ScanFacts facts;

    explicit Machine(unsigned seed) : random_(seed) {
        facts.users[1000] = "me";
        for (pid_t pid = 1; pid <= 12; ++pid) {
            begin(pid);
        }
        for (int i = 0; i < 10; ++i) {
            open();
        }
    }
    void step() {
        switch (below(9)) {
        case 0:
            begin(static_cast<pid_t>(1 + below(12))); // also one whose number another had
            break;
        case 1:
            facts.processes.erase(static_cast<pid_t>(1 + below(12)));
            break;
        case 2:
            change(&platform::ProcessFacts::cgroup, "/system.slice/unit" + std::to_string(below(3)) + ".service");
            break;
        case 3:
            change(&platform::ProcessFacts::project, "/home/me/p" + std::to_string(below(3)));
            break;
        case 4: // it executes another program
            change(&platform::ProcessFacts::executable, "/usr/bin/program" + std::to_string(below(3)));
            break;
        case 5:
            facts.users[1000] = "name" + std::to_string(below(2));
            break;
        case 6:
            if (!facts.listing.sockets.empty()) {
                facts.listing.sockets.erase(facts.listing.sockets.begin() +
                                            static_cast<std::ptrdiff_t>(below(facts.listing.sockets.size())));
            }
            break;
        default:
            open();
        }
    }

  private:
    std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }

    void begin(pid_t pid) {
        auto& process = add_process(facts, pid, pid / 2, "program" + std::to_string(below(3)));
        process.stat.id.start_time += ++version_;
        process.version = version_;
    }
    template <typename Member>
    void change(Member member, const std::string& value) {
        const auto found = facts.processes.find(static_cast<pid_t>(1 + below(12)));
        if (found != facts.processes.end()) {
            found->second.*member = value;
            found->second.version = ++version_;
        }
    }
    void open() {
        const auto pid = static_cast<pid_t>(1 + below(12));
        std::vector<pid_t> owners;
        if (facts.processes.contains(pid)) {
            owners.push_back(pid);
        }
        add_socket(facts,
                   {.local = "127.0.0." + std::to_string(1 + below(3)),
                    .port = static_cast<std::uint16_t>(3000 + below(4)),
                    .inode = ++inode_},
                   owners);
    }

    std::mt19937 random_;
    std::uint64_t version_ = 0;
    std::uint64_t inode_ = 0;
};

bool same(const Snapshot& a, const Snapshot& b) {
    return a.rows == b.rows && a.processes == b.processes && a.texts == b.texts && a.users == b.users &&
           a.notes == b.notes;
}

// One process and its socket.
ScanFacts one_server(std::uint64_t version) {
    ScanFacts facts;
    add_process(facts, 10, 1, "server").version = version;
    add_socket(facts, {.port = 80, .inode = 1}, {10});
    return facts;
}

} // namespace

TEST_CASE("assembler - one snapshot after another is what each would be by itself") {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        Machine machine(seed);
        Assembler assembler;
        for (int i = 0; i < 200; ++i) {
            REQUIRE(same(assembler.assemble(machine.facts), assemble(machine.facts)));
            machine.step();
        }
    }
}

TEST_CASE("assembler - a process that did not change is in memory once") {
    Assembler assembler;
    auto facts = one_server(1);
    const Snapshot first = assembler.assemble(facts);
    add_socket(facts, {.port = 81, .inode = 2}, {10});
    const Snapshot second = assembler.assemble(facts);
    REQUIRE(second.processes.size() == 1);
    CHECK(&second.processes[0] == &first.processes[0]);
    facts.processes.at(10).version = 2;
    const Snapshot third = assembler.assemble(facts);
    CHECK(&third.processes[0] != &first.processes[0]);
    CHECK(third.processes == first.processes); // as values
    facts.users[1000] = "you";
    CHECK(assembler.assemble(facts).processes[0].user == "you");
}

TEST_CASE("assembler - of facts without a version nothing is taken over") {
    Assembler assembler;
    auto facts = one_server(0);
    facts.processes.at(10).cgroup = "/system.slice/one.service";
    CHECK(assembler.assemble(facts).rows[0].unit->name == "one.service");
    facts.processes.at(10).cgroup = "/system.slice/two.service";
    const Snapshot second = assembler.assemble(facts);
    CHECK(second.rows[0].unit->name == "two.service");
    CHECK(second.processes[0].unit->name == "two.service");
}

TEST_CASE("assembler - what keeps a process is forgotten with it") {
    KnownKeepers keepers;
    ScanFacts facts;
    const auto& process = add_process(facts, 10, 1, "server");
    auto of_unit = process;
    of_unit.version = 5;
    of_unit.cgroup = "/system.slice/one.service";
    keepers.begin();
    CHECK(keepers.of(of_unit).unit->name == "one.service");
    keepers.begin();
    of_unit.cgroup = "/system.slice/two.service"; // which cannot be without another version: the first is still known
    CHECK(keepers.of(of_unit).unit->name == "one.service");
    keepers.begin();
    keepers.begin(); // a snapshot without it
    CHECK(keepers.of(of_unit).unit->name == "two.service");
}
