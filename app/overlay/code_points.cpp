// SPDX-License-Identifier: MIT
#include "app/overlay/code_points.h"

#include "core/base/text.h"

#include <set>
#include <string_view>

namespace portside::overlay {

namespace {

void collect(std::string_view text, std::set<char32_t>& found) {
    for (std::size_t at = 0; at < text.size();) {
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            ++at; // nearly all of it
            continue;
        }
        const auto code_point = base::next_code_point(text, at);
        if (code_point > 0xFF) {
            found.insert(code_point);
        }
    }
}

} // namespace

std::vector<char32_t> code_points_of(const snapshot::Snapshot& snapshot) {
    std::set<char32_t> found;
    for (const auto& process : snapshot.processes) {
        collect(process.name, found);
        collect(process.user, found);
        collect(process.command_text, found);
        collect(process.cwd.value_or(""), found);
        collect(process.executable.value_or(""), found);
    }
    for (const auto& row : snapshot.rows) {
        collect(row.user, found);
        collect(row.address_text, found);
    }
    return {found.begin(), found.end()};
}

std::vector<char32_t> code_points_of(std::string_view text) {
    std::set<char32_t> found;
    collect(text, found);
    return {found.begin(), found.end()};
}

} // namespace portside::overlay
