// SPDX-License-Identifier: MIT
// Rows that are alike in one facet. Pure; any thread.
#include "core/snapshot/row_classes.h"

#include "core/base/text.h"

#include <algorithm>
#include <functional>
#include <span>
#include <string_view>

namespace portside::snapshot {

namespace {

bool same_user(const Process& a, const Process& b) {
    return a.uid == b.uid && a.user == b.user;
}

bool same_uids(const Row& a, const Row& b) {
    return std::equal(a.sockets.begin(), a.sockets.end(), b.sockets.begin(), b.sockets.end(),
                      [](const auto& x, const auto& y) { return x.uid == y.uid; });
}

const std::vector<Owner>& owners_or_candidates(const Row& row) {
    return row.owners.empty() ? row.candidates : row.owners;
}

bool same_keepers(const Row& a, const Row& b) {
    return a.unit == b.unit && a.container == b.container;
}

unsigned protocol_and_families(const Row& row) {
    unsigned bits = row.key.protocol == platform::Protocol::tcp ? 1U : 0U;
    for (const auto& socket : row.sockets) {
        bits |= socket.family == platform::Family::ipv4 ? 2U : 4U;
    }
    return bits;
}

platform::Address first_address(const Row& row) {
    return row.sockets.empty() ? platform::Address{} : row.sockets.front().local.address;
}

// Owners whose processes belong to the same users are one group.
Groups group_people(const Snapshot& snapshot, const RowClasses& by_owners) {
    std::vector<const Process*> owners; // of one class after another; one that is unknown is none
    std::vector<std::size_t> begins{0}; // of each class, and the end
    owners.reserve(by_owners.examples.size());
    begins.reserve(by_owners.examples.size() + 1);
    for (const auto example : by_owners.examples) {
        const Row& row = snapshot.rows[example];
        for (const auto& owner : row.owners) {
            const bool topmost = &owner == &row.owners.front();
            const Process* const process = topmost ? topmost_process(snapshot, row) : snapshot.find_process(owner.id);
            const bool first = owners.size() == begins.back();
            if (process != nullptr && (first || !same_user(*owners.back(), *process))) {
                owners.push_back(process);
            }
        }
        begins.push_back(owners.size());
    }
    const auto of = [&](std::uint32_t one) {
        return std::span(owners).subspan(begins[one], begins[one + 1] - begins[one]);
    };
    return group(
        by_owners.examples.size(),
        [&](std::uint32_t one) {
            std::uint64_t hash = 1;
            for (const Process* const process : of(one)) {
                hash = mixed(hash, process->uid.value_or(0));
            }
            return hash;
        },
        [&](std::uint32_t a, std::uint32_t b) {
            return std::ranges::equal(of(a), of(b),
                                      [](const Process* x, const Process* y) { return same_user(*x, *y); });
        });
}

// Of a row that assemble() has not made: what its processes tell, in the same form.
void add_unprepared(TextPile& pile, const Snapshot& snapshot, const Row& row) {
    if (row.text < snapshot.texts.size()) {
        pile.add(snapshot.texts.at(row.text), snapshot.texts.at(row.text, TextPile::Part::head).size(),
                 snapshot.texts.at(row.text, TextPile::Part::project).size());
        return;
    }
    std::string text;
    const auto add = [&](auto part_of) {
        for (const auto& owner : row.owners) {
            if (const Process* const process = snapshot.find_process(owner.id)) {
                text += base::to_lower_ascii(part_of(*process)) + '\n';
            }
        }
    };
    add([](const Process& process) { return process.name; });
    text += row.unit ? base::to_lower_ascii(row.unit->name) + '\n' : "";
    text += row.container ? base::to_lower_ascii(row.container->name) + '\n' : "";
    const std::size_t head = text.size();
    add([](const Process& process) { return process.project.value_or(std::string()); });
    const std::size_t project = text.size() - head;
    add([](const Process& process) { return process.command_text; });
    pile.add(text, head, project);
}

} // namespace

Facet facet_of(Query::Field field) {
    switch (field) {
    case Query::Field::port_prefix:
    case Query::Field::port_range:
        return Facet::port;
    case Query::Field::user:
        return Facet::user;
    case Query::Field::protocol:
        return Facet::protocol;
    case Query::Field::address:
        return Facet::address;
    case Query::Field::unit:
        return Facet::keepers;
    case Query::Field::label:
    case Query::Field::tag:
        return Facet::notes;
    case Query::Field::text:
    case Query::Field::name:
    case Query::Field::pid:
    case Query::Field::project:
        break;
    }
    return Facet::owners;
}

std::optional<TextPile::Part> text_part_of(Query::Field field) {
    switch (field) {
    case Query::Field::text:
        return TextPile::Part::whole;
    case Query::Field::name:
        return TextPile::Part::head;
    case Query::Field::project:
        return TextPile::Part::project;
    default:
        return std::nullopt;
    }
}

RowClasses classes_by_port(const Snapshot& snapshot) {
    RowClasses classes;
    classes.of.reserve(snapshot.rows.size());
    for (const auto& row : snapshot.rows) {
        classes.of.push_back(row.key.port);
    }
    return classes;
}

RowClasses classes_by_owners(const Snapshot& snapshot) {
    const auto& rows = snapshot.rows;
    return group(
        rows.size(),
        [&](std::uint32_t row) {
            std::uint64_t hash = rows[row].owners.empty() ? 2 : 1;
            for (const auto& owner : owners_or_candidates(rows[row])) {
                hash = mixed(mixed(hash, static_cast<std::uint64_t>(owner.id.pid)), owner.id.start_time);
            }
            return hash;
        },
        [&](std::uint32_t a, std::uint32_t b) {
            const auto& of_a = owners_or_candidates(rows[a]);
            const auto& of_b = owners_or_candidates(rows[b]);
            const bool same_owners = rows[a].owners.empty() == rows[b].owners.empty() &&
                                     std::equal(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(),
                                                [](const Owner& x, const Owner& y) { return x.id == y.id; });
            return same_owners && (!rows[a].owners.empty() || same_keepers(rows[a], rows[b]));
        });
}

std::optional<RowClasses> classes_by_text(const Snapshot& snapshot) {
    RowClasses classes;
    classes.of.reserve(snapshot.rows.size());
    classes.examples.reserve(snapshot.texts.size());
    for (const auto& row : snapshot.rows) {
        if (row.text == classes.examples.size()) {
            classes.examples.push_back(static_cast<std::uint32_t>(classes.of.size()));
        } else if (row.text > classes.examples.size()) {
            return std::nullopt;
        }
        classes.of.push_back(row.text);
    }
    return classes.examples.size() == snapshot.texts.size() ? std::optional(std::move(classes)) : std::nullopt;
}

RowClasses classes_by_user(const Snapshot& snapshot, const RowClasses& by_owners) {
    const auto& rows = snapshot.rows;
    const auto people = group_people(snapshot, by_owners);
    const auto people_of = [&](std::uint32_t row) { return people.of[by_owners.of[row]]; };
    return group(
        rows.size(),
        [&](std::uint32_t row) {
            const uid_t uid = rows[row].sockets.empty() ? 0 : rows[row].sockets.front().uid;
            return mixed(mixed(1, people_of(row)), uid);
        },
        [&](std::uint32_t a, std::uint32_t b) {
            return people_of(a) == people_of(b) && rows[a].user == rows[b].user && same_uids(rows[a], rows[b]);
        });
}

RowClasses classes_by_protocol(const Snapshot& snapshot) {
    const auto& rows = snapshot.rows;
    return group(
        rows.size(), [&](std::uint32_t row) { return mixed(1, protocol_and_families(rows[row])); },
        [&](std::uint32_t a, std::uint32_t b) {
            return protocol_and_families(rows[a]) == protocol_and_families(rows[b]);
        });
}

RowClasses classes_by_address(const Snapshot& snapshot) {
    const auto& rows = snapshot.rows;
    return group(
        rows.size(),
        [&](std::uint32_t row) {
            std::uint64_t hash = 1;
            for (const auto& address : rows[row].addresses) {
                hash = mixed(hash, std::hash<std::string_view>{}(address));
            }
            return hash;
        },
        [&](std::uint32_t a, std::uint32_t b) {
            return rows[a].addresses == rows[b].addresses && first_address(rows[a]) == first_address(rows[b]);
        });
}

RowClasses classes_by_keepers(const Snapshot& snapshot) {
    const auto& rows = snapshot.rows;
    return group(
        rows.size(),
        [&](std::uint32_t row) {
            const std::hash<std::string_view> hash;
            const auto unit = rows[row].unit ? hash(rows[row].unit->name) : 1;
            return rows[row].container ? mixed(mixed(unit, 2), hash(rows[row].container->id)) : mixed(unit, 1);
        },
        [&](std::uint32_t a, std::uint32_t b) { return same_keepers(rows[a], rows[b]); });
}

RowClasses classes_by_since(const Snapshot& snapshot) {
    std::vector<std::uint64_t> times;
    times.reserve(snapshot.rows.size());
    for (const auto& row : snapshot.rows) {
        const auto since = since_of(snapshot, row);
        times.push_back(since ? static_cast<std::uint64_t>(since->time_since_epoch().count()) : 0);
    }
    return group(
        times.size(), [&](std::uint32_t row) { return mixed(1, times[row]); },
        [&](std::uint32_t a, std::uint32_t b) { return times[a] == times[b]; });
}

TextPile texts_of(const Snapshot& snapshot, const RowClasses& by_owners) {
    TextPile pile;
    for (const auto example : by_owners.examples) {
        add_unprepared(pile, snapshot, snapshot.rows[example]);
    }
    return pile;
}

ClassPids pids_of(const Snapshot& snapshot, const RowClasses& by_owners) {
    ClassPids found;
    found.ends.reserve(by_owners.examples.size());
    for (const auto example : by_owners.examples) {
        for (const auto& owner : owners_or_candidates(snapshot.rows[example])) {
            found.pids.push_back(owner.id.pid);
        }
        found.ends.push_back(static_cast<std::uint32_t>(found.pids.size()));
    }
    return found;
}

} // namespace portside::snapshot
