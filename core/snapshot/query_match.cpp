// SPDX-License-Identifier: MIT
// The filter language: what a term matches. Pure; any thread. Allocates nothing: it runs for each row at each
// keystroke.
#include "core/base/text.h"
#include "core/snapshot/query.h"

#include <algorithm>
#include <string_view>

namespace portside::snapshot {

struct Query::Matcher {
    const Snapshot& snapshot;
    const Row& row;
    const RowTags* tags = nullptr;

    [[nodiscard]] bool matches(const Term& term) const {
        switch (term.field) {
        case Field::port_prefix:
            return begins_with_port(term);
        case Field::port_range:
            return row.key.port >= term.first_port && row.key.port <= term.last_port;
        case Field::text:
            return in_text(term, TextPile::Part::whole) || has_label(term);
        case Field::name:
            return in_text(term, TextPile::Part::head);
        case Field::pid:
            return has_pid(row.owners, term) || has_pid(row.candidates, term);
        case Field::user:
            return matches_user(term);
        case Field::protocol:
            return row.key.protocol == term.protocol && (!term.family || has_family(*term.family));
        case Field::address:
            return std::any_of(row.addresses.begin(), row.addresses.end(), [&](const std::string& address) {
                return base::contains_ignoring_case(address, term.text);
            });
        case Field::unit:
            return in_keepers(term);
        case Field::project:
            return in_text(term, TextPile::Part::project);
        case Field::label:
            return has_label(term);
        case Field::tag:
            return tags != nullptr && (tags->bits[index()] & term.tag) != 0;
        }
        return false;
    }

    // By its number, which is at hand where the text is not. No port is written with a zero before it.
    [[nodiscard]] bool begins_with_port(const Term& term) const {
        if (term.first_port == 0 || term.text.front() == '0') {
            return row.key.port == 0 && term.text == "0";
        }
        unsigned head = row.key.port;
        while (head > term.first_port) {
            head /= 10;
        }
        return head == term.first_port;
    }

    [[nodiscard]] std::uint32_t index() const { return static_cast<std::uint32_t>(&row - snapshot.rows.data()); }
    [[nodiscard]] bool has_label(const Term& term) const {
        return tags != nullptr && !tags->labels.empty() &&
               base::contains_ignoring_case(tags->label(index()), term.text);
    }
    [[nodiscard]] static bool has_pid(const std::vector<Owner>& owners, const Term& term) {
        return std::any_of(owners.begin(), owners.end(),
                           [&](const Owner& owner) { return static_cast<std::uint64_t>(owner.id.pid) == term.number; });
    }
    [[nodiscard]] bool in_keepers(const Term& term) const {
        return in_keepers_names(term) || (row.container && base::contains_ignoring_case(row.container->id, term.text));
    }
    [[nodiscard]] bool in_keepers_names(const Term& term) const {
        return (row.unit && base::contains_ignoring_case(row.unit->name, term.text)) ||
               (row.container && base::contains_ignoring_case(row.container->name, term.text));
    }
    [[nodiscard]] bool in_text(const Term& term, TextPile::Part part) const {
        const auto& texts = snapshot.texts;
        return row.text < texts.size() ? texts.at(row.text, part).find(term.text) != std::string_view::npos
                                       : in_processes(term) || (term.field != Field::project && in_keepers_names(term));
    }

    // For rows that were not made by assemble(), which writes the texts.
    [[nodiscard]] bool in_processes(const Term& term) const {
        return any_process([&](const Process& process) {
            const bool name = term.field != Field::project && base::contains_ignoring_case(process.name, term.text);
            const bool project = term.field != Field::name && process.project &&
                                 base::contains_ignoring_case(*process.project, term.text);
            return name || project ||
                   (term.field == Field::text && base::contains_ignoring_case(process.command_text, term.text));
        });
    }

    template <typename Predicate>
    [[nodiscard]] bool any_process(Predicate predicate) const {
        return std::any_of(row.owners.begin(), row.owners.end(), [&](const Owner& owner) {
            const Process* const process = snapshot.find_process(owner.id);
            return process != nullptr && predicate(*process);
        });
    }

    [[nodiscard]] bool matches_user(const Term& term) const {
        const auto same = [&](uid_t uid, const std::string& name) {
            return base::contains_ignoring_case(name, term.text) || (term.numeric && term.number == uid);
        };
        if (base::contains_ignoring_case(row.user, term.text)) {
            return true; // as nearly always, where any does
        }
        if (any_process([&](const Process& process) { return process.uid && same(*process.uid, process.user); })) {
            return true;
        }
        return std::any_of(row.sockets.begin(), row.sockets.end(), [&](const platform::SocketEntry& socket) {
            const auto user = snapshot.users.find(socket.uid);
            return user != snapshot.users.end() && same(user->first, user->second);
        });
    }

    [[nodiscard]] bool has_family(platform::Family family) const {
        return std::any_of(row.sockets.begin(), row.sockets.end(),
                           [&](const platform::SocketEntry& socket) { return socket.family == family; });
    }
};

bool Query::finds(const Term& term, const Snapshot& snapshot, const Row& row, const RowTags* tags) {
    return Matcher{snapshot, row, tags}.matches(term);
}

bool Query::matches(const Snapshot& snapshot, const Row& row, const RowTags* tags) const {
    return std::all_of(terms_.begin(), terms_.end(),
                       [&](const Term& term) { return finds(term, snapshot, row, tags) != term.negated; });
}

} // namespace portside::snapshot
