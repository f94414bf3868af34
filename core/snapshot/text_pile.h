// SPDX-License-Identifier: MIT
// Many short texts in one piece, so that a word is looked for in all of them in one pass over memory. Once it is
// filled, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portside::snapshot {

class TextPile {
  public:
    enum class Part : std::uint8_t { head, project, whole };

    // The first `head` bytes of the text are its head, the `project` bytes behind them its project.
    void add(std::string_view text, std::size_t head, std::size_t project = 0);
    void shrink_to_fit();
    [[nodiscard]] std::size_t size() const { return ends_.size(); }
    // The i-th text or a part of it, with the line break that ends it.
    [[nodiscard]] std::string_view at(std::size_t i, Part part = Part::whole) const;

    // Sets found[i] to 1 where the i-th text has `needle` in this part of it, else to 0. The needle is not empty and
    // has no line break: that is what stands between two texts.
    void find(std::string_view needle, Part part, std::vector<std::uint8_t>& found) const;

    bool operator==(const TextPile&) const = default;

  private:
    std::string bytes_;
    std::vector<std::uint64_t> ends_;  // of each text in bytes_
    std::vector<std::uint32_t> heads_; // bytes of each head
    std::vector<std::uint32_t> projects_;

    // Of a part, in bytes_.
    struct Range {
        std::size_t begin;
        std::size_t end;
    };
    [[nodiscard]] Range range_of(std::size_t text, Part part) const;
};

} // namespace portside::snapshot
