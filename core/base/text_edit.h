// SPDX-License-Identifier: MIT
// Changes places in a text that somebody else wrote, and leaves the rest of it byte for byte. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace portside::base {

// As parsers tell places: both count from 1, columns in code points.
struct TextPlace {
    std::size_t line = 1;
    std::size_t column = 1;
};

class TextEdit {
  public:
    // `text` outlives this.
    explicit TextEdit(std::string_view text) : text_(text) {}
    // `end` is behind the last character. Places are those of the text as it was; they must not overlap.
    void replace(TextPlace begin, TextPlace end, std::string with);
    // At the end of the text, on a line of its own.
    void add_line(std::string line) { added_.push_back(std::move(line)); }
    [[nodiscard]] std::string result() const;

  private:
    struct Change {
        std::size_t begin = 0; // bytes
        std::size_t end = 0;
        std::string with;
    };
    std::string_view text_;
    std::vector<Change> changes_;
    std::vector<std::string> added_;
};

} // namespace portside::base
