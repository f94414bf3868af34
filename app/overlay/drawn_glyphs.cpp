// SPDX-License-Identifier: MIT
#include "app/overlay/drawn_glyphs.h"

#include "app/overlay/code_points.h"

#include <string_view>

namespace portside::overlay {

namespace {

void ask_for(shell::Window& window, std::string_view text) {
    window.add_code_points(code_points_of(text));
}

} // namespace

void DrawnGlyphs::ask(shell::Window& window, const ui::Model& model, const ui::UiState& state) {
    if (model.snapshot && model.snapshot != snapshot_) {
        snapshot_ = model.snapshot;
        window.add_code_points(code_points_of(*snapshot_));
    }
    if (model.tags && model.tags != tags_) {
        tags_ = model.tags;
        for (const auto& label : tags_->labels) {
            ask_for(window, label.text);
        }
    }
    if (model.connections && model.connections != connections_) {
        connections_ = model.connections;
        for (const auto& one : connections_->some) {
            ask_for(window, one.peer_name);
        }
    }
    if (model.keeper && model.keeper->description != keeper_) {
        keeper_ = model.keeper->description;
        ask_for(window, keeper_);
    }
    for (const auto& notice : model.notices) {
        if (notice.id > notice_) {
            notice_ = notice.id;
            ask_for(window, notice.text);
        }
    }
    if (state.filter != filter_) { // typed or pasted in the last frame
        filter_ = state.filter;
        ask_for(window, filter_);
    }
    if (state.naming && state.naming->text != naming_) {
        naming_ = state.naming->text;
        ask_for(window, naming_);
    }
}

} // namespace portside::overlay
