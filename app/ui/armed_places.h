// SPDX-License-Identifier: MIT
// What stood in each place of the screen in one frame, and since when (arming.h). As few places as lines fit into the
// window, so a plain list is enough; its memory serves every frame. UI thread.
#pragma once

#include "app/ui/model.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace portside::ui {

// A button reacts only if its row and meaning were the same for 300 ms.
struct Armed {
    snapshot::RowKey row;
    RowAction action = RowAction::none;
    bool question = false;     // the question's buttons, not the row's own
    std::uint64_t sockets = 0; // fingerprint of the row's inodes: a kill takes what was drawn
    SteadyTime since;
    bool operator==(const Armed&) const = default;
};

class ArmedPlaces {
  public:
    // Null where nothing was drawn there.
    [[nodiscard]] const Armed* find(int place) const {
        const auto found = std::ranges::find(places_, place, &Place::first);
        return found != places_.end() ? &found->second : nullptr;
    }
    [[nodiscard]] bool contains(int place) const { return find(place) != nullptr; }
    void put(int place, const Armed& armed) {
        const auto found = std::ranges::find(places_, place, &Place::first);
        if (found != places_.end()) {
            found->second = armed;
        } else {
            places_.emplace_back(place, armed);
        }
    }
    void clear() { places_.clear(); }

  private:
    using Place = std::pair<int, Armed>;
    std::vector<Place> places_;
};

} // namespace portside::ui
