// SPDX-License-Identifier: MIT
// Many short texts in one piece. One thread.
#include "core/snapshot/text_pile.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace portside::snapshot {

namespace {

constexpr std::size_t kBlock = 64;
using Marks = std::array<std::uint8_t, kBlock>;

// Marks where a needle with these two ends may begin in the block. A loop without branches, which compilers turn into
// a few vector instructions.
void mark_starts(const char* block, char first, char last, std::size_t gap, Marks& marks) {
    for (std::size_t i = 0; i < kBlock; ++i) {
        marks[i] = static_cast<std::uint8_t>(static_cast<unsigned>(block[i] == first) &
                                             static_cast<unsigned>(block[i + gap] == last));
    }
}

// Where in the block the needle begins, or kBlock.
std::size_t first_start(const char* block, const Marks& marks, std::string_view needle) {
    for (std::size_t word = 0; word < kBlock; word += sizeof(std::uint64_t)) {
        std::uint64_t any = 0;
        std::memcpy(&any, marks.data() + word, sizeof any);
        for (std::size_t i = word; any != 0 && i < word + sizeof any; ++i) {
            if (marks[i] != 0 && std::memcmp(block + i, needle.data(), needle.size()) == 0) {
                return i;
            }
        }
    }
    return kBlock;
}

} // namespace

void TextPile::reserve(std::size_t texts, std::size_t bytes) {
    texts_.reserve(texts);
    bytes_.reserve(bytes);
}

void TextPile::add(std::string_view text, std::size_t head) {
    const std::uint64_t begin = bytes_.size();
    bytes_.append(text);
    if (!text.ends_with('\n')) {
        bytes_.push_back('\n');
    }
    texts_.push_back({begin + head, bytes_.size()});
}

std::size_t TextPile::next(std::string_view needle, std::size_t at) const {
    const std::size_t gap = needle.size() - 1;
    Marks marks{};
    for (; at + gap + kBlock <= bytes_.size(); at += kBlock) {
        mark_starts(bytes_.data() + at, needle.front(), needle.back(), gap, marks);
        if (const std::size_t start = first_start(bytes_.data() + at, marks, needle); start < kBlock) {
            return at + start;
        }
    }
    return std::min(bytes_.find(needle, at), bytes_.size()); // less than a block is left
}

void TextPile::find(std::string_view needle, Part part, std::vector<std::uint8_t>& found) const {
    found.assign(texts_.size(), 0);
    auto text = texts_.begin();
    for (std::size_t at = next(needle, 0); at < bytes_.size(); at = next(needle, text->end)) {
        while (text->end <= at) {
            ++text;
        }
        // Nothing earlier in this text: if this one is not in the head, none is.
        const bool counts = part == Part::whole || at + needle.size() <= text->head_end;
        found[static_cast<std::size_t>(text - texts_.begin())] = counts ? 1 : 0;
    }
}

} // namespace portside::snapshot
