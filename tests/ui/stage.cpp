// SPDX-License-Identifier: MIT
// A window without a window. One thread.
#include "tests/ui/stage.h"

#include "app/imgui_versions.h"
#include "app/ui/columns.h"

#include <cfloat>
#include <cmath>
#include <string>
#include <utility>

namespace portside::ui {

namespace {

constexpr float kButtonPadding = 12; // as shapes.cpp draws it
constexpr float kButtonGap = 8;
constexpr float kFrameTime = 1.0F / 60;

} // namespace

Stage::Stage(Model first) : model(std::move(first)) {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {kWidth, kHeight};
    io.DeltaTime = kFrameTime;
    ImFont* font = io.Fonts->AddFontDefault();
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    look = {
        .text = font, .strong = font, .search = font, .small = font, .mono = font, .theme = dark_theme(), .scale = 1};
    apply_style(ImGui::GetStyle(), look.theme, look.scale);
    model.now = SteadyTime{} + std::chrono::hours{1};
    io.MousePos = {-FLT_MAX, -FLT_MAX};
}

Stage::~Stage() {
    ImGui::DestroyContext();
}

void Stage::show(Model next) {
    const SteadyTime now = model.now;
    model = std::move(next);
    model.now = now;
}

void Stage::frame(const std::vector<base::KeyPress>& keys) {
    ImGui::NewFrame();
    last = draw(model, state, look, keys);
    ImGui::Render();
    intents.insert(intents.end(), last.intents.begin(), last.intents.end());
}

void Stage::settle() {
    for (int i = 0; i < 4; ++i) {
        frame();
        pass(std::chrono::milliseconds{100});
    }
    frame();
}

void Stage::type(std::string_view characters) {
    ImGui::GetIO().AddInputCharactersUTF8(std::string(characters).c_str());
}

void Stage::move_mouse(float x, float y) {
    ImGui::GetIO().MousePos = {x, y};
    frame();
}

void Stage::mouse_down(int button) {
    ImGui::GetIO().MouseDown[button] = true;
    frame();
}

void Stage::mouse_up(int button) {
    ImGui::GetIO().MouseDown[button] = false;
    frame();
}

void Stage::click(float x, float y) {
    move_mouse(x, y);
    mouse_down();
    mouse_up();
}

void Stage::scroll(float wheel) {
    ImGui::GetIO().MouseWheel = wheel;
    frame();
    ImGui::GetIO().MouseWheel = 0;
}

Layout Stage::layout() const {
    return lay_out_window(kWidth, kHeight, imgui::size_of(*look.text), look.scale, state.details_open);
}

float Stage::row_y(int line) const {
    const Layout places = layout();
    return places.list.y0 + (static_cast<float>(line) + 0.5F) * places.row_height - state.list.scroll;
}

float Stage::button_x() const {
    return layout().list.x1 - kButtonPadding;
}

float Stage::button_width(std::string_view label) const {
    ImFont& font = *look.text;
    return font.CalcTextSizeA(imgui::size_of(font), FLT_MAX, 0, label.data(), label.data() + label.size()).x +
           2 * kButtonPadding;
}

float Stage::left_of(std::string_view label, std::string_view own) const {
    return layout().list.x1 - button_width(label) - kButtonGap - button_width(own) / 2;
}

float Stage::title_x(Column column) const {
    const Layout places = layout();
    for (const PlacedColumn& placed : place_columns(state.columns, places.list.width(), imgui::size_of(*look.text))) {
        if (placed.column == column) {
            return places.list.x0 + (placed.x0 + placed.x1) / 2;
        }
    }
    return -1;
}

int Stage::vertices() {
    return ImGui::GetDrawData()->TotalVtxCount;
}

const snapshot::Row& Stage::row(int line) const {
    return model.snapshot->rows.at(model.arrangement.rows.at(static_cast<std::size_t>(line)));
}

} // namespace portside::ui
