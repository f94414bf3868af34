// SPDX-License-Identifier: MIT
// What the details say about the topmost owner of a row: what it is, why it runs and what it uses. Pure.
#pragma once

#include "app/ui/details_text.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace portside::ui {

// What was read of this row; null: nothing yet.
[[nodiscard]] const snapshot::ProcessDetails* details_of(const Model& model, const snapshot::Row& row);
void add_process_facts(const Model& model, const snapshot::Row& row, const snapshot::Process& process,
                       std::vector<Fact>& facts);

// "812 kB", "182 MB", "1.4 GB"
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);
// "0.4 s", "12 s", "3 min 5 s", "2 h 14 min"
[[nodiscard]] std::string duration_text(std::chrono::milliseconds time);

} // namespace portside::ui
