// SPDX-License-Identifier: MIT
// Draws canned models in the real window and writes each as a PPM picture: README's screenshots. One thread.
// usage: test_pictures FOLDER
#include "app/shell/window.h"
#include "app/ui/draw.h"
#include "tests/support/canned_snapshots.h"

#include <cstdio>
#include <fmt/format.h>
#include <functional>
#include <imgui.h>

namespace {

using namespace portside;

struct Scene {
    const char* name;
    ui::Theme theme;
    std::function<ui::Model(ui::SteadyTime)> model;
    std::function<void(ui::UiState&, const ui::Model&)> arrange;
};

ui::UiState first_state() {
    return {};
}

void select_row(ui::UiState& state, const ui::Model& model, std::size_t index) {
    state.selected = model.snapshot->rows.at(index).key;
    state.focus = ui::Focus::table;
    state.focus_filter_next_frame = false;
}

std::vector<Scene> scenes() {
    const auto idle = [](ui::SteadyTime now) { return canned::model_of(canned::developer_machine(), now); };
    const auto nothing = [](ui::UiState&, const ui::Model&) {};
    return {
        {"dark", ui::dark_theme(), canned::busy_model, nothing},
        {"light", ui::light_theme(), canned::busy_model, nothing},
        {"details", ui::dark_theme(), idle,
         [](ui::UiState& state, const ui::Model& model) {
             select_row(state, model, 3);
             state.details_open = true;
         }},
        {"menu", ui::dark_theme(), idle,
         [](ui::UiState& state, const ui::Model& model) {
             select_row(state, model, 4);
             state.menu = ui::UiState::RowMenu{.row = *state.selected, .chosen = 1};
         }},
        {"menu_light", ui::light_theme(), idle,
         [](ui::UiState& state, const ui::Model& model) {
             select_row(state, model, 10);
             state.menu = ui::UiState::RowMenu{.row = *state.selected, .chosen = 0};
         }},
        {"question", ui::dark_theme(), canned::asking_model,
         [](ui::UiState& state, const ui::Model& model) { select_row(state, model, 4); }},
        {"question_light", ui::light_theme(), canned::asking_model,
         [](ui::UiState& state, const ui::Model& model) { select_row(state, model, 4); }},
        {"candidates", ui::dark_theme(), idle,
         [](ui::UiState& state, const ui::Model& model) {
             select_row(state, model, 0);
             state.details_open = true;
         }},
        {"no_match", ui::dark_theme(),
         [](ui::SteadyTime now) {
             auto model = canned::model_of(canned::developer_machine(), now);
             model.arrangement.hidden = model.arrangement.rows.size();
             model.arrangement.rows.clear();
             return model;
         },
         [](ui::UiState& state, const ui::Model&) { state.filter = "port:4321"; }},
        {"many", ui::dark_theme(), [](ui::SteadyTime now) { return canned::model_of(canned::many_rows(10'000), now); },
         nothing},
        {"hostile", ui::light_theme(),
         [](ui::SteadyTime now) { return canned::model_of(canned::hostile_names(), now); }, nothing},
    };
}

ui::Look look_of(const shell::Window& window, const ui::Theme& theme) {
    const auto& fonts = window.fonts();
    return {fonts.text, fonts.strong, fonts.search, fonts.small, fonts.mono, theme, window.scale()};
}

// Frames a second apart, so that what slides in or glows has come to rest.
shell::Picture draw_scene(shell::Window& window, const Scene& scene) {
    auto state = first_state();
    auto now = std::chrono::steady_clock::now();
    auto model = scene.model(now);
    scene.arrange(state, model);
    for (int frame = 0; frame < 6; ++frame) {
        static_cast<void>(window.wait(std::chrono::steady_clock::now()));
        static_cast<void>(window.refresh_fonts());
        const auto look = look_of(window, scene.theme);
        ui::apply_style(ImGui::GetStyle(), look.theme, look.scale);
        model.now = now + std::chrono::milliseconds(150) * frame;
        window.begin_frame();
        static_cast<void>(ui::draw(model, state, look, window.keys()));
        window.render(scene.theme.background);
        if (frame == 5) {
            return window.read_pixels();
        }
        window.present();
    }
    return {};
}

bool write(const std::string& path, const shell::Picture& picture) {
    std::FILE* file = std::fopen(path.c_str(), "wbe");
    if (file == nullptr) {
        return false;
    }
    fmt::print(file, "P6\n{} {}\n255\n", picture.width, picture.height);
    const bool written = std::fwrite(picture.rgb.data(), 1, picture.rgb.size(), file) == picture.rgb.size();
    return std::fclose(file) == 0 && written;
}

} // namespace

int main(int count, char** words) {
    if (count != 2) {
        fmt::print(stderr, "usage: test_pictures FOLDER\n");
        return 2;
    }
    auto window = shell::Window::open();
    if (!window) {
        fmt::print(stderr, "{}\n", window.error().what);
        return 1;
    }
    for (const auto& scene : scenes()) {
        const auto path = fmt::format("{}/{}.ppm", words[1], scene.name);
        if (!write(path, draw_scene(**window, scene))) {
            fmt::print(stderr, "{} could not be written\n", path);
            return 1;
        }
        fmt::print("{}\n", scene.name);
    }
    return 0;
}
