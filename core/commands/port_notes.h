// SPDX-License-Identifier: MIT
// The file with the person's favourites and labels, $XDG_CONFIG_HOME/portside/ports.toml: written by Portside and by
// hand. Any thread.
#pragma once

#include "core/base/result.h"
#include "core/snapshot/port_book.h"

#include <string>
#include <string_view>

namespace portside::commands {

// By the XDG base directory specification; an unset or relative variable counts as its default.
[[nodiscard]] std::string port_notes_path();

// malformed with the line and what is wrong there. Keys that are not ours are passed over.
[[nodiscard]] base::Result<snapshot::PortBook> parse_port_notes(std::string_view text);
// The text with this port's note as it is now: its table is changed, added or removed; comments, order and everything
// else stay as they are. malformed where the text cannot be read, or not be changed safely.
[[nodiscard]] base::Result<std::string> with_port_note(std::string_view text, snapshot::PortId port,
                                                       const snapshot::PortNote& note);

// An empty book where there is no file.
[[nodiscard]] base::Result<snapshot::PortBook> load_port_notes(const std::string& path);
// Reads the file anew, so that what was written by hand meanwhile stays, and replaces it. A file that cannot be read or
// understood is left alone. Where the path is a symbolic link, what it leads to is replaced.
[[nodiscard]] base::Result<void> save_port_note(const std::string& path, snapshot::PortId port,
                                                const snapshot::PortNote& note);

} // namespace portside::commands
