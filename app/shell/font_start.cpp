// SPDX-License-Identifier: MIT
// Asking fontconfig, reading faces and drawing glyphs take a third of the window's own time. UI thread.
#include "app/shell/font_start.h"

#include "app/imgui_versions.h"

namespace portside::shell {
namespace {

StartedFonts make(float scale, const std::function<void()>& then) {
    StartedFonts made;
    made.scale = scale;
    made.fonts = std::make_unique<Fonts>();
    made.atlas = std::make_unique<ImFontAtlas>();
    made.set = made.fonts->build(*made.atlas, scale);
    imgui::prepare_texture(*made.atlas);
    if (then) {
        then();
    }
    return made;
}

} // namespace

FontStart::FontStart(float scale, std::function<void()> then)
    : made_(std::async(std::launch::async | std::launch::deferred, make, scale, std::move(then))) {}

} // namespace portside::shell
