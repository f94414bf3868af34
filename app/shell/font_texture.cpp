// SPDX-License-Identifier: MIT
// UI thread, with the window's context current.
#include "app/shell/font_texture.h"

#include "app/imgui_versions.h"

#include <array>
#include <glad/gl.h>
#include <optional>

namespace portside::shell {

void make_font_texture(ImFontAtlas& atlas, const std::function<void()>& by_backend) {
    const bool swizzles = GLAD_GL_VERSION_3_3 != 0;
    {
        std::optional<imgui::OnePixel> instead;
        if (swizzles) {
            instead.emplace(atlas);
        }
        by_backend();
    }
    const auto glyphs = imgui::glyph_pixels(atlas);
    if (glyphs.opacity != nullptr && swizzles) {
        // White, and as opaque as the one channel says (OpenGL 3.3, 3.8.2).
        constexpr std::array<GLint, 4> kChannels{GL_ONE, GL_ONE, GL_ONE, GL_RED};
        GLint bound = 0;
        glGetIntegerv(GL_TEXTURE_BINDING_2D, &bound);
        glBindTexture(GL_TEXTURE_2D, glyphs.texture);
        glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
        glTexImage2D(GL_TEXTURE_2D, 0, GL_R8, glyphs.width, glyphs.height, 0, GL_RED, GL_UNSIGNED_BYTE, glyphs.opacity);
        glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
        glTexParameteriv(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_RGBA, kChannels.data());
        glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(bound));
    }
    imgui::forget_texture(atlas);
}

} // namespace portside::shell
