// SPDX-License-Identifier: MIT
// What a listing could not show, and why, as sentences for the command line and the window alike. Pure; any thread.
#include "core/snapshot/notes.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <string>

namespace portside::snapshot {

namespace {

constexpr std::array<const char*, platform::kTableCount> kNames{"IPv4 TCP", "IPv6 TCP", "IPv4 UDP", "IPv6 UDP"};

std::optional<Note> note_on_owners(const std::vector<Row>& rows) {
    std::size_t hidden = 0;
    for (const auto& row : rows) {
        hidden += row.unknown == Unknown::not_permitted ? row.sockets.size() : 0;
    }
    if (hidden == 0) {
        return std::nullopt;
    }
    const std::string what =
        hidden == 1 ? "The owner of 1 socket is" : fmt::format("The owners of {} sockets are", hidden);
    return Note{"owners_not_permitted", what + " not visible to you: only an administrator may see which sockets other "
                                               "users' processes hold. Ask with \"Who holds it?…\" in the "
                                               "window, or run \"sudo portside list\"."};
}

bool is_nameless(const Row& row) {
    const auto* const unowned = std::get_if<RowKey::Unowned>(&row.key.holder);
    return unowned != nullptr && unowned->cgroup_id != 0;
}

std::string as_sentence(std::string text) {
    const bool ended = !text.empty() && (text.back() == '.' || text.back() == '!' || text.back() == '?');
    return ended ? text : text + '.';
}

// TableStatus::why is a sentence already; here comes what it means for the list.
std::optional<Note> note_on_table(const platform::TableStatus& status, const char* name) {
    if (status.why.empty() || status.source == platform::Source::sock_diag) {
        return std::nullopt;
    }
    const std::string why = as_sentence(base::sanitise(status.why));
    if (status.source == platform::Source::none) {
        return Note{"source_fallback", fmt::format("{} No {} sockets are listed.", why, name)};
    }
    return Note{"source_fallback",
                why + " It does not say which device a socket is bound to, nor whether [::] also takes IPv4."};
}

} // namespace

std::vector<Note> notes_on(const ScanFacts& facts, const std::vector<Row>& rows) {
    std::vector<Note> notes;
    const auto add = [&](std::optional<Note> note) {
        if (note) {
            notes.push_back(std::move(*note));
        }
    };
    add(note_on_owners(rows));
    if (facts.hierarchy_is_missing && std::any_of(rows.begin(), rows.end(), is_nameless)) {
        add(Note{"cgroups_unknown", "No cgroup2 hierarchy is mounted here (usually at /sys/fs/cgroup), so the units of "
                                    "sockets whose owners are not visible cannot be named."});
    }
    for (std::size_t table = 0; table < platform::kTableCount; ++table) {
        add(note_on_table(facts.listing.tables[table], kNames[table]));
    }
    if (facts.bound_wanted && !facts.listing.bound_known) {
        add(Note{"bound_unknown", "TCP sockets that are bound without listening cannot be listed: only sock_diag of "
                                  "Linux 6.8 and later tells them. A port that has no row here may still be taken."});
    }
    return notes;
}

} // namespace portside::snapshot
