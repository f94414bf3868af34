// SPDX-License-Identifier: MIT
// Texts of rows on the screen. UI thread.
#include "app/ui/drawn_texts.h"

#include "app/ui/row_text.h"
#include "app/ui/ways.h"

#include <fmt/format.h>

namespace portside::ui {

namespace {

constexpr std::size_t kMostTexts = 1000; // many screens full; who scrolls through everything makes them anew

DrawnText made_for(const snapshot::Snapshot& snapshot, const snapshot::Row& row, std::string_view home) {
    DrawnText text;
    if (const auto* process = snapshot::topmost_process(snapshot, row)) {
        const bool forwards = row.container && is_forwarder(*process);
        text.voice = forwards ? container_title(*row.container) : second_voice(*process, home);
        text.keeper = keeper_badge(row, *process);
        text.project = process->project ? with_tilde(*process->project, home) : std::string();
    } else {
        text.title = ownerless_title(row);
        text.voice = candidates_voice(snapshot, row);
        text.candidates = candidates_badge(row);
    }
    text.knowledge = knowledge_text(row);
    if (row.owners.size() > 1) {
        text.others = fmt::format("+{}", row.owners.size() - 1);
    }
    return text;
}

} // namespace

const DrawnText& DrawnTexts::of(const snapshot::SnapshotPtr& snapshot, std::uint32_t row, std::string_view home,
                                snapshot::WallTime clock) {
    if (of_ != snapshot || texts_.size() >= kMostTexts) {
        of_ = snapshot;
        texts_.clear();
    }
    const auto [text, is_new] = texts_.try_emplace(row);
    if (is_new) {
        text->second = made_for(*snapshot, snapshot->rows[row], home);
    }
    AgeText& age = text->second.age;
    if (is_new || (age.until && clock >= *age.until)) {
        const auto since = snapshot::since_of(*snapshot, snapshot->rows[row]);
        age = since ? age_text(*since, clock) : AgeText{};
    }
    return text->second;
}

} // namespace portside::ui
