// SPDX-License-Identifier: MIT
// The glyphs' texture, as small as it can be. UI thread, with the window's context current.
#pragma once

struct ImFontAtlas;

namespace portside::shell {

// The renderer's backend makes a texture of four bytes a pixel where glyphs have one: this puts the one in its place,
// in the same texture, and frees what only that took. Where the driver has no OpenGL 3.3 the texture stays as it is.
// After the backend has made it, and each time that it did.
void settle_font_texture(ImFontAtlas& atlas);

} // namespace portside::shell
