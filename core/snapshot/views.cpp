// SPDX-License-Identifier: MIT
// Which rows are whose and what. Pure; any thread.
#include "core/snapshot/views.h"

#include "core/base/text.h"
#include "core/snapshot/known_ports.h"
#include "core/snapshot/program_kinds.h"

#include <algorithm>
#include <span>

namespace portside::snapshot {

namespace {

struct ViewWords {
    const char* word;
    const char* title;
};
constexpr std::array<ViewWords, kViewCount> kWords{
    {{"all", "All"}, {"mine", "Mine"}, {"dev", "Dev servers"}, {"db", "Databases"}, {"exposed", "Exposed"}}};

// What is known of a process, for each row that it holds.
enum : std::uint8_t { kKnown = 1, kMine = 2, kDev = 4, kDatabase = 8, kSystem = 16 };

// nobody, and the users that systemd makes up for a service (systemd.exec(5), DynamicUser=).
bool is_system_uid(uid_t uid, const Beholder& beholder) {
    constexpr uid_t kNobody = 65534;
    constexpr uid_t kFirstDynamic = 61184;
    constexpr uid_t kLastDynamic = 65519;
    return uid < beholder.first_person || uid == kNobody || (uid >= kFirstDynamic && uid <= kLastDynamic);
}

bool is_service(const platform::Unit& unit) {
    return unit.name.ends_with(".service") || unit.name.ends_with(".socket");
}

// Started by somebody who is logged in, and be it by sudo.
bool is_of_a_session(const platform::Unit& unit) {
    return unit.manager || (unit.name.starts_with("session-") && unit.name.ends_with(".scope"));
}

// The desktop's own: a service of the user's manager, other than the wrapping that some desktops give to every program
// that is started from a menu (app-….service; but not what they start by themselves).
bool is_desktop_service(const platform::Unit& unit) {
    const bool from_menu = unit.name.starts_with("app-") && !unit.name.ends_with("@autostart.service");
    return unit.manager && is_service(unit) && !from_menu;
}

class Classifier {
  public:
    Classifier(const Snapshot& snapshot, const Beholder& beholder)
        : snapshot_(snapshot), beholder_(beholder), known_(snapshot.processes.size(), 0) {}

    [[nodiscard]] TagBits bits_of(const Row& row) {
        TagBits bits = row.exposure == Exposure::loopback ? TagBits{0} : kTagExposed;
        const bool mine = any(row.owners, kMine) || (row.owners.empty() && is_own_socket(row));
        const bool database = is_database_row(row);
        bits |= mine ? kTagMine : TagBits{0};
        bits |= database ? kTagDatabase : TagBits{0};
        bits |= is_dev_server(row) ? kTagDevServer : TagBits{0};
        const bool system = !mine && !database && !row.container && is_system_row(row);
        return bits | (system ? kTagSystem : TagBits{0});
    }

  private:
    [[nodiscard]] std::uint8_t facts_of(const Owner& owner) {
        const auto place = snapshot_.processes.find(owner.id);
        if (!place) {
            return 0;
        }
        auto& facts = known_[*place];
        if (facts == 0) {
            facts = kKnown | facts_of(snapshot_.processes[*place]);
        }
        return facts;
    }

    [[nodiscard]] std::uint8_t facts_of(const Process& process) const {
        const bool mine = process.uid == beholder_.uid;
        const bool database = is_database(process);
        const auto& unit = process.unit;
        const bool worked_on = process.project || (is_dev_tool(process) && !(unit && is_desktop_service(*unit)));
        const bool of_system = unit && !unit->manager && is_service(*unit);
        const bool dev = mine && worked_on && !database && !of_system;
        const bool by_hand = unit && is_of_a_session(*unit);
        const bool system = of_system || (process.uid && is_system_uid(*process.uid, beholder_) && !by_hand);
        return static_cast<std::uint8_t>((mine ? kMine : 0) | (database ? kDatabase : 0) | (dev ? kDev : 0) |
                                         (system ? kSystem : 0));
    }

    [[nodiscard]] bool any(const std::vector<Owner>& owners, std::uint8_t fact) {
        return std::ranges::any_of(owners, [&](const Owner& one) { return (facts_of(one) & fact) != 0; });
    }
    [[nodiscard]] bool all(const std::vector<Owner>& owners, std::uint8_t fact) {
        return !owners.empty() &&
               std::ranges::all_of(owners, [&](const Owner& one) { return (facts_of(one) & fact) != 0; });
    }

    [[nodiscard]] bool is_own_socket(const Row& row) const {
        return std::ranges::any_of(row.sockets, [&](const auto& socket) { return socket.uid == beholder_.uid; });
    }

    // A candidate may be another process of the same cgroup: they speak for the row only where all say the same.
    [[nodiscard]] bool is_dev_server(const Row& row) {
        return row.key.protocol == platform::Protocol::tcp && !row.container &&
               (row.owners.empty() ? all(row.candidates, kDev) : any(row.owners, kDev));
    }

    [[nodiscard]] bool is_database_row(const Row& row) {
        if (row.container && is_database_name(row.container->name)) {
            return true;
        }
        if (!row.owners.empty()) {
            return any(row.owners, kDatabase);
        }
        if (!row.candidates.empty()) {
            return all(row.candidates, kDatabase);
        }
        if (row.unit) {
            return is_database_name(std::string_view(row.unit->name).substr(0, row.unit->name.find_first_of("@.")));
        }
        return !row.container && row.key.protocol == platform::Protocol::tcp && is_database_port(row.key.port);
    }

    [[nodiscard]] bool is_system_row(const Row& row) {
        if (!row.owners.empty()) {
            return all(row.owners, kSystem);
        }
        const bool uids =
            std::ranges::all_of(row.sockets, [&](const auto& socket) { return is_system_uid(socket.uid, beholder_); });
        if (row.unit) {
            return uids ? !is_of_a_session(*row.unit) : !row.unit->manager && is_service(*row.unit);
        }
        constexpr std::uint16_t kPrivileged = 1024;
        return uids && (row.key.port < kPrivileged || usual_service(row.key.protocol, row.key.port) != nullptr);
    }

    const Snapshot& snapshot_;
    const Beholder& beholder_;
    std::vector<std::uint8_t> known_; // by process; 0: not looked at yet
};

} // namespace

const char* title_of(View view) {
    return kWords.at(static_cast<std::size_t>(view)).title;
}

const char* word_of(View view) {
    return kWords.at(static_cast<std::size_t>(view)).word;
}

std::optional<View> view_of_word(std::string_view word) {
    const auto* const found =
        std::ranges::find(kWords, word, [](const ViewWords& one) -> std::string_view { return one.word; });
    return found == kWords.end() ? std::nullopt : std::optional(static_cast<View>(found - kWords.begin()));
}

bool is_in(View view, TagBits bits) {
    constexpr std::array<TagBits, kViewCount> kNeeded{0, kTagMine, kTagDevServer, kTagDatabase, kTagExposed};
    const TagBits needed = kNeeded.at(static_cast<std::size_t>(view));
    return (bits & needed) == needed;
}

std::string_view RowTags::label(std::uint32_t row) const {
    const auto found = std::ranges::lower_bound(labels, row, {}, &Label::row);
    return found != labels.end() && found->row == row ? std::string_view(found->text) : std::string_view();
}

RowTagsPtr tags_of(const Snapshot& snapshot, const PortBook& book, const Beholder& beholder) {
    auto tags = std::make_shared<RowTags>();
    tags->bits.reserve(snapshot.rows.size());
    Classifier classifier(snapshot, beholder);
    for (std::uint32_t index = 0; index < snapshot.rows.size(); ++index) {
        const Row& row = snapshot.rows[index];
        TagBits bits = classifier.bits_of(row);
        const auto note = book.find({row.key.protocol, row.key.port});
        if (note != book.end() && note->second.favourite) {
            bits = static_cast<TagBits>((bits | kTagFavourite) & ~kTagSystem);
        }
        if (note != book.end() && !note->second.label.empty()) {
            tags->labels.push_back({index, note->second.label, base::to_lower_ascii(note->second.label)});
        }
        tags->bits.push_back(bits);
    }
    return tags;
}

bool is_left_out(const Scope& scope, TagBits bits, std::uint32_t row) {
    return scope.hide_system && (bits & kTagSystem) != 0 &&
           std::ranges::find(scope.shown_anyway, row) == scope.shown_anyway.end();
}

ViewCounts count_views(const RowTags& tags, const Scope& scope) {
    std::array<std::size_t, 256> having{}; // rows by their bits
    for (const TagBits bits : tags.bits) {
        ++having[bits];
    }
    ViewCounts counts{};
    const auto add = [&](TagBits bits, std::size_t rows) {
        for (std::size_t view = 0; view < kViewCount; ++view) {
            counts[view] += is_in(static_cast<View>(view), bits) ? rows : 0;
        }
    };
    for (std::size_t bits = 0; bits < having.size(); ++bits) {
        if (having[bits] != 0 && !(scope.hide_system && (bits & kTagSystem) != 0)) {
            add(static_cast<TagBits>(bits), having[bits]);
        }
    }
    for (const auto row : scope.shown_anyway) {
        if (scope.hide_system && row < tags.bits.size() && (tags.bits[row] & kTagSystem) != 0) {
            add(tags.bits[row], 1);
        }
    }
    return counts;
}

} // namespace portside::snapshot
