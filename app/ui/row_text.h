// SPDX-License-Identifier: MIT
// The words of a row. Pure; called only for rows on the screen.
#pragma once

#include "app/ui/model.h"

#include <string>
#include <string_view>

namespace portside::ui {

[[nodiscard]] const char* label_of(RowAction action); // of the button; empty for none
[[nodiscard]] bool ends_something(RowAction action);

// "~/src/shop" for a path below home, else the path itself.
[[nodiscard]] std::string with_tilde(std::string_view path, std::string_view home);
// Beside the name: the project, else the working directory where it is below home, else the arguments, else the
// executable. May be empty.
[[nodiscard]] std::string second_voice(const snapshot::Process& process, std::string_view home);
// A row without a known owner: "unit nginx.service", "container web", or why none is shown.
[[nodiscard]] std::string ownerless_title(const snapshot::Row& row);
// "nginx (812), nginx (813)"; where there are none: why no owner is shown where the title names a unit or container,
// else what the port is mostly used for.
[[nodiscard]] std::string candidates_voice(const snapshot::Snapshot& snapshot, const snapshot::Row& row);
// "usually PostgreSQL" of a port that is known for something; else empty.
[[nodiscard]] std::string usual_text(const snapshot::Row& row);
[[nodiscard]] std::string candidates_badge(const snapshot::Row& row); // "candidate", "3 candidates", or empty
// Beside a forwarder's name: whose port it passes on.
[[nodiscard]] std::string container_title(const platform::Container& container);
// The container, or the unit where its name says more than the process's own; else empty.
[[nodiscard]] std::string keeper_badge(const snapshot::Row& row, const snapshot::Process& process);
inline constexpr const char* kWhatCandidatesAre =
    "A candidate is a process of the socket's cgroup: it may hold the socket, but that cannot be seen. None is killed "
    "for it.";
// Where there is no owner: what we know and no more.
[[nodiscard]] const char* words_of(snapshot::Unknown unknown);
[[nodiscard]] const char* words_of(snapshot::Exposure exposure);
[[nodiscard]] const char* words_of(snapshot::Knowledge knowledge);
// "seen as administrator, 12:03" (local time), or why no owner is shown, or empty.
[[nodiscard]] std::string knowledge_text(const snapshot::Row& row);

// "sock_diag", "/proc/net", or "sock_diag, UDP by /proc/net": which source served what.
[[nodiscard]] std::string sources_in_short(const snapshot::Snapshot& snapshot);
// A line for each table, with the reason where sock_diag did not serve it.
[[nodiscard]] std::string sources_in_full(const snapshot::Snapshot& snapshot);
// "0.5 ms", "12 ms"
[[nodiscard]] std::string cost_text(std::chrono::microseconds cost);

// "3000 node 4711", for the clipboard.
[[nodiscard]] std::string copy_text(const snapshot::Snapshot& snapshot, const snapshot::Row& row);

} // namespace portside::ui
