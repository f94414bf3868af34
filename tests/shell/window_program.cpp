// SPDX-License-Identifier: MIT
// A window that tells on its standard output what reaches it, and does what lines on its standard input say:
// frames, text, scale, abilities, texture, glyphs, picture PATH, slow MILLISECONDS, quit. Main thread; a second one
// only reads lines and wakes.
#include "app/imgui_versions.h"
#include "app/shell/window.h"
#include "core/base/mailbox.h"

#include <array>
#include <chrono>
#include <fmt/format.h>
#include <fstream>
#include <glad/gl.h>
#include <iostream>
#include <string>
#include <thread>
#include <utility>

namespace {

using portside::shell::Picture;
using portside::shell::Window;

void say(const std::string& line) {
    std::cout << line << std::endl; // at once: the test waits for it
}

// Of the glyphs' texture: bits of red, green, blue and alpha in a pixel.
int texture_depth() {
    glBindTexture(GL_TEXTURE_2D, portside::imgui::texture_name(*ImGui::GetIO().Fonts));
    int depth = 0;
    for (const GLenum channel :
         {GL_TEXTURE_RED_SIZE, GL_TEXTURE_GREEN_SIZE, GL_TEXTURE_BLUE_SIZE, GL_TEXTURE_ALPHA_SIZE}) {
        GLint bits = 0;
        glGetTexLevelParameteriv(GL_TEXTURE_2D, 0, channel, &bits);
        depth += bits;
    }
    return depth;
}

struct Program {
    Window& window;
    std::string field = std::string(256, '\0');
    std::string picture_path{};
    std::chrono::milliseconds slow{0};
    std::uint64_t drawn_frames = 0;
    bool running = true;

    void obey(const std::string& line);
    void frame();
    void draw();
};

void Program::obey(const std::string& line) {
    if (line == "frames") {
        say(fmt::format("frames {}", drawn_frames));
    } else if (line == "text") {
        say("text " + std::string(field.c_str()));
    } else if (line == "scale") {
        say(fmt::format("scale {:.2f}", window.scale()));
    } else if (line == "texture") {
        say(fmt::format("texture {}", texture_depth()));
    } else if (line == "glyphs") { // that the atlas does not have yet
        window.add_code_points(std::array{U'Ω'});
        say("ok");
    } else if (line == "abilities") {
        const auto can = window.abilities();
        say(fmt::format("abilities{}{}{}{}{}", can.on_top ? " top" : "", can.frameless ? " frameless" : "",
                        can.place ? " place" : "", can.opacity ? " opacity" : "",
                        can.on_top || can.frameless || can.place || can.opacity ? "" : " none"));
    } else if (line.starts_with("picture ")) {
        picture_path = line.substr(8);
    } else if (line.starts_with("slow ")) {
        slow = std::chrono::milliseconds(std::stoi(line.substr(5)));
        say("ok");
    } else if (line == "quit") {
        running = false;
    }
}

void Program::draw() {
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(size);
    ImGui::Begin("all", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings);
    if (drawn_frames < 3) {
        ImGui::SetKeyboardFocusHere();
    }
    portside::imgui::push_font(*window.fonts().search);
    ImGui::InputText("##field", field.data(), field.size());
    ImGui::PopFont();
    const auto& fonts = window.fonts();
    for (ImFont* font : {fonts.text, fonts.strong, fonts.search, fonts.small, fonts.mono}) {
        portside::imgui::push_font(*font);
        ImGui::TextUnformatted(
            "node 47112  127.0.0.1:3000 → ended after 0.2 s … — · • ● × ✓ ⏎ Kill 0123456789 한국 Жя");
        ImGui::PopFont();
    }
    const ImVec2 half(size.x / 2, size.y / 2);
    ImGui::SetCursorPos({0, half.y});
    if (ImGui::Button("left", half)) {
        say("clicked left");
    }
    ImGui::SetCursorPos(half);
    if (ImGui::Button("right", half)) {
        say("clicked right");
    }
    ImGui::End();
}

void Program::frame() {
    std::this_thread::sleep_for(slow);
    static_cast<void>(window.refresh_fonts());
    window.begin_frame();
    for (const auto& key : window.keys()) {
        if (key.key != portside::base::Key::other) {
            say(fmt::format("key {}{}{}{}{}", static_cast<int>(key.key), key.control ? " control" : "",
                            key.shift ? " shift" : "", key.alt ? " alt" : "", key.repeat ? " repeat" : ""));
        }
    }
    draw();
    window.render(0x14161B);
    if (!picture_path.empty()) {
        const Picture picture = window.read_pixels();
        std::ofstream file(picture_path, std::ios::binary);
        file << "P6\n" << picture.width << ' ' << picture.height << "\n255\n";
        file.write(reinterpret_cast<const char*>(picture.rgb.data()), static_cast<std::streamsize>(picture.rgb.size()));
        file.close();
        say("picture written");
        picture_path.clear();
    }
    window.present();
    ++drawn_frames;
}

} // namespace

int main(int count, char** words) {
    auto display = portside::shell::ReachedDisplay::reach();
    if (!display) {
        std::cerr << display.error().what << '\n';
        return 1;
    }
    auto window = Window::open(
        std::move(*display), {.width = 800, .height = 500, .frame = count < 2 || words[1] != std::string("frameless")});
    if (!window) {
        std::cerr << window.error().what << '\n';
        return 1;
    }
    const auto wake = (*window)->waker();
    portside::base::Mailbox<std::string> lines;
    std::jthread reader([&lines, wake] {
        for (std::string line; std::getline(std::cin, line);) {
            lines.post(line);
            wake();
            if (line == "quit") {
                return;
            }
        }
        lines.post("quit");
        wake();
    });
    const char32_t extra[] = {U'한', U'국', U'Ж', U'я'};
    (*window)->add_code_points(extra);
    Program program{**window};
    say("open");
    bool visible = true;
    while (program.running) {
        const bool draw = (*window)->wait(std::nullopt);
        if (std::exchange(visible, (*window)->visible()) != (*window)->visible()) {
            say(visible ? "shown" : "hidden"); // before any frame
        }
        for (const std::string& line : lines.take_all()) {
            program.obey(line);
        }
        if ((*window)->take_close_request()) {
            say("asked to close");
        }
        if (draw && program.running) {
            program.frame();
        }
    }
    window->reset();
    wake(); // is harmless now
    say("gone");
    return 0;
}
