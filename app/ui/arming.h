// SPDX-License-Identifier: MIT
// A button reacts only if its row and meaning were the same for 300 ms: against a row that slips under the hand. UI
// thread.
#pragma once

#include "app/ui/frame.h"

#include <chrono>
#include <cstdint>

namespace portside::ui {

inline constexpr std::chrono::milliseconds kArmingTime{300};

// Places in UiState::armed that are no line of the list.
inline constexpr int kSelectionPlace = -1;
inline constexpr int kQuestionPlace = -2;
inline constexpr int kMenuPlace = -100; // of the menu's first entry; those below it have smaller numbers

// What a button of this row means now (its `since` is left empty).
[[nodiscard]] Armed meaning_of(const snapshot::Row& row, RowAction action);
[[nodiscard]] Armed meaning_of(const snapshot::Row& row, const Question& question);

// What Enter means in the question of this row: an index into its answers, or their number for Cancel.
[[nodiscard]] std::size_t chosen_answer(const UiState& state, const snapshot::Row& row, const Question& question);

// Whether the same stood there in the last frame and for 300 ms before now.
[[nodiscard]] bool is_settled(const Frame& frame, int place, const Armed& meaning);
// The same, and remembers that it is drawn there in this frame.
bool settle(Frame& frame, int place, Armed meaning);

// Forgets everything when the list itself has moved.
void note_list_place(UiState& state, const UiState::ListPlace& place);

// The intent for a row's own button, with the identity and the sockets of this row.
[[nodiscard]] Act act_on(const snapshot::Row& row, RowAction action);

// A stable hash of what a row is, for ImGui's IDs.
[[nodiscard]] std::uint64_t hash_of(const snapshot::RowKey& key);

} // namespace portside::ui
