// SPDX-License-Identifier: MIT
// The glyphs' texture, as small as it can be. UI thread, with the window's context current.
#pragma once

#include <functional>

struct ImFontAtlas;

namespace portside::shell {

// `by_backend` has the renderer's backend make the texture, which takes four bytes a pixel where glyphs have one: it
// gets one pixel to make it of, then the glyphs are put into it as they are, and freed. Where the driver has no
// OpenGL 3.3 the texture is the backend's.
void make_font_texture(ImFontAtlas& atlas, const std::function<void()>& by_backend);

} // namespace portside::shell
