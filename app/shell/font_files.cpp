// SPDX-License-Identifier: MIT
// Which installed font files serve, and what is in them. An object is used by one thread at a time.
#include "app/shell/font_files.h"

#include "core/base/unique_fd.h"

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include <sys/mman.h>
#include <sys/stat.h>

namespace portside::shell {
namespace {

constexpr std::size_t kMaxFileBytes = 96U
                                      << 20; // a collection of all Chinese, Japanese and Korean faces is about 20 MiB
constexpr std::size_t kMaxFallbackFiles = 8;

struct PatternDeleter {
    void operator()(FcPattern* pattern) const { FcPatternDestroy(pattern); }
};
using Pattern = std::unique_ptr<FcPattern, PatternDeleter>;
struct CharSetDeleter {
    void operator()(FcCharSet* set) const { FcCharSetDestroy(set); }
};
using CharSet = std::unique_ptr<FcCharSet, CharSetDeleter>;
struct FontSetDeleter {
    void operator()(FcFontSet* set) const { FcFontSetDestroy(set); }
};
using FontList = std::unique_ptr<FcFontSet, FontSetDeleter>;
struct LibraryDeleter {
    void operator()(FT_Library library) const { FT_Done_FreeType(library); }
};
struct FaceDeleter {
    void operator()(FT_Face face) const { FT_Done_Face(face); }
};

const FcChar8* fc_text(const char* text) {
    return reinterpret_cast<const FcChar8*>(text);
}

std::string string_of(const FcPattern* pattern, const char* object) {
    FcChar8* value = nullptr;
    if (FcPatternGetString(pattern, object, 0, &value) != FcResultMatch) {
        return {};
    }
    return reinterpret_cast<const char*>(value);
}

bool has_family(const FcPattern* pattern, const char* family) {
    FcChar8* value = nullptr;
    for (int n = 0; FcPatternGetString(pattern, FC_FAMILY, n, &value) == FcResultMatch; ++n) {
        if (FcStrCmpIgnoreCase(value, fc_text(family)) == 0) {
            return true;
        }
    }
    return false;
}

std::optional<FontFile> file_of(const FcPattern* pattern) {
    FontFile file{string_of(pattern, FC_FILE), 0, string_of(pattern, FC_FAMILY)};
    if (file.path.empty()) {
        return std::nullopt;
    }
    FcPatternGetInteger(pattern, FC_INDEX, 0, &file.index);
    // The upper half names an instance of a variable font; all ones of it would mean "any", which FreeType does not
    // know.
    if ((static_cast<unsigned>(file.index) >> 16U) >= 0x8000U) {
        file.index &= 0xFFFF;
    }
    return file;
}

bool is_coloured_or_bitmap(const FcPattern* pattern) {
    FcBool value = FcFalse;
    if (FcPatternGetBool(pattern, FC_COLOR, 0, &value) == FcResultMatch && value == FcTrue) {
        return true;
    }
    return FcPatternGetBool(pattern, FC_SCALABLE, 0, &value) == FcResultMatch && value != FcTrue;
}

Pattern upright(const char* family, int weight) {
    Pattern pattern(FcPatternCreate());
    FcPatternAddString(pattern.get(), FC_FAMILY, fc_text(family));
    FcPatternAddInteger(pattern.get(), FC_WEIGHT, weight);
    FcPatternAddInteger(pattern.get(), FC_SLANT, FC_SLANT_ROMAN);
    FcPatternAddBool(pattern.get(), FC_SCALABLE, FcTrue);
    FcPatternAddBool(pattern.get(), FC_VARIABLE, FcFalse);
    return pattern;
}

// The best file for this family. `exact`: of no other family, whatever the user's configuration puts in its place.
std::optional<FontFile> best_match(FcConfig* config, const char* family, int weight, bool exact) {
    const Pattern pattern = upright(family, weight);
    if (!exact) {
        FcConfigSubstitute(config, pattern.get(), FcMatchPattern);
    }
    FcDefaultSubstitute(pattern.get());
    FcResult result = FcResultNoMatch;
    const Pattern match(FcFontMatch(config, pattern.get(), &result));
    if (!match || (exact && !has_family(match.get(), family)) || is_coloured_or_bitmap(match.get())) {
        return std::nullopt;
    }
    return file_of(match.get());
}

std::vector<std::pair<char32_t, char32_t>> coverage_of(FT_Face face) {
    std::vector<std::pair<char32_t, char32_t>> runs;
    FT_UInt glyph = 0;
    FT_ULong code_point = FT_Get_First_Char(face, &glyph);
    while (glyph != 0) {
        if (!runs.empty() && runs.back().second + 1 == code_point) {
            runs.back().second = static_cast<char32_t>(code_point);
        } else {
            runs.emplace_back(static_cast<char32_t>(code_point), static_cast<char32_t>(code_point));
        }
        const FT_ULong before = code_point;
        code_point = FT_Get_Next_Char(face, code_point, &glyph);
        if (code_point <= before) {
            break; // a damaged table must not keep us here
        }
    }
    return runs;
}

// Mapped, as FreeType itself would: only what is looked at takes memory, and the kernel may take it back.
std::shared_ptr<const std::span<const char>> map(const std::string& path) {
    const base::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)); // a pipe must not keep us here
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size <= 0 ||
        static_cast<std::size_t>(status.st_size) > kMaxFileBytes) {
        return nullptr;
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    void* start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
    if (start == MAP_FAILED) {
        return nullptr;
    }
    return {new std::span<const char>(static_cast<const char*>(start), size), [](const std::span<const char>* mapped) {
                ::munmap(const_cast<char*>(mapped->data()), mapped->size());
                delete mapped;
            }};
}

} // namespace

void FontFace::release_pages() const {
    // Advice: where it is not taken the pages only stay.
    static_cast<void>(::madvise(const_cast<char*>(data_->data()), data_->size(), MADV_DONTNEED));
}

base::Result<FontFace> FontFace::load(const FontFile& file) {
    FontFace face;
    face.data_ = map(file.path);
    if (!face.data_) {
        return base::failed(base::ErrorKind::system, fmt::format("{} could not be read.", file.path));
    }
    face.index_ = file.index;
    face.family_ = file.family;

    FT_Library raw_library = nullptr;
    if (FT_Init_FreeType(&raw_library) != 0) {
        return base::failed(base::ErrorKind::system, "FreeType could not be started.");
    }
    const std::unique_ptr<FT_LibraryRec_, LibraryDeleter> library(raw_library);
    FT_Face raw_face = nullptr;
    if (FT_New_Memory_Face(raw_library, reinterpret_cast<const FT_Byte*>(face.data_->data()),
                           static_cast<FT_Long>(face.data_->size()), file.index, &raw_face) != 0) {
        return base::failed(base::ErrorKind::malformed, fmt::format("{} is not a font that can be used.", file.path));
    }
    const std::unique_ptr<FT_FaceRec_, FaceDeleter> ft_face(raw_face);
    if (!FT_IS_SCALABLE(raw_face) || raw_face->units_per_EM == 0 || raw_face->ascender <= raw_face->descender ||
        FT_Select_Charmap(raw_face, FT_ENCODING_UNICODE) != 0) {
        return base::failed(base::ErrorKind::malformed, fmt::format("{} has no outlines for Unicode text.", file.path));
    }
    face.height_in_ems_ =
        static_cast<float>(raw_face->ascender - raw_face->descender) / static_cast<float>(raw_face->units_per_EM);
    face.coverage_ = coverage_of(raw_face);
    return face;
}

bool FontFace::has(char32_t code_point) const {
    const auto after = std::ranges::upper_bound(coverage_, code_point, {}, &std::pair<char32_t, char32_t>::first);
    return after != coverage_.begin() && code_point <= std::prev(after)->second;
}

struct InstalledFonts::State {
    FcConfig* config = FcInitLoadConfigAndFonts(); // our own reference, not the process's current configuration
    ~State() {
        if (config != nullptr) {
            FcConfigDestroy(config);
        }
    }
};

InstalledFonts::InstalledFonts() : state_(std::make_unique<State>()) {}
InstalledFonts::~InstalledFonts() = default;

std::vector<FontFile> InstalledFonts::candidates(FontRole role,
                                                 const std::function<bool(const FontFile&)>& enough) const {
    std::vector<FontFile> files;
    if (state_->config == nullptr) {
        return files;
    }
    const bool mono = role == FontRole::mono;
    const int weight = role == FontRole::strong ? FC_WEIGHT_DEMIBOLD : FC_WEIGHT_REGULAR;
    const auto add = [&](const char* family, bool exact) {
        auto file = best_match(state_->config, family, weight, exact);
        if (!file) {
            return false;
        }
        files.push_back(std::move(*file));
        return enough(files.back());
    };
    for (const char* family : {mono ? "JetBrains Mono" : "Inter", mono ? "DejaVu Sans Mono" : "DejaVu Sans",
                               mono ? "Noto Sans Mono" : "Noto Sans"}) {
        if (add(family, true)) {
            return files;
        }
    }
    static_cast<void>(add(mono ? "monospace" : "sans-serif", false));
    return files;
}

std::vector<FontFile> InstalledFonts::covering(std::span<const char32_t> code_points) const {
    std::vector<FontFile> files;
    if (state_->config == nullptr || code_points.empty()) {
        return files;
    }
    const CharSet missing(FcCharSetCreate());
    for (const char32_t code_point : code_points) {
        FcCharSetAddChar(missing.get(), code_point);
    }
    const Pattern pattern = upright("sans-serif", FC_WEIGHT_REGULAR);
    FcPatternAddCharSet(pattern.get(), FC_CHARSET, missing.get());
    FcConfigSubstitute(state_->config, pattern.get(), FcMatchPattern);
    FcDefaultSubstitute(pattern.get());
    FcResult result = FcResultNoMatch;
    const FontList list(FcFontSort(state_->config, pattern.get(), FcFalse, nullptr, &result));
    CharSet left(FcCharSetCopy(missing.get()));
    for (int n = 0; list && n < list->nfont && files.size() < kMaxFallbackFiles; ++n) {
        const FcPattern* font = list->fonts[n];
        FcCharSet* has = nullptr;
        if (is_coloured_or_bitmap(font) || FcPatternGetCharSet(font, FC_CHARSET, 0, &has) != FcResultMatch ||
            FcCharSetIntersectCount(left.get(), has) == 0) {
            continue;
        }
        if (auto file = file_of(font)) {
            files.push_back(std::move(*file));
            left.reset(FcCharSetSubtract(left.get(), has));
        }
    }
    return files;
}

} // namespace portside::shell
