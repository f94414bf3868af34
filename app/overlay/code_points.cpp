// SPDX-License-Identifier: MIT
#include "app/overlay/code_points.h"

#include "core/base/text.h"

#include <cstdint>
#include <cstring>
#include <set>
#include <string_view>

namespace portside::overlay {

namespace {

// How many bytes from `at` on are ASCII for sure: nearly all of it is, and this runs over every text of every snapshot.
std::size_t plain_bytes(std::string_view text, std::size_t at) {
    constexpr std::uint64_t kHighBits = 0x8080808080808080U;
    const std::size_t begin = at;
    for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        if ((word & kHighBits) != 0) {
            break;
        }
    }
    return at - begin;
}

void collect(std::string_view text, std::set<char32_t>& found) {
    for (std::size_t at = plain_bytes(text, 0); at < text.size();) {
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            ++at;
            continue;
        }
        const auto code_point = base::next_code_point(text, at);
        if (code_point >= 0xA0) {
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
        for (const auto* text : {&process.cwd, &process.executable}) {
            if (*text) {
                collect(**text, found);
            }
        }
    }
    for (const auto& row : snapshot.rows) {
        collect(row.user, found);
        collect(row.address_text, found);
        if (row.container) {
            collect(row.container->name, found);
        }
    }
    for (const auto& [uid, user] : snapshot.users) {
        collect(user, found);
    }
    return {found.begin(), found.end()};
}

std::vector<char32_t> code_points_of(std::string_view text) {
    std::set<char32_t> found;
    collect(text, found);
    return {found.begin(), found.end()};
}

} // namespace portside::overlay
