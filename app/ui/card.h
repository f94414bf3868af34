// SPDX-License-Identifier: MIT
// A card in the middle of the window that has the keyboard and the pointer while it is open. UI thread.
#pragma once

#include "app/ui/frame.h"

namespace portside::ui {

// Dims everything below and draws the card; what is drawn next stands on it. Always followed by end_card.
[[nodiscard]] Rect begin_card(Frame& frame, const char* name, float width, float height);
// True when the pointer was pressed beside the card.
bool end_card(const Frame& frame, const Rect& card);

} // namespace portside::ui
