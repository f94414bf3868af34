// SPDX-License-Identifier: MIT
// Asking fontconfig, reading faces and drawing glyphs take a third of the window's own time. UI thread.
#include "app/shell/font_start.h"

#include "app/imgui_versions.h"

namespace portside::shell {
namespace {

StartedFonts make(float scale) {
    StartedFonts made;
    made.scale = scale;
    made.fonts = std::make_unique<Fonts>();
    made.atlas = std::make_unique<ImFontAtlas>();
    made.set = made.fonts->build(*made.atlas, scale);
    imgui::prepare_texture(*made.atlas);
    return made;
}

} // namespace

FontStart::FontStart(float scale) : made_(std::async(std::launch::async | std::launch::deferred, make, scale)) {}

} // namespace portside::shell
