// SPDX-License-Identifier: MIT
// Whole small files, as /proc and configuration need them. Any thread.
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace portside::base {

// The whole file, read to its end whatever its reported size (files in /proc report 0). At most `max_bytes`.
// `directory` is an open directory that `path` is relative to, or AT_FDCWD.
[[nodiscard]] Result<std::string> read_file(int directory, const char* path, std::size_t max_bytes = 16U << 20);

// Where the symbolic link leads (readlinkat(2)).
[[nodiscard]] Result<std::string> read_link(int directory, const char* path);

// Replaces `path` by a file with this content: written beside it, then renamed, so that a reader finds the old or the
// new one. Waits for no disk (no fsync): the UI thread calls it. Makes missing folders (0700).
[[nodiscard]] Result<void> replace_file(const std::string& path, std::string_view content);

} // namespace portside::base
