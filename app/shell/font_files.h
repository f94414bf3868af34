// SPDX-License-Identifier: MIT
// Which installed font files serve (fontconfig), and what is in them (FreeType). Needs no window; an object is used by
// one thread at a time.
#pragma once

#include "core/base/result.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace portside::shell {

struct FontFile {
    std::string path;
    int index = 0;      // which face of a collection
    std::string family; // as the file names it
};

// One face, read and checked: ImGui's own loading ends the program, or the whole atlas, over a file that is not a font.
class FontFace {
  public:
    // Errors: the file cannot be read, is no font, or has no outlines.
    [[nodiscard]] static base::Result<FontFace> load(const FontFile& file);

    [[nodiscard]] bool has(char32_t code_point) const;
    [[nodiscard]] std::span<const char> data() const { return *data_; }
    // Gives the file's pages back; they are read again when they are needed.
    void release_pages() const;
    [[nodiscard]] int index() const { return index_; }
    [[nodiscard]] const std::string& family() const { return family_; }
    // Ascender to descender, in ems: ImGui makes this as high as the font's size says, so em sizes differ between
    // files.
    [[nodiscard]] float height_in_ems() const { return height_in_ems_; }

  private:
    FontFace() = default;
    std::shared_ptr<const std::span<const char>> data_;   // the mapped file, unmapped with the last copy of the face
    std::vector<std::pair<char32_t, char32_t>> coverage_; // sorted runs of code points, ends included
    int index_ = 0;
    std::string family_;
    float height_in_ems_ = 1;
};

enum class FontRole { regular, strong, mono };

// The installed fonts. Without fontconfig's configuration or any font, everything is empty.
class InstalledFonts {
  public:
    InstalledFonts();
    ~InstalledFonts();
    InstalledFonts(const InstalledFonts&) = delete;
    InstalledFonts& operator=(const InstalledFonts&) = delete;

    // Files that serve for this role, best first. Each question takes fontconfig a millisecond or two: `enough` is
    // asked about each file as it is found, and ends the search when it says true.
    [[nodiscard]] std::vector<FontFile> candidates(
        FontRole role,
        const std::function<bool(const FontFile&)>& enough = [](const FontFile&) { return false; }) const;
    // Few files that together have as many of these code points as can be had; none holds coloured pictures.
    [[nodiscard]] std::vector<FontFile> covering(std::span<const char32_t> code_points) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace portside::shell
