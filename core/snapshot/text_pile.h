// SPDX-License-Identifier: MIT
// Many short texts in one piece, so that a word is looked for in all of them in one pass over memory. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portside::snapshot {

class TextPile {
  public:
    enum class Part : std::uint8_t { head, whole };

    void reserve(std::size_t texts, std::size_t bytes);
    // The first `head` bytes of the text are its head.
    void add(std::string_view text, std::size_t head);
    [[nodiscard]] std::size_t size() const { return texts_.size(); }

    // Sets found[i] to 1 where the i-th text has `needle` in this part of it, else to 0. The needle is not empty and
    // has no line break: that is what stands between two texts.
    void find(std::string_view needle, Part part, std::vector<std::uint8_t>& found) const;

  private:
    struct Text {
        std::uint64_t head_end = 0; // in bytes_
        std::uint64_t end = 0;
    };
    // Where the needle is found next from `at` on, or bytes_.size().
    [[nodiscard]] std::size_t next(std::string_view needle, std::size_t at) const;

    std::string bytes_;
    std::vector<Text> texts_;
};

} // namespace portside::snapshot
