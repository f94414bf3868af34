// SPDX-License-Identifier: MIT
// The first fonts, made on a thread of their own while the window is made. The object: UI thread.
#pragma once

#include "app/shell/fonts.h"

#include <functional>
#include <future>
#include <imgui.h>
#include <memory>

namespace portside::shell {

struct StartedFonts {
    std::unique_ptr<Fonts> fonts;
    std::unique_ptr<ImFontAtlas> atlas;
    FontSet set;
    float scale = 1; // they were built for
};

class FontStart {
  public:
    // Begins at once; `then` (or nothing) is called on that thread when they are made. No ImGui context may be made
    // before take(): it would count the other thread's memory.
    FontStart(float scale, std::function<void()> then);
    // Waits until they are made; once.
    [[nodiscard]] StartedFonts take() { return made_.get(); }

  private:
    std::future<StartedFonts> made_; // where there is no thread to be had they are made in take()
};

} // namespace portside::shell
