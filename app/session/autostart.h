// SPDX-License-Identifier: MIT
// Whether the desktop starts Portside with the session: a file by the Desktop Application Autostart Specification. Of a
// file that the person changed only the keys concerned are touched. UI thread.
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace portside::session {

// $XDG_CONFIG_HOME/autostart/org.portside.Portside.desktop
[[nodiscard]] std::string autostart_path();

struct Autostart {
    bool on = false;
    bool hidden = false; // it is started with --start-hidden
    bool operator==(const Autostart&) const = default;
};
// What the text of such a file means; an empty one is none.
[[nodiscard]] Autostart autostart_in(std::string_view text);
// The text with this in it. `program`: the absolute path of portside. An empty text: the file is to be removed.
[[nodiscard]] std::string with_autostart(std::string_view text, const Autostart& wanted, std::string_view program);

// The same for the file at that path.
[[nodiscard]] Autostart read_autostart(const std::string& path);
[[nodiscard]] base::Result<void> write_autostart(const std::string& path, const Autostart& wanted,
                                                 std::string_view program);

} // namespace portside::session
