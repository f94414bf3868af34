// SPDX-License-Identifier: MIT
// core/snapshot/json: the schema, valid text whatever was read, and the way back.
#include "core/snapshot/json.h"

#include "core/base/text.h"
#include "facts.h"

#include <chrono>
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <set>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;
using nlohmann::json;
using Keys = std::set<std::string>;

namespace {

Arrangement everything(const Snapshot& snapshot) {
    return arrange(snapshot, Query{}, {});
}

json parsed(const Snapshot& snapshot) {
    return json::parse(to_json(snapshot, everything(snapshot)));
}

Keys keys_of(const json& object) {
    Keys keys;
    for (const auto& [key, value] : object.items()) {
        keys.insert(key);
    }
    return keys;
}

ScanFacts facts_to_write() {
    ScanFacts facts;
    add_process(facts, 1, 0, "init");
    add_process(facts, 10, 1, "server").command_line = std::vector<std::string>{"server", "--fast"};
    add_socket(facts, {.local = "::", .inode = 7, .v6only = false, .cgroup_id = 99}, {10});
    add_socket(facts,
               {.local = "fe80::1",
                .port = 53,
                .inode = 8,
                .uid = 4242,
                .protocol = platform::Protocol::udp,
                .interface = "eth0"},
               {});
    facts.listing.tables = {{{platform::Source::sock_diag, ""},
                             {platform::Source::proc, "why"},
                             {platform::Source::none, ""},
                             {platform::Source::sock_diag, ""}}};
    facts.walk.denied = 1;
    return facts;
}

const WallTime kTime = WallTime(std::chrono::seconds(1'700'000'000) + std::chrono::milliseconds(42));

} // namespace

TEST_CASE("every key of the schema is there") {
    Snapshot snapshot = assemble(facts_to_write());
    snapshot.taken_at = kTime;
    snapshot.scan_cost = std::chrono::microseconds(1234);
    const json object = parsed(snapshot);
    CHECK(keys_of(object) == Keys{"version", "taken_at", "sources", "scan_microseconds", "rows", "notes"});
    CHECK(object["version"] == 1);
    CHECK(object["taken_at"] == "2023-11-14T22:13:20.042Z");
    CHECK(object["scan_microseconds"] == 1234);
    CHECK(object["sources"] == json::parse(R"({"tcp4":"sock_diag","tcp6":"proc","udp4":null,"udp6":"sock_diag"})"));
    REQUIRE(object["notes"].size() == 2);
    CHECK(keys_of(object["notes"][0]) == Keys{"code", "text"});
    CHECK(object["notes"][0]["code"] == "owners_not_permitted");
    REQUIRE(object["rows"].size() == 2);
    CHECK(keys_of(object["rows"][0]) == Keys{"protocol", "port", "state", "exposure", "sockets", "owners",
                                             "owner_unknown", "candidates", "since", "unit", "container", "label",
                                             "favourite"});
}

TEST_CASE("a row with an owner in JSON") {
    ScanFacts facts = facts_to_write();
    facts.processes[10].pidfd_id = 18'000'000'000'000'000'000U; // numbers of 64 bits go through whole
    const json row = parsed(assemble(facts))["rows"][1];
    CHECK(row["protocol"] == "tcp");
    CHECK(row["port"] == 3000);
    CHECK(row["state"] == "LISTEN");
    CHECK(row["exposure"] == "all");
    CHECK(row["owner_unknown"].is_null());
    CHECK(row["sockets"][0] == json::parse(R"({"family":"ipv6","local_address":"::","interface":null,"state":"LISTEN",
        "inode":7,"uid":1000,"user":"me","v6only":false,"cgroup_id":99})"));
    CHECK(row["owners"][0] == json::parse(R"({"pid":10,"start_time":110,"pidfd_id":18000000000000000000,"name":"server",
        "executable":"/usr/bin/server","command_line":["server","--fast"],"cwd":"/home/me","project":null,"started_at":null,"uid":1000,"user":"me","parent_pid":1,"knowledge":"holds",
        "unit":null})"));
}

TEST_CASE("what is not known is null and not left out") {
    ScanFacts facts = facts_to_write();
    auto& process = facts.processes[10];
    process.uid.reset();
    process.executable.reset();
    process.command_line.reset();
    process.cwd.reset();
    const json object = parsed(assemble(facts));
    CHECK(object["rows"][0]["owner_unknown"] == "not_permitted");
    CHECK(object["rows"][0]["owners"] == json::array());
    CHECK(object["rows"][0]["sockets"][0] ==
          json::parse(R"({"family":"ipv6","local_address":"fe80::1","interface":"eth0","state":"UNCONN",
        "inode":8,"uid":4242,"user":"4242","v6only":null,"cgroup_id":null})"));
    const json owner = object["rows"][1]["owners"][0];
    CHECK(keys_of(owner) == Keys{"pid", "start_time", "pidfd_id", "name", "executable", "command_line", "cwd", "uid",
                                 "user", "parent_pid", "knowledge", "unit", "project", "started_at"});
    for (const char* unknown :
         {"pidfd_id", "executable", "command_line", "cwd", "project", "started_at", "uid", "user"}) {
        CHECK(owner[unknown].is_null());
    }
}

TEST_CASE("rows are the arranged ones in the order of the snapshot") {
    const Snapshot snapshot = assemble(facts_to_write());
    Arrangement arrangement = arrange(snapshot, Query{}, {SortColumn::port, true});
    json object = json::parse(to_json(snapshot, arrangement));
    CHECK(object["rows"][0]["port"] == 53);
    CHECK(object["rows"][1]["port"] == 3000);
    arrangement.rows = {1};
    object = json::parse(to_json(snapshot, arrangement));
    REQUIRE(object["rows"].size() == 1);
    CHECK(object["rows"][0]["port"] == 3000);
    CHECK(to_json(snapshot, arrangement).find('\n') == std::string::npos);
}

TEST_CASE("an empty listing has empty arrays") {
    const json object = parsed(Snapshot{});
    CHECK(object["rows"] == json::array());
    CHECK(object["notes"] == json::array());
    CHECK(object["taken_at"] == "1970-01-01T00:00:00.000Z");
}

TEST_CASE("hostile bytes always give valid text that parses") {
    std::string bytes;
    for (int i = 1; i < 256; ++i) {
        bytes += static_cast<char>(i);
    }
    ScanFacts facts = facts_to_write();
    auto& process = facts.processes[10];
    process.stat.comm = bytes;
    process.executable = "/" + bytes;
    process.command_line = std::vector<std::string>{bytes, "\xed\xa0\x80", "\"\\\u2028"};
    process.cwd = bytes;
    facts.users[1000] = bytes;
    facts.listing.sockets[0].interface = bytes;
    Snapshot snapshot = assemble(facts);
    snapshot.notes.push_back(Note{"x", bytes}); // even text that was not made safe
    Process unsafe = snapshot.processes.back();
    unsafe.name = "\xff";
    snapshot.processes = {unsafe};
    const std::string text = to_json(snapshot, everything(snapshot));
    CHECK(json::accept(text));
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t before = at;
        CHECK_FALSE((base::next_code_point(text, at) == 0xFFFD && at - before != 3));
    }
}

TEST_CASE("owners come back from the JSON that a privileged read printed") {
    Snapshot snapshot = assemble(facts_to_write());
    const auto owners = privileged_owners_from_json(to_json(snapshot, everything(snapshot)), kTime);
    REQUIRE(owners.has_value());
    REQUIRE(owners->size() == 1);
    CHECK((*owners)[0] == told({.local = "::", .inode = 7}, ProcessId{10, 110}, kTime));
}

TEST_CASE("taken over they name the owner of the same socket") {
    ScanFacts mine = facts_to_write();
    const Snapshot theirs = assemble(mine);
    mine.walk.owners.clear(); // an ordinary user sees none
    mine.privileged = privileged_owners_from_json(to_json(theirs, everything(theirs)), kTime).value();
    const Snapshot merged = assemble(mine);
    REQUIRE(merged.rows[1].owners.size() == 1);
    CHECK(merged.rows[1].owners[0] == Owner{ProcessId{10, 110}, Knowledge::administrator, kTime});
    CHECK(merged.rows[1].key == theirs.rows[1].key);
    const json object = parsed(merged);
    CHECK(object["rows"][1]["owners"][0]["knowledge"] == "administrator");
    // Hearsay is not passed on.
    CHECK(privileged_owners_from_json(to_json(merged, everything(merged)), kTime)->empty());
}

namespace {
// A valid answer with one change.
template <typename Change>
base::Result<std::vector<PrivilegedOwner>> changed(Change change) {
    json object = parsed(assemble(facts_to_write()));
    change(object);
    return privileged_owners_from_json(object.dump(), kTime);
}
} // namespace

TEST_CASE("unknown keys are ignored") {
    const auto owners = changed([](json& object) {
        object["future"] = {{"a", json::array({1, json::object()})}};
        object["rows"][1]["future"] = 1;
        object["rows"][1]["sockets"][0]["future"] = "x";
        object["rows"][1]["owners"][0]["future"] = nullptr;
    });
    REQUIRE(owners.has_value());
    CHECK(owners->size() == 1);
}

TEST_CASE("an answer that has not the documented form is refused") {
    const auto refused = [](auto change) {
        const auto owners = changed(change);
        return !owners && owners.error().kind == base::ErrorKind::malformed && owners.error().what.ends_with(".");
    };
    CHECK(refused([](json& o) { o["version"] = 2; }));
    CHECK(refused([](json& o) { o["version"] = "1"; }));
    CHECK(refused([](json& o) { o.erase("version"); }));
    CHECK(refused([](json& o) { o.erase("rows"); }));
    CHECK(refused([](json& o) { o["rows"] = json::object(); }));
    CHECK(refused([](json& o) { o["rows"][0] = 5; }));
    CHECK(refused([](json& o) { o["rows"][1]["port"] = 65536; }));
    CHECK(refused([](json& o) { o["rows"][1]["port"] = -1; }));
    CHECK(refused([](json& o) { o["rows"][1].erase("sockets"); }));
    CHECK(refused([](json& o) { o["rows"][1]["owners"] = nullptr; }));
    CHECK(refused([](json& o) { o["rows"][1]["owners"][0] = "x"; }));
    CHECK(refused([](json& o) { o["rows"][1]["owners"][0]["pid"] = 0; }));
    CHECK(refused([](json& o) { o["rows"][1]["owners"][0]["pid"] = -7; }));
    CHECK(refused([](json& o) { o["rows"][1]["owners"][0]["pid"] = 4294967306; }));
    CHECK(refused([](json& o) { o["rows"][1]["owners"][0]["pid"] = 1.5; }));
    CHECK(refused([](json& o) { o["rows"][1]["owners"][0].erase("start_time"); }));
    CHECK(refused([](json& o) { o["rows"][1]["owners"][0]["knowledge"] = 1; }));
    CHECK(refused([](json& o) { o["rows"][1]["sockets"][0]["inode"] = "7"; }));
    CHECK(refused([](json& o) { o["rows"][1]["sockets"][0]["uid"] = 4294967296; }));
    CHECK(refused([](json& o) { o["rows"][1]["sockets"][0]["family"] = "ipx"; }));
    CHECK(refused([](json& o) { o["rows"][1]["sockets"][0]["local_address"] = "localhost"; }));
    CHECK(refused([](json& o) { o["rows"][1]["sockets"][0]["local_address"] = std::string("::\0x", 4); }));
    CHECK(refused([](json& o) { o["rows"][1]["sockets"][0]["family"] = "ipv4"; }));
    CHECK_FALSE(refused([](json&) {}));
}

TEST_CASE("text that is no such answer is refused") {
    for (const char* text :
         {"", "null", "[]", "{", "{}", "1", "pkexec: error", "{\"version\":1}", "\xff", "{\"version\":1e999}"}) {
        CAPTURE(std::string(text));
        const auto owners = privileged_owners_from_json(text, kTime);
        REQUIRE_FALSE(owners.has_value());
        CHECK(owners.error().kind == base::ErrorKind::malformed);
    }
    const std::string whole = to_json(assemble(facts_to_write()), everything(assemble(facts_to_write())));
    for (std::size_t length = 0; length < whole.size(); length += 7) {
        CHECK_FALSE(privileged_owners_from_json(whole.substr(0, length), kTime).has_value());
    }
}

TEST_CASE("deep nesting and great length are refused without taking memory or time") {
    CHECK_FALSE(privileged_owners_from_json(std::string(2U << 20, '['), kTime).has_value());
    const std::string deep = R"({"version":1,"rows":)" + std::string(1U << 20, '[') + std::string(1U << 20, ']') + "}";
    CHECK_FALSE(privileged_owners_from_json(deep, kTime).has_value());
    CHECK_FALSE(privileged_owners_from_json(std::string((64U << 20) + 1, ' '), kTime).has_value());
    const auto crowded = changed([](json& o) {
        auto& row = o["rows"][1];
        row["sockets"] = json(400, row["sockets"][0]);
        row["owners"] = json(400, row["owners"][0]);
    });
    CHECK_FALSE(crowded.has_value());
}
