// SPDX-License-Identifier: MIT
// core/platform/process_reader: what it reads of this test's own children, and when its fingerprint changes.
#include "core/platform/process_reader.h"

#include "core/base/file.h"
#include "core/base/parse.h"
#include "core/platform/pidfd.h"
#include "tests/platform/fake_proc.h"
#include "tests/platform/puppet.h"

#include <array>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <memory>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace portside;
using namespace portside::platform;

namespace {

struct RootReading {
    explicit RootReading(const std::string& path = "/proc") : root(path), reader(root) {}
    ProcRoot root;
    ProcessReader reader;
};

// The process's own command line lies in its memory (proc_pid_stat(5), field 48).
char* own_command_line() {
    const auto text = base::read_file(AT_FDCWD, "/proc/self/stat");
    const auto rest = base::split_at(std::string_view(*text).substr(text->rfind(')') + 2), ' ');
    return reinterpret_cast<char*>(base::parse_decimal(rest.at(48 - 3)).value());
}

void act(char order) {
    switch (order) {
    case 'n':
        ::prctl(PR_SET_NAME, "another name");
        break;
    case 'd':
        static_cast<void>(::chdir(::access("bin/sh", F_OK) == 0 ? "/dev" : "/")); // to where it is not
        break;
    case 'c':
        *own_command_line() ^= 1; // NOLINT(clang-analyzer-core.NullDereference)
        break;
    case 'e':
        ::execl("/bin/sleep", "sleep", "1000", nullptr);
        break;
    default:
        break;
    }
}

constexpr std::size_t kArgument = 10'000;

// It waits for what never comes, with a command line of 200 kB.
void become_long(char /*order*/) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0 || ::dup2(ends[0], 0) != 0) {
        ::_exit(1);
    }
    std::vector<std::string> words{"sh", "-c", "read line"};
    words.resize(3 + 20, std::string(kArgument, 'a'));
    words.back().back() = 'z';
    std::vector<char*> pointers;
    for (std::string& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    ::execv("/bin/sh", pointers.data());
    ::_exit(1);
}

} // namespace

TEST_CASE("process reader - the fingerprint changes with what can be seen and with nothing else") {
    test::Puppet child(act);
    const auto reading = std::make_unique<RootReading>();
    ProcessReader& reader = reading->reader;
    std::uint64_t last = reader.fingerprint(child.pid());
    CHECK(last != 0);
    for (const char order : {'n', 'd', 'c', 'e'}) {
        CAPTURE(order);
        CHECK(reader.fingerprint(child.pid()) == last);
        child.order('-'); // it ran, and is the same
        REQUIRE(reader.fingerprint(child.pid()) == last);
        const auto before = reader.read(child.pid());
        REQUIRE(before);
        CHECK(reader.fingerprint_of_last() == last);
        child.order(order);
        const std::uint64_t next = reader.fingerprint(child.pid());
        CHECK(next != last);
        const auto after = reader.read(child.pid());
        REQUIRE(after);
        CHECK(reader.fingerprint_of_last() == next);
        CHECK((before->stat.comm != after->stat.comm) == (order == 'n' || order == 'e'));
        CHECK((before->cwd != after->cwd) == (order == 'd'));
        CHECK((before->command_line != after->command_line) == (order == 'c' || order == 'e'));
        CHECK((before->executable != after->executable) == (order == 'e'));
        CHECK(before->stat.id == after->stat.id);
        last = next;
    }
    static_cast<void>(reader.fingerprint(::getpid())); // of somebody else in between
    CHECK(reader.fingerprint(child.pid()) == last);
    CHECK(reader.fingerprint(::getpid()) != last);
}

TEST_CASE("process reader - it reads what read_process reads") {
    const test::Puppet child(act);
    const auto reading = std::make_unique<RootReading>();
    const auto facts = reading->reader.read(child.pid());
    REQUIRE(facts);
    CHECK(facts->stat.id.pid == child.pid());
    CHECK(facts->stat.parent == ::getpid());
    CHECK(facts->uid == ::geteuid());
    std::array<char, 4096> text{};
    const auto length = ::readlink("/proc/self/exe", text.data(), text.size());
    CHECK(facts->executable == std::string(text.data(), static_cast<std::size_t>(length)));
    CHECK(facts->cwd == std::string(::getcwd(text.data(), text.size())));
    const auto pidfd = open_pidfd(child.pid());
    REQUIRE(pidfd);
    CHECK(facts->pidfd_id == pidfd_id(*pidfd));
    auto other = read_process(child.pid());
    REQUIRE(other);
    other->stat.state = facts->stat.state; // the scheduler's own: the child may have been running
    other->stat.flags = facts->stat.flags;
    CHECK(*other == *facts);
}

TEST_CASE("process reader - of a process that ended nothing is found") {
    test::Puppet child(act);
    const auto reading = std::make_unique<RootReading>();
    const pid_t pid = child.pid();
    CHECK(reading->reader.read(pid).has_value());
    child.kill_without_reaping();
    const auto zombie = reading->reader.read(pid);
    REQUIRE(zombie);
    CHECK(zombie->stat.state == 'Z');
    CHECK(zombie->command_line.value_or(std::vector<std::string>{}).empty());
    child.end();
    const auto gone = reading->reader.read(pid);
    REQUIRE_FALSE(gone);
    CHECK(gone.error().kind == base::ErrorKind::not_found);
    CHECK(reading->reader.fingerprint(pid) == 0);
    RootReading nowhere("/nowhere");
    CHECK_FALSE(nowhere.reader.read(::getpid()));
    CHECK(nowhere.reader.fingerprint(::getpid()) == 0);
}

TEST_CASE("process reader - of a folder that was listed only that very process is read") {
    const test::Puppet child(act);
    const auto reading = std::make_unique<RootReading>();
    struct stat status {};
    REQUIRE(::fstatat(reading->root.fd.get(), std::to_string(child.pid()).c_str(), &status, 0) == 0);
    const auto right = reading->reader.read_listed(child.pid(), status.st_ino);
    CHECK(right.facts.stat.id.pid == child.pid());
    CHECK(right.fingerprint == reading->reader.fingerprint(child.pid()));
    const auto wrong = reading->reader.read_listed(child.pid(), status.st_ino + 1);
    CHECK(wrong.fingerprint == 0);
    CHECK(wrong.facts == ProcessFacts{});
    const auto why = reading->reader.read(child.pid(), status.st_ino + 1);
    REQUIRE_FALSE(why);
    CHECK(why.error().kind == base::ErrorKind::not_found);
}

TEST_CASE("process reader - a brief one leaves out pidfd ids and working directories and nothing else") {
    const test::Puppet child(act);
    const auto reading = std::make_unique<RootReading>();
    const auto brief = std::make_unique<ProcessReader>(reading->root, true);
    auto all = reading->reader.read(child.pid());
    const auto less = brief->read(child.pid());
    const auto fingerprint = brief->fingerprint_of_last();
    REQUIRE(all);
    REQUIRE(less);
    REQUIRE(all->cwd);
    CHECK_FALSE(less->cwd);
    CHECK(less->pidfd_id == 0);
    CHECK(brief->fingerprint(child.pid()) == fingerprint);
    all->pidfd_id = 0;
    all->cwd.reset();
    all->stat.state = less->stat.state;
    all->stat.flags = less->stat.flags;
    CHECK(*less == *all);
}

TEST_CASE("process reader - a command line of 200 kB is read to its end and no longer than the next one") {
    test::Puppet child(become_long);
    child.order('e');
    const auto reading = std::make_unique<RootReading>();
    const auto facts = reading->reader.read(child.pid());
    REQUIRE(facts);
    REQUIRE(facts->command_line);
    REQUIRE(facts->command_line->size() == 23);
    CHECK(facts->command_line->at(2) == "read line");
    for (std::size_t i = 3; i < 23; ++i) {
        CHECK(facts->command_line->at(i).size() == kArgument);
    }
    CHECK(facts->command_line->back().back() == 'z');
    const test::Puppet plain(act);
    const auto short_one = reading->reader.read(plain.pid());
    REQUIRE(short_one);
    const auto fresh = std::make_unique<RootReading>();
    CHECK(short_one->command_line == fresh->reader.read(plain.pid())->command_line);
}

TEST_CASE("process reader - in a made-up tree the user is the one that status tells") {
    const test::TemporaryFolder proc;
    test::add_process(proc, 7, 70, {});
    proc.write("7/status", "Name:\tx\nUid:\t1\t4711\t3\t4\n");
    proc.write("7/cmdline", std::string("a\0b\0", 4));
    proc.link("7/exe", "/usr/bin/a (deleted)");
    const auto reading = std::make_unique<RootReading>(proc.path());
    const auto facts = reading->reader.read(7);
    REQUIRE(facts);
    CHECK(facts->uid == 4711);
    CHECK(facts->pidfd_id == 0); // process 7 of the machine is another one
    CHECK(facts->executable == "/usr/bin/a");
    CHECK_FALSE(facts->cwd);
    CHECK(facts->command_line == std::vector<std::string>{"a", "b"});
    const std::uint64_t before = reading->reader.fingerprint(7);
    proc.link("7/root", "/");
    CHECK(reading->reader.fingerprint(7) == before);
    proc.write("7/status", "Uid:\t1\t4712\t3\t4\n");
    CHECK(reading->reader.fingerprint(7) != before);
}

TEST_SUITE("root") {
    TEST_CASE("process reader - one that is not dumpable belongs to the user as whom it runs") {
        test::Puppet child([](char) {
            const bool other = ::setresgid(65534, 65534, 65534) == 0 && ::setresuid(65534, 65534, 65534) == 0;
            if (!other || ::prctl(PR_SET_DUMPABLE, 0) != 0) {
                ::_exit(1);
            }
        });
        const auto reading = std::make_unique<RootReading>();
        CHECK(reading->reader.read(child.pid())->uid == 0);
        const std::uint64_t before = reading->reader.fingerprint(child.pid());
        child.order('u');
        struct stat file {};
        REQUIRE(::stat(("/proc/" + std::to_string(child.pid()) + "/status").c_str(), &file) == 0);
        REQUIRE(file.st_uid == 0); // what looks like the answer and is not
        CHECK(reading->reader.read(child.pid())->uid == 65534);
        CHECK(reading->reader.fingerprint(child.pid()) != before);
    }
}
