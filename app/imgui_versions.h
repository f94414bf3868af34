// SPDX-License-Identifier: MIT
// What differs between Dear ImGui's versions, and nowhere else. Both ui and shell may include this one header.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <imgui.h>
#include <imgui_freetype.h>
#include <imgui_impl_opengl3.h>
#include <imgui_internal.h>
#include <span>
#include <utility>

#if IMGUI_VERSION_NUM < 18600
#error "Portside needs Dear ImGui 1.86 or later (Debian 12 has it as libimgui-dev)"
#endif

// For drawing: sizes of fonts, outlines, the focus ring. UI thread.
namespace portside::imgui {

inline constexpr ImGuiCol kFocusRing =
#if IMGUI_VERSION_NUM >= 19136
    ImGuiCol_NavCursor;
#else
    ImGuiCol_NavHighlight;
#endif

// Since 19276 the thickness stands before the flags.
inline void add_rect(ImDrawList& list, ImVec2 min, ImVec2 max, ImU32 color, float rounding, float thickness) {
#if IMGUI_VERSION_NUM >= 19276
    list.AddRect(min, max, color, rounding, thickness);
#else
    list.AddRect(min, max, color, rounding, 0, thickness);
#endif
}

inline void stroke_path(ImDrawList& list, ImU32 color, float thickness) {
#if IMGUI_VERSION_NUM >= 19276
    list.PathStroke(color, thickness);
#else
    list.PathStroke(color, 0, thickness);
#endif
}

// The size at which the window room built this font, in pixels.
inline float size_of(ImFont& font) {
#if IMGUI_VERSION_NUM >= 19198
    return font.LegacySize;
#else
    return font.FontSize;
#endif
}

// From the top of a line to its baseline, in pixels.
inline float ascent_of(ImFont& font) {
#if IMGUI_VERSION_NUM >= 19198
    return font.GetFontBaked(font.LegacySize)->Ascent;
#else
    return font.Ascent;
#endif
}

inline void push_font(ImFont& font) {
#if IMGUI_VERSION_NUM >= 19198
    ImGui::PushFont(&font, font.LegacySize);
#else
    ImGui::PushFont(&font);
#endif
}

// Whether the font itself has the glyph, not its fallback.
inline bool has_glyph(ImFont& font, ImWchar code_point) {
#if IMGUI_VERSION_NUM >= 19198
    return font.IsGlyphInFont(code_point);
#else
    return font.FindGlyphNoFallback(code_point) != nullptr;
#endif
}

} // namespace portside::imgui

namespace portside::imgui {

// For the window room: input, fonts and their atlas.

// Whether ImGui still holds input that no frame was shown: another frame is due at once.
inline bool input_left() {
#if IMGUI_VERSION_NUM >= 18700
    return ImGui::GetCurrentContext()->InputEventsQueue.Size != 0;
#else
    return false;
#endif
}

// Glyphs by FreeType, hinted in height only: sharp lines, and letters where the font's makers put them.
inline void use_freetype(ImFontAtlas& atlas) {
#if IMGUI_VERSION_NUM >= 19198
    atlas.FontLoader = ImGuiFreeType::GetFontLoader();
    atlas.FontLoaderFlags = ImGuiFreeTypeLoaderFlags_LightHinting;
#else
    atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
    atlas.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
#endif
}

// `data` is the caller's, and stays so until the atlas is cleared. ImGui before 1.92 would copy it for each size.
inline ImFont* add_font(ImFontAtlas& atlas, ImFontConfig config, std::span<const char> data) {
    config.FontData = const_cast<char*>(data.data()); // it is only read
    config.FontDataSize = static_cast<int>(data.size());
#if IMGUI_VERSION_NUM >= 19198
    config.FontDataOwnedByAtlas = false;
    return atlas.AddFont(&config);
#else
    config.FontDataOwnedByAtlas = true;
    ImFont* font = atlas.AddFont(&config);
    atlas.ConfigData.back().FontDataOwnedByAtlas = false;
    return font;
#endif
}

// The size that a font of that many pixels can have: later versions cut or round it to whole pixels, 1.86 takes any.
inline float font_pixels(float pixels) {
#if IMGUI_VERSION_NUM >= 18700
    return std::round(pixels);
#else
    return pixels;
#endif
}

// False: a font in it could not be used. Since 1.92 glyphs are made when they are drawn.
inline bool build(ImFontAtlas& atlas) {
#if IMGUI_VERSION_NUM >= 19198
    return !atlas.Fonts.empty();
#else
    return atlas.Build();
#endif
}

// Draws the glyphs. Since 1.92 that is done piece by piece.
inline void prepare_texture([[maybe_unused]] ImFontAtlas& atlas) {
#if IMGUI_VERSION_NUM < 19198
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    atlas.GetTexDataAsAlpha8(&pixels, &width, &height);
#endif
}

// While it lives, the atlas says that the whole texture is one white pixel: the backend, which would have the glyphs
// turned into four bytes a pixel, makes a texture for glyph_pixels() at once. Nothing where there are none.
class OnePixel {
  public:
    explicit OnePixel([[maybe_unused]] ImFontAtlas& atlas) {
#if IMGUI_VERSION_NUM < 19198
        if (atlas.TexPixelsAlpha8 != nullptr && atlas.TexPixelsRGBA32 == nullptr && !atlas.TexPixelsUseColors) {
            atlas_ = &atlas;
            width_ = std::exchange(atlas.TexWidth, 1);
            height_ = std::exchange(atlas.TexHeight, 1);
            atlas.TexPixelsRGBA32 = &pixel_;
        }
#endif
    }
    ~OnePixel() {
#if IMGUI_VERSION_NUM < 19198
        if (atlas_ != nullptr) {
            atlas_->TexPixelsRGBA32 = nullptr;
            atlas_->TexWidth = width_;
            atlas_->TexHeight = height_;
        }
#endif
    }
    OnePixel(const OnePixel&) = delete;
    OnePixel& operator=(const OnePixel&) = delete;

  private:
    ImFontAtlas* atlas_ = nullptr;
    int width_ = 0;
    int height_ = 0;
    unsigned int pixel_ = 0xFFFF'FFFF;
};

#if IMGUI_VERSION_NUM < 19198
// OpenGL's name of the texture that the renderer's backend made: an integer or a pointer, by version.
inline unsigned int texture_name(const ImFontAtlas& atlas) {
    return (unsigned int)(std::uintptr_t)atlas.TexID;
}
#endif

// How opaque each pixel of the texture is, until forget_texture(). Nothing (null) where glyphs have colours of their
// own, and since 1.92, where the backend changes the texture piece by piece.
struct GlyphPixels {
    int width = 0;
    int height = 0;
    const unsigned char* opacity = nullptr; // the atlas's
    unsigned int texture = 0;               // OpenGL's name of it
};
inline GlyphPixels glyph_pixels([[maybe_unused]] ImFontAtlas& atlas) {
    GlyphPixels glyphs;
#if IMGUI_VERSION_NUM < 19198
    if (!atlas.TexPixelsUseColors) {
        unsigned char* pixels = nullptr;
        atlas.GetTexDataAsAlpha8(&pixels, &glyphs.width, &glyphs.height);
        glyphs.opacity = pixels;
        glyphs.texture = texture_name(atlas);
    }
#endif
    return glyphs;
}

// Frees what only the renderer needed, once it has the texture. Since 1.92 the atlas goes on growing.
inline void forget_texture([[maybe_unused]] ImFontAtlas& atlas) {
#if IMGUI_VERSION_NUM < 19198
    atlas.ClearTexData();
#endif
}

// Hands a rebuilt atlas to the renderer, between frames. Since 1.92 the renderer follows the atlas by itself.
inline void renew_font_texture() {
#if IMGUI_VERSION_NUM < 19198
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
}

// The longer side of the atlas's texture, in pixels. Since 1.92 the renderer's limit is kept by ImGui itself.
inline int texture_side([[maybe_unused]] const ImFontAtlas& atlas) {
#if IMGUI_VERSION_NUM >= 19198
    return 0;
#else
    return atlas.TexWidth > atlas.TexHeight ? atlas.TexWidth : atlas.TexHeight;
#endif
}

// Input. Before 1.87 it is state that is set for the next frame, and the backend's own must be overridden after its
// NewFrame. Since then it is events; the modifiers are told by us, because the backend reads them ahead of the events
// that we queue.
#if IMGUI_VERSION_NUM >= 18700
inline constexpr ImGuiKey kKeypadEnter = ImGuiKey_KeypadEnter;
inline constexpr ImGuiKey kNoKey = ImGuiKey_None;
#else
inline constexpr ImGuiKey kKeypadEnter = ImGuiKey_KeyPadEnter;
inline constexpr ImGuiKey kNoKey = ImGuiKey_COUNT;
#endif

inline void tell_key(ImGuiKey key, bool down) {
#if IMGUI_VERSION_NUM >= 18700
    ImGui::GetIO().AddKeyEvent(key, down);
#else
    ImGuiIO& io = ImGui::GetIO();
    io.KeysDown[io.KeyMap[key]] = down;
#endif
}

inline void tell_modifiers(bool control, bool shift, bool alt, bool super) {
    ImGuiIO& io = ImGui::GetIO();
#if IMGUI_VERSION_NUM >= 18900
    io.AddKeyEvent(ImGuiMod_Ctrl, control);
    io.AddKeyEvent(ImGuiMod_Shift, shift);
    io.AddKeyEvent(ImGuiMod_Alt, alt);
    io.AddKeyEvent(ImGuiMod_Super, super);
#elif IMGUI_VERSION_NUM >= 18700
    io.AddKeyEvent(ImGuiKey_ModCtrl, control);
    io.AddKeyEvent(ImGuiKey_ModShift, shift);
    io.AddKeyEvent(ImGuiKey_ModAlt, alt);
    io.AddKeyEvent(ImGuiKey_ModSuper, super);
#else
    io.KeyCtrl = control;
    io.KeyShift = shift;
    io.KeyAlt = alt;
    io.KeySuper = super;
#endif
}

inline void tell_pointer([[maybe_unused]] ImVec2 position) {
#if IMGUI_VERSION_NUM >= 18700
    ImGui::GetIO().AddMousePosEvent(position.x, position.y);
#endif
}

inline void tell_button([[maybe_unused]] int button, [[maybe_unused]] bool down) {
#if IMGUI_VERSION_NUM >= 18700
    ImGui::GetIO().AddMouseButtonEvent(button, down);
#endif
}

inline void tell_wheel(float x, float y) {
    ImGuiIO& io = ImGui::GetIO();
#if IMGUI_VERSION_NUM >= 18700
    io.AddMouseWheelEvent(x, y);
#else
    io.MouseWheelH += x;
    io.MouseWheel += y;
#endif
}

// Between the backend's NewFrame and ImGui's.
inline void set_pointer([[maybe_unused]] ImVec2 position, [[maybe_unused]] std::span<const bool, 5> buttons) {
#if IMGUI_VERSION_NUM < 18700
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = position;
    std::copy(buttons.begin(), buttons.end(), io.MouseDown);
#endif
}

} // namespace portside::imgui
