// SPDX-License-Identifier: MIT
// Which rows are whose and what: the views of the list, found out once a snapshot. Pure; any thread.
#pragma once

#include "core/snapshot/port_book.h"
#include "core/snapshot/snapshot.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace portside::snapshot {

// mine: an owner is the user's own. dev_servers: an own program that listens and is being worked on. databases: by
// the program's name. exposed: reachable from outside.
enum class View : std::uint8_t { all, mine, dev_servers, databases, exposed };
inline constexpr std::size_t kViewCount = 5;
using ViewCounts = std::array<std::size_t, kViewCount>;

[[nodiscard]] const char* title_of(View view); // "Dev servers"
[[nodiscard]] const char* word_of(View view);  // "dev", for files, the filter and the command line
[[nodiscard]] std::optional<View> view_of_word(std::string_view word);

// What is known of a row beside its own facts; a set of these bits.
using TagBits = std::uint8_t;
inline constexpr TagBits kTagMine = 1;
inline constexpr TagBits kTagDevServer = 2;
inline constexpr TagBits kTagDatabase = 4;
inline constexpr TagBits kTagExposed = 8;
inline constexpr TagBits kTagFavourite = 16;
inline constexpr TagBits kTagSystem = 32; // the machine's own plumbing: what "hide system ports" hides

// Whether a row with these bits is in the view.
[[nodiscard]] bool is_in(View view, TagBits bits);

// Who looks: their uid, and the lowest one of a person (UID_MIN of login.defs(5)); below are the system's accounts.
struct Beholder {
    uid_t uid = 0;
    uid_t first_person = 1000;
};

// Our effective user; reads /etc/login.defs.
[[nodiscard]] Beholder this_beholder();

struct RowTags {
    struct Label {
        std::uint32_t row = 0;
        std::string text;
        std::string lower; // for search
    };
    std::vector<TagBits> bits; // by row
    std::vector<Label> labels; // by row; most have none

    // Empty where it has none.
    [[nodiscard]] std::string_view label(std::uint32_t row) const;
};
using RowTagsPtr = std::shared_ptr<const RowTags>;

[[nodiscard]] RowTagsPtr tags_of(const Snapshot& snapshot, const PortBook& book, const Beholder& beholder);

// Which rows are to be seen at all, whatever is typed.
struct Scope {
    View view = View::all;
    bool hide_system = false;
    std::vector<std::uint32_t> shown_anyway; // rows that are never hidden as the system's, such as one being killed
};

// Whether the row, with these bits, is left out as the system's.
[[nodiscard]] bool is_left_out(const Scope& scope, TagBits bits, std::uint32_t row);

// How many rows each view would show without a filter.
[[nodiscard]] ViewCounts count_views(const RowTags& tags, const Scope& scope);

} // namespace portside::snapshot
