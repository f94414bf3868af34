// SPDX-License-Identifier: MIT
// The five fonts, from what is installed, and the glyphs that the rows need. Needs no window; an object is used by one
// thread at a time.
#pragma once

#include <memory>
#include <span>
#include <string>

struct ImFont;
struct ImFontAtlas;

namespace portside::shell {

// Owned by the atlas that they were built in; none is null after a build.
struct FontSet {
    ImFont* text = nullptr;   // 15 at scale 1: Inter, else DejaVu Sans, Noto Sans, any sans, ImGui's built-in font
    ImFont* strong = nullptr; // 15 semi-bold
    ImFont* search = nullptr; // 18
    ImFont* small = nullptr;  // 11.5 semi-bold
    ImFont* mono = nullptr;   // 14.5: JetBrains Mono, else DejaVu Sans Mono, Noto Sans Mono, any monospace
};

class Fonts {
  public:
    // Asks fontconfig which files serve, and again when add_code_points() is given what these do not have. Where there
    // is no usable file, the built-in font serves.
    Fonts();
    // For tests: these files instead; an unusable one is replaced by the built-in font.
    struct Files {
        std::string regular;
        std::string strong;
        std::string mono;
    };
    explicit Fonts(const Files& files);
    ~Fonts();
    Fonts(const Fonts&) = delete;
    Fonts& operator=(const Fonts&) = delete;

    // Code points that are about to be drawn. True when some are new and can be had: the atlas is then to be built
    // again. Bounded: those beyond the bound, controls and colour emoji go on being drawn as U+FFFD.
    [[nodiscard]] bool add_code_points(std::span<const char32_t> code_points);

    // Clears the atlas and fills it for this scale; outside of a frame. `max_side`: the largest texture side that the
    // renderer takes; extra code points are dropped until the atlas fits.
    [[nodiscard]] FontSet build(ImFontAtlas& atlas, float scale, int max_side = 8192);

    // "Inter", "JetBrains Mono" ...; empty for the built-in font.
    [[nodiscard]] const std::string& text_family() const;
    [[nodiscard]] const std::string& mono_family() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace portside::shell
