// SPDX-License-Identifier: MIT
#include "app/overlay/drawn_glyphs.h"

#include "app/overlay/code_points.h"

#include <string_view>

namespace portside::overlay {

std::vector<char32_t> DrawnGlyphs::news(const ui::Model& model, const ui::UiState& state) {
    std::vector<char32_t> found;
    const auto add = [&found](const auto& of) {
        const auto more = code_points_of(of);
        found.insert(found.end(), more.begin(), more.end());
    };
    const auto add_text = [&add](const std::string& text) { add(std::string_view(text)); };
    if (model.snapshot && model.snapshot != snapshot_) {
        snapshot_ = model.snapshot;
        add(*snapshot_);
    }
    if (model.tags && model.tags != tags_) {
        tags_ = model.tags;
        for (const auto& label : tags_->labels) {
            add_text(label.text);
        }
    }
    if (model.connections && model.connections != connections_) {
        connections_ = model.connections;
        for (const auto& one : connections_->some) {
            add_text(one.peer_name);
        }
    }
    if (model.keeper != keeper_) {
        keeper_ = model.keeper;
        if (keeper_) {
            for (const auto* text : {&keeper_->description, &keeper_->state, &keeper_->restart, &keeper_->starters,
                                     &keeper_->image, &keeper_->problem}) {
                add_text(*text);
            }
        }
    }
    for (const auto& notice : model.notices) {
        if (notice.id > notice_) {
            notice_ = notice.id;
            add_text(notice.text);
        }
    }
    if (state.filter != filter_) { // typed or pasted in the last frame
        filter_ = state.filter;
        add_text(filter_);
    }
    if (state.naming && state.naming->text != naming_) {
        naming_ = state.naming->text;
        add_text(naming_);
    }
    return found;
}

} // namespace portside::overlay
