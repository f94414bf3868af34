// SPDX-License-Identifier: MIT
// Which rows are to be seen at all, and what the person noted of ports.
#include "app/session/session.h"

#include <algorithm>

namespace portside::session {

// What is known of the rows, which of them are in scope, and how many each view would show.
void Session::renew_scope() {
    const snapshot::Snapshot& snapshot = *model_.snapshot;
    const bool anew = std::exchange(tags_stale_, false);
    if (anew) {
        model_.tags = snapshot::tags_of(snapshot, *model_.book, {current_uid_, first_person_});
    }
    scope_.view = model_.view;
    const auto shown_before = std::exchange(scope_.shown_anyway, {});
    const bool hid_before = std::exchange(scope_.hide_system, settings().hide_system_ports);
    if (scope_.hide_system) { // nobody waits for an answer that cannot be seen
        const auto show = [&](const snapshot::RowKey& key) {
            if (const auto* const row = snapshot.find_row(key)) {
                scope_.shown_anyway.push_back(static_cast<std::uint32_t>(row - snapshot.rows.data()));
            }
        };
        for (const auto& [key, tracking] : tracked_.all()) {
            show(key);
        }
        for (const auto& asked : questions_.all()) {
            show(asked.question.row);
        }
        if (reveal_row_) {
            show(*reveal_row_);
        }
        auto& shown = scope_.shown_anyway;
        std::ranges::sort(shown);
        shown.erase(std::ranges::unique(shown).begin(), shown.end());
    }
    if (anew || hid_before != scope_.hide_system || shown_before != scope_.shown_anyway) {
        model_.view_counts = snapshot::count_views(*model_.tags, scope_);
    }
}

void Session::act(const ui::SetView& intent) {
    arrangement_stale_ = arrangement_stale_ || intent.view != model_.view;
    model_.view = intent.view;
}

// The overlay room writes it to the file.
void Session::act(const ui::SetPortNote& intent) {
    auto book = *model_.book;
    if (intent.note.empty()) {
        book.erase(intent.port);
    } else {
        book.insert_or_assign(intent.port, intent.note);
    }
    model_.book = std::make_shared<snapshot::PortBook>(std::move(book));
    tags_stale_ = true;
    arrangement_stale_ = true;
}

} // namespace portside::session
