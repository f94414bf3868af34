// SPDX-License-Identifier: MIT
// Rows that are alike in one facet form a class, so that what a filter or an order asks of that facet is found out once
// a class instead of once a row. Pure; any thread.
#pragma once

#include "core/snapshot/grouping.h"
#include "core/snapshot/query.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/text_pile.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace portside::snapshot {

// owners: the same processes, or without any the same candidates and keepers; so the same names, command lines and
// pids. user: all that `user:` asks for. protocol:
// with the families of the sockets. address: the same list of them, and the same first one. keepers: the same unit and
// container. since: see since_of; for sorting only. notes: what tags say of a row itself; it has no classes.
enum class Facet : std::uint8_t { port, owners, user, protocol, address, keepers, since, notes };
inline constexpr std::size_t kFacetCount = 7;
[[nodiscard]] Facet facet_of(Query::Field field);
// Where the searched text tells all that the field asks; nothing where it does not.
[[nodiscard]] std::optional<TextPile::Part> text_part_of(Query::Field field);

// The class of each row, and a row of each class. Facet::port has no examples: its classes are the ports.
using RowClasses = Groups;

[[nodiscard]] RowClasses classes_by_port(const Snapshot& snapshot);
[[nodiscard]] RowClasses classes_by_owners(const Snapshot& snapshot);
// The same at a tenth of the price, by the texts that assemble() made; nothing where some row was made by hand.
[[nodiscard]] std::optional<RowClasses> classes_by_text(const Snapshot& snapshot);
[[nodiscard]] RowClasses classes_by_user(const Snapshot& snapshot, const RowClasses& by_owners);
[[nodiscard]] RowClasses classes_by_protocol(const Snapshot& snapshot);
[[nodiscard]] RowClasses classes_by_address(const Snapshot& snapshot);
[[nodiscard]] RowClasses classes_by_keepers(const Snapshot& snapshot);
[[nodiscard]] RowClasses classes_by_since(const Snapshot& snapshot);

// The searched text of each class of owners, in the classes' order, for rows made by hand; the names are the head.
[[nodiscard]] TextPile texts_of(const Snapshot& snapshot, const RowClasses& by_owners);

// The pids of each class of owners.
struct ClassPids {
    std::vector<pid_t> pids;
    std::vector<std::uint32_t> ends; // of each class in `pids`
};
[[nodiscard]] ClassPids pids_of(const Snapshot& snapshot, const RowClasses& by_owners);

} // namespace portside::snapshot
