// SPDX-License-Identifier: MIT
// The filter language. Pure; any thread.
//   3000         ports whose digits begin with 3000      port:3000, :3000   exactly that port
//   3000-3999    a range, also after port:               word               inside name, project or command line
//   -word not:word   exclude (also -port:22, not:proto:udp)
//   pid:1 user:me proto:tcp addr:127. name:node          one field only
//   unit:nginx                                           of the systemd unit or the container
//   project:shop                                         of the folder that the owner works on
//   label:shop                                           of the name that the port was given
//   is:mine is:dev is:db is:exposed is:favourite         in this view (views.h), or a favourite
// All terms must match. A term still being typed ("port:", "3000-", "-", "not:") counts as absent.
#pragma once

#include "core/base/result.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/views.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace portside::snapshot {

class Query {
  public:
    enum class Field : std::uint8_t {
        port_prefix,
        port_range,
        text,
        pid,
        user,
        protocol,
        address,
        name,
        unit,
        project,
        label,
        tag
    };
    struct Term {
        Field field = Field::text;
        bool negated = false;
        bool exact = false; // of port_prefix and port_range: one port was asked for
        std::string text;   // lower case, without blanks
        std::uint16_t first_port = 0;
        std::uint16_t last_port = 0;
        std::uint64_t number = 0; // of pid; of user where the text is a number
        bool numeric = false;
        std::optional<platform::Protocol> protocol;
        std::optional<platform::Family> family;
        TagBits tag = 0; // of tag
    };

    // ErrorKind::malformed with a short sentence naming the term: "port:99999: ports go from 0 to 65535."
    [[nodiscard]] static base::Result<Query> parse(std::string_view text);

    // `tags` are the snapshot's; without them no row has a label or is in a view.
    [[nodiscard]] bool matches(const Snapshot& snapshot, const Row& row, const RowTags* tags = nullptr) const;
    [[nodiscard]] bool matches_everything() const { return terms_.empty(); }
    [[nodiscard]] std::span<const Term> terms() const { return terms_; }
    // Whether the row has what one term names; a row is shown when that differs from `negated`, for every term.
    [[nodiscard]] static bool finds(const Term& term, const Snapshot& snapshot, const Row& row,
                                    const RowTags* tags = nullptr);
    // The one port that the query asks for exactly, where it does (port:3000, :3000, or a full bare number): such a
    // query that finds no row asks the kernel for bound sockets too.
    [[nodiscard]] std::optional<std::uint16_t> exact_port() const;

  private:
    using ParsedTerm = base::Result<std::optional<Term>>; // nothing: still being typed
    struct Parser;
    struct Matcher;

    std::vector<Term> terms_;
};

} // namespace portside::snapshot
