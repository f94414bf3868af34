// SPDX-License-Identifier: MIT
// Fonts from installed files, without a window.
#include "app/imgui_versions.h"
#include "app/shell/font_files.h"
#include "app/shell/fonts.h"

#include <cmath>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace imgui = portside::imgui;
using portside::shell::FontFace;
using portside::shell::FontRole;
using portside::shell::Fonts;
using portside::shell::FontSet;
using portside::shell::InstalledFonts;

namespace {

constexpr char32_t kHangul = 0xD55C;
constexpr char32_t kSigns[] = {U'…', U'“', U'”', U'→', U'↑', U'↓', U'~'};

std::vector<ImFont*> all(const FontSet& set) {
    return {set.text, set.strong, set.search, set.small, set.mono};
}

std::string family_of(FontRole role) {
    const auto files = InstalledFonts().candidates(role);
    return files.empty() ? std::string() : files.front().family;
}

// A file in a folder of the test's own, gone with the test.
struct ScratchFile {
    std::string folder = (std::filesystem::temp_directory_path() / "portside-fonts-XXXXXX").string();
    std::string path;
    explicit ScratchFile(const std::string& content) {
        REQUIRE(mkdtemp(folder.data()) != nullptr);
        path = folder + "/font.ttf";
        std::ofstream(path, std::ios::binary) << content;
    }
    ~ScratchFile() { std::filesystem::remove_all(folder); }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
};

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

TEST_CASE("Inter and JetBrains Mono are taken where they are installed") {
    CHECK(family_of(FontRole::regular) == "Inter");
    CHECK(family_of(FontRole::strong) == "Inter");
    CHECK(family_of(FontRole::mono) == "JetBrains Mono");
    const Fonts fonts;
    CHECK(fonts.text_family() == "Inter");
    CHECK(fonts.mono_family() == "JetBrains Mono");
}

TEST_CASE("the semi-bold face is another one than the regular") {
    const InstalledFonts installed;
    CHECK(installed.candidates(FontRole::regular).front().path != installed.candidates(FontRole::strong).front().path);
}

TEST_CASE("every scale gives five fonts of their sizes with the signs of the interface") {
    Fonts fonts;
    for (const float scale : {1.0F, 1.25F, 2.0F, 3.0F}) {
        CAPTURE(scale);
        ImFontAtlas atlas;
        const FontSet set = fonts.build(atlas, scale);
        REQUIRE(all(set).size() == 5);
        const std::vector<float> sizes = {15, 15, 18, 11.5F, 14.5F};
        for (std::size_t n = 0; n < sizes.size(); ++n) {
            ImFont* font = all(set)[n];
            REQUIRE(font != nullptr);
            // The em; ImGui's size is the height of the face's box, which is 1.1 to 1.4 em in the fonts that serve.
            const float ems = imgui::size_of(*font) / (sizes[n] * scale);
            CHECK(ems >= 0.95F);
            CHECK(ems <= 1.5F);
            for (const char32_t c : kSigns) {
                CAPTURE(static_cast<std::uint32_t>(c));
                CHECK(imgui::has_glyph(*font, static_cast<ImWchar>(c)));
            }
        }
        CHECK(imgui::texture_side(atlas) <= 8192);
    }
}

#if IMGUI_VERSION_NUM < 19198 // later ones make glyphs while drawing
TEST_CASE("digits of the monospace font are equally wide") {
    Fonts fonts;
    ImFontAtlas atlas;
    ImFont* mono = fonts.build(atlas, 1).mono;
    for (ImWchar c = '0'; c <= '9'; ++c) {
        CHECK(mono->FindGlyph(c)->AdvanceX == mono->FindGlyph('0')->AdvanceX);
    }
}

TEST_CASE("a letter has dark pixels in the atlas") {
    Fonts fonts;
    ImFontAtlas atlas;
    const ImFontGlyph* glyph = fonts.build(atlas, 1).strong->FindGlyph('H');
    const auto left = static_cast<int>(glyph->U0 * static_cast<float>(atlas.TexWidth));
    const auto right = static_cast<int>(glyph->U1 * static_cast<float>(atlas.TexWidth));
    const auto top = static_cast<int>(glyph->V0 * static_cast<float>(atlas.TexHeight));
    const auto bottom = static_cast<int>(glyph->V1 * static_cast<float>(atlas.TexHeight));
    int darkest = 0;
    for (int y = top; y < bottom; ++y) {
        for (int x = left; x < right; ++x) {
            darkest = std::max(darkest, static_cast<int>(atlas.TexPixelsAlpha8[y * atlas.TexWidth + x]));
        }
    }
    CHECK(darkest > 220);
}
#endif

TEST_CASE("a code point that an installed font has is added once and then drawn") {
    Fonts fonts;
    const char32_t cyrillic[] = {U'Ж', U'я'};
    CHECK(fonts.add_code_points(cyrillic));
    CHECK_FALSE(fonts.add_code_points(cyrillic));
    ImFontAtlas atlas;
    for (ImFont* font : all(fonts.build(atlas, 1))) {
        CHECK(imgui::has_glyph(*font, U'Ж'));
        CHECK(imgui::has_glyph(*font, U'я'));
    }
}

#if IMGUI_VERSION_NUM < 19198
TEST_CASE("letters of Latin-1 come all with the first of them and without what stands for others") {
    Fonts fonts;
    {
        ImFontAtlas atlas;
        CHECK_FALSE(imgui::has_glyph(*fonts.build(atlas, 1).text, U'é'));
    }
    CHECK(fonts.add_code_points(std::array{U'é'}));
    CHECK_FALSE(fonts.add_code_points(std::array{U'ü', U'×', U'·'}));
    ImFontAtlas atlas;
    for (ImFont* font : all(fonts.build(atlas, 1))) {
        CHECK(imgui::has_glyph(*font, U'é'));
        CHECK(imgui::has_glyph(*font, U'ü'));
        CHECK(imgui::has_glyph(*font, U'·'));
        CHECK_FALSE(imgui::has_glyph(*font, 0xFFFD));
    }
}

TEST_CASE("letters of Latin-1 stay though more came before them than the atlas has room for") {
    Fonts fonts;
    std::vector<char32_t> many;
    for (char32_t c = 0x100; c <= 0xFFFF; ++c) {
        many.push_back(c);
    }
    CHECK(fonts.add_code_points(many));
    CHECK(fonts.add_code_points(std::array{U'é'}));
    ImFontAtlas atlas;
    for (ImFont* font : all(fonts.build(atlas, 2, 2048))) {
        CHECK(imgui::has_glyph(*font, U'é'));
    }
}
#endif

TEST_CASE("a Korean code point is found exactly where a font with it is installed") {
    const bool installed = !InstalledFonts().covering(std::array{kHangul}).empty();
    Fonts fonts;
    CHECK(fonts.add_code_points(std::array{kHangul})); // it, or at least what stands for it
    ImFontAtlas atlas;
    CHECK(imgui::has_glyph(*fonts.build(atlas, 1).text, kHangul) == installed);
}

TEST_CASE("a folder named in Korean is drawn with the signs of its name and not with what stands for them") {
    const std::u32string name = U"\uAC00\uAC8C";
    Fonts fonts;
    CHECK(fonts.add_code_points(name));
    ImFontAtlas atlas;
    ImFont* const font = fonts.build(atlas, 1).text;
    REQUIRE(font != nullptr);
    for (const char32_t c : name) {
        CAPTURE(static_cast<std::uint32_t>(c));
        CHECK(imgui::has_glyph(*font, static_cast<ImWchar>(c)));
    }
}

TEST_CASE("what is known or is a control asks for nothing") {
    Fonts fonts;
    const char32_t never[] = {U'a', U'…', U'\n', 0x7F, 0};
    CHECK_FALSE(fonts.add_code_points(never));
    CHECK_FALSE(fonts.add_code_points({}));
}

TEST_CASE("what cannot be drawn asks once for the sign that stands for it") {
    const char32_t never[] = {0x202E, 0xD800, 0xE000, 0xFFFE, 0xFFFF, 0x1F600, 0x10FFFF};
    for (const char32_t c : never) {
        CAPTURE(static_cast<std::uint32_t>(c));
        Fonts fonts;
        CHECK(fonts.add_code_points(std::array{c}));
        CHECK_FALSE(fonts.add_code_points(never));
        ImFontAtlas atlas;
        for (ImFont* font : all(fonts.build(atlas, 1))) {
            CHECK(imgui::has_glyph(*font, 0xFFFD));
            CHECK_FALSE(imgui::has_glyph(*font, 0x202E));
        }
    }
}

TEST_CASE("a flood of code points is bounded and the atlas still fits") {
    Fonts fonts;
    std::vector<char32_t> everything;
    for (char32_t c = 0xA0; c <= 0xFFFF; ++c) {
        everything.push_back(c);
    }
    CHECK(fonts.add_code_points(everything));
    ImFontAtlas atlas;
    const FontSet set = fonts.build(atlas, 2, 2048);
    CHECK(imgui::texture_side(atlas) <= 2048);
    CHECK(imgui::has_glyph(*set.text, U'…'));
}

TEST_CASE("missing and damaged files are replaced by the built-in font") {
    const auto inter = InstalledFonts().candidates(FontRole::regular).front();
    const std::string whole = content_of(inter.path);
    REQUIRE(whole.size() > 1000);
    std::string scrambled = whole;
    for (std::size_t n = 12; n < 600; ++n) {
        scrambled[n] = static_cast<char>(n * 37);
    }
    const ScratchFile empty("");
    const ScratchFile text(std::string(5000, 'x'));
    const ScratchFile cut(whole.substr(0, 300));
    const ScratchFile broken(scrambled);
    for (const std::string& path :
         {std::string("/nonexistent/font.ttf"), std::string("/tmp"), empty.path, text.path, cut.path, broken.path}) {
        CAPTURE(path);
        CHECK_FALSE(FontFace::load({path, 0, "x"}));
        Fonts fonts(Fonts::Files{path, path, path});
        CHECK(fonts.text_family().empty());
        ImFontAtlas atlas;
        for (ImFont* font : all(fonts.build(atlas, 1.25F))) {
            REQUIRE(font != nullptr);
            CHECK(imgui::has_glyph(*font, 'A'));
        }
    }
}

TEST_CASE("a file that is damaged in its middle never ends the program") {
    const auto inter = InstalledFonts().candidates(FontRole::regular).front();
    const std::string whole = content_of(inter.path);
    for (std::size_t eighth = 1; eighth < 8; ++eighth) {
        std::string damaged = whole;
        for (std::size_t n = 0; n < 4096; ++n) {
            damaged[whole.size() / 8 * eighth + n] = static_cast<char>(n * 131);
        }
        for (const std::string& content : {damaged, whole.substr(0, whole.size() / 8 * eighth)}) {
            const ScratchFile file(content);
            Fonts fonts(Fonts::Files{file.path, inter.path, file.path});
            ImFontAtlas atlas;
            const FontSet set = fonts.build(atlas, 1);
            REQUIRE(set.text != nullptr);
            REQUIRE(set.strong != nullptr);
            CHECK(imgui::has_glyph(*set.strong, 'A'));
        }
    }
}

TEST_CASE("an index that the file does not have is refused") {
    const auto inter = InstalledFonts().candidates(FontRole::regular).front();
    CHECK(FontFace::load({inter.path, 0, inter.family}));
    CHECK_FALSE(FontFace::load({inter.path, 7, inter.family}));
}
