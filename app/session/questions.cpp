// SPDX-License-Identifier: MIT
#include "app/session/questions.h"

#include <utility>

namespace portside::session {

void Questions::ask_now(Asked asked) {
    if (!asked_.empty()) {
        asked_.pop_front();
    }
    asked_.push_front(std::move(asked));
}

void Questions::ask_later(Asked asked) {
    asked_.push_back(std::move(asked));
}

void Questions::drop(const snapshot::RowKey& row) {
    std::erase_if(asked_, [&](const Asked& one) { return one.question.row == row; });
}

void Questions::keep_rows_of(const snapshot::Snapshot& snapshot) {
    std::erase_if(asked_, [&](const Asked& one) { return snapshot.find_row(one.question.row) == nullptr; });
}

std::optional<Asked> Questions::take_first() {
    if (asked_.empty()) {
        return std::nullopt;
    }
    auto first = std::move(asked_.front());
    asked_.pop_front();
    return first;
}

} // namespace portside::session
