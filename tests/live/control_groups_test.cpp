// SPDX-License-Identifier: MIT
// What an ordinary user is told of other users' sockets by their cgroups: real processes in real cgroups. One thread,
// and forks of it.
#include "core/snapshot/scanner.h"
#include "tests/live/live_sockets.h"
#include "tests/owners/elsewhere.h"
#include "tests/platform/own_cgroup.h"
#include "tests/platform/puppet.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <memory>

using namespace portside;
using namespace portside::snapshot;
using platform::test::must;
using platform::test::OwnCgroups;
using platform::test::Puppet;

namespace {

// Root's process that goes where it is told: a, b: the cgroups; .: above them; l: listens.
class Server {
  public:
    explicit Server(const OwnCgroups& groups) : puppet_([&groups, this](char order) { act(groups, order); }) {}
    void order(char what) { puppet_.order(what); }
    [[nodiscard]] pid_t pid() const { return puppet_.pid(); }

  private:
    void act(const OwnCgroups& groups, char order) {
        switch (order) {
        case 'a':
            groups.enter("a.service");
            break;
        case 'b':
            groups.enter("b.service");
            break;
        case '.':
            groups.enter("");
            break;
        default:
            sockets_.push_back(live::make_socket({}));
            break;
        }
    }
    std::vector<live::LiveSocket> sockets_; // the child's
    Puppet puppet_;
};

SnapshotPtr scanned(Scanner& scanner) {
    auto snapshot = scanner.scan();
    must(snapshot.has_value(), "a scan");
    return *snapshot;
}

// Scans until `holds` is true of the newest snapshot.
template <typename Predicate>
SnapshotPtr scan_until(Scanner& scanner, const std::string& what, Predicate holds) {
    SnapshotPtr newest;
    must(support::wait_until(
             [&] {
                 newest = scanned(scanner);
                 return holds(*newest);
             },
             support::kPatience, std::chrono::milliseconds(1)),
         what);
    return newest;
}

bool is_candidate(const Row& row, pid_t pid) {
    return std::any_of(row.candidates.begin(), row.candidates.end(),
                       [&](const Owner& owner) { return owner.id.pid == pid; });
}

const Row& only_row(const Snapshot& snapshot) {
    must(snapshot.rows.size() == 1, "one row");
    return snapshot.rows[0];
}

// In processes of its own, with the cgroups a.service and b.service and a server that listens in a.service.
std::string with_server(const std::function<void(OwnCgroups&, Server&)>& part) {
    return owners::in_own_processes([&] {
        OwnCgroups groups;
        groups.make("a.service");
        groups.make("b.service");
        Server server(groups);
        server.order('a');
        server.order('l');
        part(groups, server);
    });
}

// Throws on what nobody would see otherwise.
void as_nobody(const std::function<void()>& part) {
    if (const std::string wrong = owners::as_nobody(part); !wrong.empty()) {
        throw std::runtime_error(wrong);
    }
}

} // namespace

TEST_SUITE("root") {
    TEST_CASE("control groups - an ordinary user sees the unit of a socket of root and its process as candidate") {
        CHECK(with_server([](OwnCgroups&, const Server& server) {
                  as_nobody([&] {
                      Scanner scanner({});
                      const SnapshotPtr snapshot = scanned(scanner); // the first one already
                      const Row& row = only_row(*snapshot);
                      must(row.owners.empty() && row.unknown == Unknown::not_permitted, "the owner is not visible");
                      must(row.unit == platform::Unit{"a.service", {}}, "the unit is named");
                      must(row.candidates.size() == 1 && row.candidates[0].id.pid == server.pid(), "one candidate");
                      must(row.candidates[0].knowledge == Knowledge::candidate, "and no more than that");
                      const Process* const process = snapshot->find_process(row.candidates[0].id);
                      must(process != nullptr && !process->name.empty() && process->uid == 0U, "whose facts are there");
                      must(row.user == "root", "the socket's user is named");
                      for (int i = 0; i < 40; ++i) {
                          must(scanned(scanner) == snapshot, "which stays the same while nothing changes");
                      }
                  });
              }) == "");
    }

    TEST_CASE("control groups - root sees the owner and its unit and no candidates") {
        CHECK(with_server([](OwnCgroups&, Server& server) {
                  Scanner scanner({});
                  const SnapshotPtr first = scanned(scanner);
                  const Row& row = only_row(*first);
                  must(row.owners.size() == 1 && row.owners[0].id.pid == server.pid(), "the owner");
                  must(row.candidates.empty(), "no candidates");
                  must(row.unit == platform::Unit{"a.service", {}}, "its unit");
                  server.order('b');
                  scan_until(scanner, "the unit that it was moved to", [](const Snapshot& snapshot) {
                      return only_row(snapshot).unit == platform::Unit{"b.service", {}};
                  });
              }) == "");
    }

    TEST_CASE("control groups - candidates come and go with the members of the cgroup") {
        CHECK(with_server([](OwnCgroups& groups, Server& server) {
                  auto other = std::make_unique<Server>(groups);
                  as_nobody([&] {
                      Scanner scanner({});
                      must(is_candidate(only_row(*scanned(scanner)), server.pid()), "a candidate");
                      other->order('a');
                      scan_until(scanner, "another one", [&](const Snapshot& snapshot) {
                          return is_candidate(only_row(snapshot), server.pid()) &&
                                 is_candidate(only_row(snapshot), other->pid());
                      });
                      server.order('b');
                      const SnapshotPtr moved = scan_until(scanner, "the other alone", [&](const Snapshot& snapshot) {
                          return !is_candidate(only_row(snapshot), server.pid());
                      });
                      must(is_candidate(only_row(*moved), other->pid()), "who is still there");
                      must(only_row(*moved).unit == platform::Unit{"a.service", {}}, "the socket stays where it was");
                      other->order('.');
                      scan_until(scanner, "nobody", [](const Snapshot& snapshot) {
                          return only_row(snapshot).candidates.empty() && only_row(snapshot).unit.has_value();
                      });
                  });
              }) == "");
    }

    TEST_CASE("control groups - a socket outlives its cgroup") {
        CHECK(with_server([](OwnCgroups& groups, Server& server) {
                  server.order('b');
                  must(groups.remove("a.service"), "removing it");
                  as_nobody([] {
                      Scanner scanner({});
                      const SnapshotPtr snapshot = scanned(scanner);
                      must(!only_row(*snapshot).unit && only_row(*snapshot).candidates.empty(), "nothing is named");
                      must(only_row(*snapshot).unknown == Unknown::not_permitted, "the row is there");
                  });
                  groups.make("a.service"); // another one of the same name
                  as_nobody([] {
                      Scanner scanner({});
                      must(!only_row(*scanned(scanner)).unit, "which is not the socket's");
                  });
              }) == "");
    }

    TEST_CASE("control groups - a cgroup that is removed while it is shown") {
        CHECK(owners::in_own_processes([] {
                  OwnCgroups groups;
                  groups.make("a.service");
                  groups.make("b.service");
                  Server server(groups);
                  server.order('a');
                  server.order('l');
                  Puppet remover([&groups](char) { must(groups.remove("a.service"), "removing it"); });
                  as_nobody([&] {
                      Scanner scanner({});
                      must(only_row(*scanned(scanner)).unit.has_value(), "a unit");
                      server.order('b');
                      remover.order('r');
                      scan_until(scanner, "no unit", [](const Snapshot& snapshot) {
                          return !only_row(snapshot).unit && only_row(snapshot).candidates.empty();
                      });
                  });
              }) == "");
    }
}
