// SPDX-License-Identifier: MIT
// The five fonts, and the glyphs that the rows need. An object is used by one thread at a time.
#include "app/shell/fonts.h"

#include "app/imgui_versions.h"
#include "app/shell/font_files.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

namespace portside::shell {
namespace {

constexpr std::size_t kMaxExtra = 4096; // at scale 1: five fonts of that many glyphs fit into 4096 x 4096 pixels
constexpr std::size_t kMaxFallbackFaces = 16;
constexpr float kMaxFallbackGrowth = 1.3F; // a face with a low box must not stand above its line

// What the interface itself writes beside ASCII (tests/house/signs.py): quotation marks, an ellipsis, arrows. All else
// is drawn, and takes memory, when some text has it.
constexpr auto kSigns = std::to_array<char32_t>({0x201C, 0x201D, 0x2026, 0x2191, 0x2192, 0x2193});
constexpr char32_t kFirstLatin1 = 0xA0; // from here to U+00FF; what is before it are controls
constexpr char32_t kLastLatin1 = 0xFF;
constexpr char32_t kSoftHyphen = 0xAD; // never drawn
// Drawn for what cannot be. Asked for with the first text beyond Latin-1: ImGui's tables reach to the
// highest code point of a font, and with this one those of five fonts take 2 MB.
constexpr char32_t kReplacement = 0xFFFD;

struct Size {
    FontRole role;
    float pixels; // at scale 1
};
constexpr Size kText{FontRole::regular, 15};
constexpr Size kStrong{FontRole::strong, 15};
constexpr Size kSearch{FontRole::regular, 18};
constexpr Size kSmall{FontRole::strong, 11.5F};
constexpr Size kMono{FontRole::mono, 14.5F};

// Never dropped. `latin1`: with its letters.
std::vector<char32_t> base_code_points(bool latin1) {
    std::vector<char32_t> code_points;
    for (char32_t c = 0x20; c < 0x7F; ++c) {
        code_points.push_back(c);
    }
    for (char32_t c = kFirstLatin1; latin1 && c <= kLastLatin1; ++c) {
        if (c != kSoftHyphen) {
            code_points.push_back(c);
        }
    }
    code_points.insert(code_points.end(), kSigns.begin(), kSigns.end());
    return code_points;
}

// Letters and signs that text may hold after it was sanitised. ImGui's own limit is 16 bits unless it was built
// otherwise.
bool can_be_drawn(char32_t c) {
    const bool surrogate_or_private = c >= 0xD800 && c <= 0xF8FF;
    const bool format = (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
                        (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF;
    return c >= kFirstLatin1 && c <= IM_UNICODE_CODEPOINT_MAX && !surrogate_or_private && !format &&
           (c & 0xFFFEU) != 0xFFFE;
}

// ImGui's form of a set: pairs of first and last, closed with 0.
std::vector<ImWchar> ranges_of(std::vector<char32_t> code_points) {
    std::ranges::sort(code_points);
    std::vector<ImWchar> ranges;
    for (const char32_t c : code_points) {
        if (!ranges.empty() && static_cast<char32_t>(ranges.back()) + 1 == c) {
            ranges.back() = static_cast<ImWchar>(c);
        } else {
            ranges.push_back(static_cast<ImWchar>(c));
            ranges.push_back(static_cast<ImWchar>(c));
        }
    }
    ranges.push_back(0);
    return ranges;
}

std::optional<FontFace> first_usable(const std::vector<FontFile>& files) {
    for (const FontFile& file : files) {
        if (auto face = FontFace::load(file)) {
            return std::move(*face);
        }
    }
    return std::nullopt;
}

} // namespace

struct Fonts::State {
    std::optional<InstalledFonts> installed;      // while it is asked: what fontconfig keeps takes half a MiB
    std::array<std::optional<FontFace>, 3> faces; // by FontRole; nothing: the built-in font
    std::vector<FontFace> fallbacks;              // in the order in which they were needed
    std::map<std::pair<std::string, int>, bool> tried;
    bool latin1 = false;                      // its letters are wanted
    std::vector<char32_t> extra;              // in the order in which they came
    std::unordered_set<char32_t> known;       // base, extra, and what cannot be had
    std::vector<std::vector<ImWchar>> ranges; // ImGui keeps pointers into these
    std::string none;

    [[nodiscard]] const std::optional<FontFace>& face(FontRole role) const {
        return faces.at(static_cast<std::size_t>(role));
    }
    [[nodiscard]] bool has(FontRole role, char32_t c) const {
        return face(role) ? face(role)->has(c) : c <= kLastLatin1; // the built-in font has Latin-1
    }
    [[nodiscard]] bool every_face_has(char32_t c) const {
        return has(FontRole::regular, c) && has(FontRole::strong, c) && has(FontRole::mono, c);
    }
    [[nodiscard]] bool fallback_has(char32_t c) const {
        return std::ranges::any_of(fallbacks, [c](const FontFace& face) { return face.has(c); });
    }

    void release_pages() const {
        for (const auto& face : faces) {
            if (face) {
                face->release_pages();
            }
        }
        std::ranges::for_each(fallbacks, [](const FontFace& face) { face.release_pages(); });
    }

    void start() {
        known.insert(kSoftHyphen);
        know_base();
    }
    void know_base() {
        const auto base = base_code_points(latin1);
        known.insert(base.begin(), base.end());
        std::vector<char32_t> missing;
        std::ranges::copy_if(base, std::back_inserter(missing), [this](char32_t c) { return !every_face_has(c); });
        load_fallbacks(missing);
    }

    // Adds faces for what no fallback has yet.
    void load_fallbacks(const std::vector<char32_t>& wanted) {
        std::vector<char32_t> missing;
        std::ranges::copy_if(wanted, std::back_inserter(missing), [this](char32_t c) { return !fallback_has(c); });
        if (missing.empty() || fallbacks.size() >= kMaxFallbackFaces) {
            return;
        }
        if (!installed) {
            installed.emplace();
        }
        for (const FontFile& file : installed->covering(missing)) {
            if (fallbacks.size() >= kMaxFallbackFaces ||
                !tried.emplace(std::pair{file.path, file.index}, true).second) {
                continue;
            }
            if (auto face = FontFace::load(file)) {
                fallbacks.push_back(std::move(*face));
            }
        }
    }

    ImFont* add_font(ImFontAtlas& atlas, Size size, float scale, const std::vector<char32_t>& wanted);
    void merge_fallbacks(ImFontAtlas& atlas, float pixels, FontRole role, std::vector<char32_t> missing);
    const ImWchar* keep(std::vector<char32_t> code_points) {
        ranges.push_back(ranges_of(std::move(code_points)));
        return ranges.back().data();
    }
};

ImFont* Fonts::State::add_font(ImFontAtlas& atlas, Size size, float scale, const std::vector<char32_t>& wanted) {
    std::vector<char32_t> own;
    std::vector<char32_t> missing;
    for (const char32_t c : wanted) {
        (has(size.role, c) ? own : missing).push_back(c);
    }
    ImFontConfig config;
    // A size means the em of the text face; ImGui's means the height of a face's box (Inter's is 1.21 em). One factor
    // for all: the monospace letters are wider and taller in their em, and equal boxes look equally large.
    const float box = face(FontRole::regular) ? face(FontRole::regular)->height_in_ems() : 1.0F;
    config.SizePixels = imgui::font_pixels(size.pixels * scale * box);
    config.GlyphRanges = keep(std::move(own));
    ImFont* font = nullptr;
    if (const auto& face_of_role = face(size.role)) {
        config.FontNo = face_of_role->index();
        font = imgui::add_font(atlas, config, face_of_role->data());
    } else {
        font = atlas.AddFontDefault(&config);
    }
    merge_fallbacks(atlas, config.SizePixels, size.role, std::move(missing));
    return font;
}

void Fonts::State::merge_fallbacks(ImFontAtlas& atlas, float pixels, FontRole role, std::vector<char32_t> missing) {
    const float height = face(role) ? face(role)->height_in_ems() : 1.0F;
    for (const FontFace& fallback : fallbacks) {
        std::vector<char32_t> own;
        std::erase_if(missing, [&](char32_t c) {
            const bool has_it = fallback.has(c);
            if (has_it) {
                own.push_back(c);
            }
            return has_it;
        });
        if (own.empty()) {
            continue;
        }
        ImFontConfig config;
        config.MergeMode = true;
        // The same em size: ImGui's size is the height of the face's box, and boxes differ.
        config.SizePixels = pixels * std::clamp(fallback.height_in_ems() / height, 0.8F, kMaxFallbackGrowth);
        config.GlyphRanges = keep(std::move(own));
        config.FontNo = fallback.index();
        imgui::add_font(atlas, config, fallback.data());
    }
}

Fonts::Fonts() : state_(std::make_unique<State>()) {
    state_->installed.emplace();
    for (const FontRole role : {FontRole::regular, FontRole::strong, FontRole::mono}) {
        auto& face = state_->faces.at(static_cast<std::size_t>(role));
        static_cast<void>(state_->installed->candidates(role, [&face](const FontFile& file) {
            face = first_usable({file});
            return face.has_value();
        }));
    }
    state_->start();
    state_->installed.reset();
}

Fonts::Fonts(const Files& files) : state_(std::make_unique<State>()) {
    state_->faces = {first_usable({{files.regular, 0, files.regular}}), first_usable({{files.strong, 0, files.strong}}),
                     first_usable({{files.mono, 0, files.mono}})};
    state_->start();
    state_->installed.reset();
}

Fonts::~Fonts() = default;

bool Fonts::add_code_points(std::span<const char32_t> code_points) {
    State& state = *state_;
    std::vector<char32_t> fresh;
    const auto any_fresh_from = [&](char32_t first, char32_t last) {
        return std::ranges::any_of(code_points,
                                   [&](char32_t c) { return c >= first && c <= last && !state.known.contains(c); });
    };
    if (any_fresh_from(kLastLatin1 + 1, ~char32_t{0}) && state.known.insert(kReplacement).second) {
        fresh.push_back(kReplacement); // first: it is the last to be dropped
    }
    const bool latin1_is_new = any_fresh_from(kFirstLatin1, kLastLatin1);
    if (latin1_is_new) { // all at once: one of them seldom stays alone
        state.latin1 = true;
        state.know_base();
    }
    for (const char32_t c : code_points) {
        if (can_be_drawn(c) && state.extra.size() + fresh.size() < kMaxExtra && state.known.insert(c).second) {
            fresh.push_back(c);
        }
    }
    std::vector<char32_t> missing;
    std::ranges::copy_if(fresh, std::back_inserter(missing), [&](char32_t c) { return !state.every_face_has(c); });
    state.load_fallbacks(missing);
    state.installed.reset();
    const std::size_t before = state.extra.size();
    std::ranges::copy_if(fresh, std::back_inserter(state.extra), [&](char32_t c) {
        return state.fallback_has(c) || state.has(FontRole::regular, c) || state.has(FontRole::strong, c) ||
               state.has(FontRole::mono, c);
    });
    return latin1_is_new || state.extra.size() != before;
}

FontSet Fonts::build(ImFontAtlas& atlas, float scale, int max_side) {
    State& state = *state_;
    const auto base = base_code_points(state.latin1);
    std::size_t extra = std::min(
        state.extra.size(), static_cast<std::size_t>(static_cast<float>(kMaxExtra) / std::max(1.0F, scale * scale)));
    for (;;) {
        auto wanted = base;
        wanted.insert(wanted.end(), state.extra.begin(), state.extra.begin() + static_cast<std::ptrdiff_t>(extra));
        atlas.Clear();
        state.ranges.clear();
        imgui::use_freetype(atlas);
        FontSet set;
        set.text = state.add_font(atlas, kText, scale, wanted); // the first is ImGui's default font
        set.strong = state.add_font(atlas, kStrong, scale, wanted);
        set.search = state.add_font(atlas, kSearch, scale, wanted);
        set.small = state.add_font(atlas, kSmall, scale, wanted);
        set.mono = state.add_font(atlas, kMono, scale, wanted);
        if (!imgui::build(atlas)) {
            if (!state.face(FontRole::regular) && !state.face(FontRole::strong) && !state.face(FontRole::mono)) {
                return set; // the built-in font always serves; there is nothing left to take away
            }
            state.faces = {};
            state.fallbacks.clear();
            continue;
        }
        if (extra == 0 || imgui::texture_side(atlas) <= max_side) {
            state.release_pages();
            return set;
        }
        extra /= 2;
    }
}

const std::string& Fonts::text_family() const {
    const auto& face = state_->face(FontRole::regular);
    return face ? face->family() : state_->none;
}

const std::string& Fonts::mono_family() const {
    const auto& face = state_->face(FontRole::mono);
    return face ? face->family() : state_->none;
}

} // namespace portside::shell
