// SPDX-License-Identifier: MIT
// What became of a port whose process has ended: the verdict, and its sentence. Pure; any thread.
#pragma once

#include "core/platform/port_use.h"
#include "core/snapshot/snapshot.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portside::commands {

enum class PortAfter : std::uint8_t {
    none,    // not looked at (yet)
    free,    // no listening, bound or unconnected socket is left, and no connection either
    closing, // nobody holds it, but connections keep a program without SO_REUSEADDR from binding it
    held,    // other owners still hold it
    retaken, // another process took it after the end
    unknown, // it could not be seen
};

// A port that is to be freed, as it was before.
struct PortBefore {
    platform::Protocol protocol = platform::Protocol::tcp;
    std::uint16_t port = 0;
    std::vector<std::uint64_t> inodes;       // sorted: of every socket that held it, whoever's
    std::vector<snapshot::ProcessId> owners; // sorted: of all of them
};
[[nodiscard]] PortBefore port_before(const snapshot::Snapshot* snapshot, platform::Protocol protocol,
                                     std::uint16_t port);

// What was seen after the end.
struct PortSeen {
    const snapshot::Snapshot* snapshot = nullptr; // null: the scan failed
    std::optional<platform::PortUse> use;         // nothing: could not be seen
    std::vector<std::string> bound_names;         // who holds the sockets that no row shows
    std::chrono::milliseconds since_end{0};
};

struct PortVerdict {
    PortAfter after = PortAfter::unknown;
    // Of free and closing: a whole sentence. Else what goes on behind "node (4242) ended after 0.2 s", and perhaps more
    // sentences behind it.
    std::string text;
    std::optional<snapshot::ProcessId> new_holder; // of retaken
};
[[nodiscard]] PortVerdict judge_port(const PortBefore& before, const PortSeen& seen,
                                     const std::optional<platform::Unit>& unit);

// `end`: "node (4242) ended after 0.2 s". The worst of the verdicts, and a sentence of them all.
struct EndNews {
    PortAfter after = PortAfter::unknown;
    std::string sentence;
};
[[nodiscard]] EndNews end_news(const std::string& end, const std::vector<PortVerdict>& verdicts);

// "a, b and 3 more" of at most `most` names.
[[nodiscard]] std::string joined_names(const std::vector<std::string>& names, std::size_t most = 4);

} // namespace portside::commands
