// SPDX-License-Identifier: MIT
// Many short texts in one piece.
#include "core/snapshot/text_pile.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace portside::snapshot {

namespace {

constexpr std::size_t kBlock = 64;
using Starts = std::uint64_t; // a bit for each byte of a block
using Bytes = std::uint8_t __attribute__((vector_size(16)));

Bytes load(const char* at) {
    Bytes bytes;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

// A bit for each of sixteen bytes that are 255 or 0.
Starts bits_of(Bytes marks) {
#if defined(__SSE2__)
    return static_cast<unsigned>(_mm_movemask_epi8(std::bit_cast<__m128i>(marks)));
#else
    constexpr std::uint64_t kLowest = 0x0101010101010101U;
    constexpr std::uint64_t kToTheTop = 0x0102040810204080U; // the lowest bits of eight bytes, side by side
    Starts bits = 0;
    const auto halves = std::bit_cast<std::array<std::uint64_t, 2>>(marks);
    for (std::size_t i = 0; i < halves.size(); ++i) {
        const auto half = std::endian::native == std::endian::little ? halves[i] : __builtin_bswap64(halves[i]);
        bits |= ((half & kLowest) * kToTheTop >> 56U) << (i * 8);
    }
    return bits;
#endif
}

// Where a needle with these two ends, so far from each other, may begin in the block.
Starts find_starts(const char* block, char first, char last, std::size_t gap) {
    const Bytes firsts = Bytes{} + static_cast<std::uint8_t>(first);
    const Bytes lasts = Bytes{} + static_cast<std::uint8_t>(last);
    Starts starts = 0;
    for (std::size_t i = 0; i < kBlock; i += sizeof(Bytes)) {
        const auto both = (load(block + i) == firsts) & (load(block + i + gap) == lasts);
        starts |= bits_of(reinterpret_cast<Bytes>(both)) << i;
    }
    return starts;
}

// A way through a pile. `text` is the one that was found last, or the first of all; what is before `from` is done.
struct Finder {
    std::string_view bytes;
    const std::uint64_t* ends;
    std::string_view needle;
    std::size_t text = 0;
    std::size_t from = 0;

    // `found` is told which text the needle is in, and where; it says where to go on.
    template <typename Found>
    void take(std::size_t hit, Found found) {
        while (ends[text] <= hit) {
            ++text;
        }
        from = found(text, hit);
    }

    // Words are short: a call of memcmp() costs more.
    [[nodiscard]] bool has_middle(const char* start) const {
        std::size_t same = 1;
        while (same + 1 < needle.size() && start[same] == needle[same]) {
            ++same;
        }
        return same + 1 >= needle.size();
    }

    template <typename Found>
    void look_through_block(std::size_t at, Found found) {
        const char* const block = bytes.data() + at;
        Starts starts = find_starts(block, needle.front(), needle.back(), needle.size() - 1);
        starts = from > at ? starts & (~Starts{0} << (from - at)) : starts;
        while (starts != 0) {
            const auto start = static_cast<std::size_t>(std::countr_zero(starts));
            if (!has_middle(block + start)) {
                starts &= starts - 1;
                continue;
            }
            take(at + start, found);
            if (from >= at + kBlock) {
                return;
            }
            starts &= ~Starts{0} << (from - at);
        }
    }

    template <typename Found>
    void look_through(Found found) {
        std::size_t at = 0;
        while (at + needle.size() - 1 + kBlock <= bytes.size()) {
            look_through_block(at, found);
            at = std::max(at + kBlock, from / kBlock * kBlock); // none is read twice but where a text ends in it
        }
        from = std::max(from, at); // less than a block is left
        for (auto hit = bytes.find(needle, from); hit != std::string::npos; hit = bytes.find(needle, from)) {
            take(hit, found);
        }
    }
};

} // namespace

void TextPile::add(std::string_view text, std::size_t head, std::size_t project) {
    bytes_.append(text);
    if (!text.ends_with('\n')) {
        bytes_.push_back('\n');
    }
    ends_.push_back(bytes_.size());
    heads_.push_back(static_cast<std::uint32_t>(head));
    projects_.push_back(static_cast<std::uint32_t>(project));
}

void TextPile::shrink_to_fit() {
    bytes_.shrink_to_fit();
    ends_.shrink_to_fit();
    heads_.shrink_to_fit();
    projects_.shrink_to_fit();
}

TextPile::Range TextPile::range_of(std::size_t text, Part part) const {
    const std::size_t begin = text == 0 ? 0 : ends_[text - 1];
    const std::size_t head_end = begin + heads_[text];
    switch (part) {
    case Part::head:
        return {begin, head_end};
    case Part::project:
        return {head_end, head_end + projects_[text]};
    case Part::whole:
        break;
    }
    return {begin, ends_[text]};
}

std::string_view TextPile::at(std::size_t i, Part part) const {
    const auto [begin, end] = range_of(i, part);
    return std::string_view(bytes_).substr(begin, end - begin);
}

void TextPile::find(std::string_view needle, Part part, std::vector<std::uint8_t>& found) const {
    found.assign(size(), 0);
    Finder finder{bytes_, ends_.data(), needle};
    if (part == Part::whole) {
        finder.look_through([&](std::size_t text, std::size_t /*hit*/) {
            found[text] = 1;
            return ends_[text];
        });
        return;
    }
    finder.look_through([&](std::size_t text, std::size_t hit) {
        const auto [begin, end] = range_of(text, part);
        if (hit < begin) {
            return std::uint64_t{begin};
        }
        // Nothing earlier in this part: if this one is not in it, none is.
        found[text] = hit + needle.size() <= end ? 1 : 0;
        return ends_[text];
    });
}

} // namespace portside::snapshot
