// SPDX-License-Identifier: MIT
// Draws canned models in the real window and writes each as a PPM picture: README's screenshots. One thread.
// usage: test_pictures FOLDER [SCENE...]
#include "app/shell/window.h"
#include "app/ui/draw.h"
#include "tests/support/canned_snapshots.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fmt/format.h>
#include <functional>
#include <imgui.h>
#include <string>
#include <vector>

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

// With what the person noted of ports.
ui::Model noted(ui::Model model) {
    using platform::Protocol;
    snapshot::PortBook book{{{Protocol::tcp, 3000}, {true, "shop front"}},
                            {{Protocol::tcp, 5432}, {true, ""}},
                            {{Protocol::tcp, 4000}, {false, "API for the phone"}}};
    model.tags = snapshot::tags_of(*model.snapshot, book, {canned::kMe, canned::kMe});
    model.book = std::make_shared<snapshot::PortBook>(std::move(book));
    return model;
}

// What session would show of it.
ui::Model seen(ui::Model model, const snapshot::Scope& scope, const char* filter = "") {
    model.view = scope.view;
    model.preferences.hide_system_ports = scope.hide_system;
    model.view_counts = snapshot::count_views(*model.tags, scope);
    model.arrangement =
        snapshot::arrange(*model.snapshot, *model.tags, scope, snapshot::Query::parse(filter).value(), {});
    return model;
}

// Of pictures of what the views and the search field say together.
std::vector<Scene> sights() {
    using snapshot::View;
    const auto model = [](View view, bool hide, const char* filter) {
        return [=](ui::SteadyTime now) {
            return seen(noted(canned::aged(canned::model_of(canned::developer_machine(), now))), {view, hide, {}},
                        filter);
        };
    };
    const auto typed = [](const char* filter) {
        return [=](ui::UiState& state, const ui::Model&) { state.filter = filter; };
    };
    return {
        {"view_dev", ui::dark_theme(), model(View::dev_servers, true, ""),
         [](ui::UiState& state, const ui::Model&) {
             state.focus = ui::Focus::views;
             state.focus_filter_next_frame = false;
         }},
        {"view_light", ui::light_theme(), model(View::mine, false, ""),
         [](ui::UiState& state, const ui::Model& drawn) {
             select_row(state, drawn, drawn.arrangement.rows.at(2));
             state.details_open = true;
         }},
        {"view_empty", ui::dark_theme(), model(View::databases, false, "vite"), typed("vite")},
        {"system_match", ui::light_theme(), model(View::all, true, "22"), typed("22")},
        {"system_hidden", ui::light_theme(), model(View::all, true, ""), typed("")},
        {"naming", ui::dark_theme(), model(View::all, false, ""),
         [](ui::UiState& state, const ui::Model& drawn) {
             select_row(state, drawn, 4);
             state.naming = ui::UiState::Naming{.port = {platform::Protocol::tcp, 3001}, .text = "preview of the blog"};
         }},
        {"settings", ui::dark_theme(), model(View::all, true, ""),
         [](ui::UiState& state, const ui::Model&) { state.settings_open = true; }},
        {"help", ui::light_theme(), model(View::all, true, ""),
         [](ui::UiState& state, const ui::Model&) { state.help_open = true; }},
    };
}

std::vector<Scene> scenes() {
    const auto idle = [](ui::SteadyTime now) {
        return canned::aged(canned::model_of(canned::developer_machine(), now));
    };
    const auto busy = [](ui::SteadyTime now) {
        auto model = noted(canned::aged(canned::busy_model(now)));
        canned::mark(model, 7).before = ui::Before{"ng (47090)", now};
        return model;
    };
    const auto failing = [](ui::SteadyTime now) {
        ui::Model model;
        model.scan_error = "The sockets could not be read: sock_diag is refused and /proc/net/tcp is not there.";
        model.now = now;
        return model;
    };
    const auto stale = [idle](ui::SteadyTime now) {
        auto model = idle(now);
        model.scan_error = "The sockets could not be read: too many files are open.";
        return model;
    };
    const auto empty = [](ui::SteadyTime now) { return canned::model_of(canned::snapshot_of({}), now); };
    const auto hidden_owners = [idle](ui::SteadyTime now) {
        auto model = idle(now);
        auto made = std::make_shared<snapshot::Snapshot>(*model.snapshot);
        made->notes.push_back({"owners_not_permitted", "The owner of 1 socket is not visible to you."});
        model.snapshot = made;
        return model;
    };
    const auto nothing = [](ui::UiState&, const ui::Model&) {};
    return {
        {"dark", ui::dark_theme(), busy, nothing},
        {"light", ui::light_theme(), busy, nothing},
        {"failing", ui::dark_theme(), failing, nothing},
        {"stale", ui::light_theme(), stale, nothing},
        {"empty", ui::light_theme(), empty, nothing},
        {"owners", ui::dark_theme(), hidden_owners, nothing},
        {"details_light", ui::light_theme(),
         [idle](ui::SteadyTime now) { return canned::with_details(idle(now), 3000); },
         [](ui::UiState& state, const ui::Model& model) {
             select_row(state, model, 3);
             state.details_open = true;
         }},
        {"details", ui::dark_theme(), [idle](ui::SteadyTime now) { return canned::with_details(idle(now), 3000); },
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
        {"by_process", ui::dark_theme(), idle,
         [](ui::UiState& state, const ui::Model& model) {
             select_row(state, model, 13);
             state.lines.set_grouping(ui::Grouping::process);
         }},
        {"by_project", ui::dark_theme(), idle,
         [](ui::UiState& state, const ui::Model& model) {
             select_row(state, model, 3);
             state.lines.set_grouping(ui::Grouping::project);
         }},
        {"by_project_light", ui::light_theme(), idle,
         [](ui::UiState& state, const ui::Model& model) {
             select_row(state, model, 3);
             state.lines.set_grouping(ui::Grouping::project);
         }},
        {"connections", ui::dark_theme(),
         [idle](ui::SteadyTime now) { return canned::with_connections(idle(now), 3000); },
         [](ui::UiState& state, const ui::Model& model) {
             select_row(state, model, 3);
             state.lines.unfold(state.selected);
         }},
        {"connections_light", ui::light_theme(),
         [idle](ui::SteadyTime now) { return canned::with_connections(idle(now), 3000); },
         [](ui::UiState& state, const ui::Model& model) {
             select_row(state, model, 3);
             state.lines.unfold(state.selected);
             state.lines.set_grouping(ui::Grouping::project);
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

// A project whose folder is named in Korean: pictures of two names differ where their signs are drawn truly.
Scene named(const char* picture, const std::string& folder) {
    const auto model = [folder](ui::SteadyTime now) {
        return canned::model_of(canned::snapshot_of({{.port = 3000,
                                                      .pid = 48213,
                                                      .name = "vite",
                                                      .cwd = "/home/me/" + folder,
                                                      .command_line = {"vite"},
                                                      .project = "/home/me/" + folder}}),
                                now);
    };
    return {picture, ui::dark_theme(), model, [](ui::UiState&, const ui::Model&) {}};
}
constexpr std::array<char32_t, 4> kSyllables{0xAC00, 0xAC8C, 0xB098, 0xB77C};

ui::Look look_of(const shell::Window& window, const ui::Theme& theme) {
    const auto& fonts = window.fonts();
    return {fonts.text, fonts.strong, fonts.search, fonts.small, fonts.mono, theme, window.scale()};
}

// Frames a second apart, so that what slides in or glows has come to rest.
shell::Picture draw_scene(shell::Window& window, const Scene& scene) {
    auto state = first_state();
    static int fields = 0;
    state.field.epoch = ++fields; // else ImGui keeps what was typed in the scene before
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
    if (count < 2) {
        fmt::print(stderr, "usage: test_pictures FOLDER [SCENE...]\n");
        return 2;
    }
    auto display = shell::ReachedDisplay::reach();
    if (!display) {
        fmt::print(stderr, "{}\n", display.error().what);
        return 1;
    }
    auto window = shell::Window::open(std::move(*display));
    if (!window) {
        fmt::print(stderr, "{}\n", window.error().what);
        return 1;
    }
    (*window)->add_code_points(kSyllables);
    auto all = scenes();
    for (auto& one : sights()) {
        all.push_back(std::move(one));
    }
    all.push_back(named("korean_shop", "\xEA\xB0\x80\xEA\xB2\x8C"));
    all.push_back(named("korean_land", "\xEB\x82\x98\xEB\x9D\xBC"));
    const std::vector<std::string> wanted(words + 2, words + count);
    for (const auto& scene : all) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), scene.name) == wanted.end()) {
            continue;
        }
        const auto path = fmt::format("{}/{}.ppm", words[1], scene.name);
        if (!write(path, draw_scene(**window, scene))) {
            fmt::print(stderr, "{} could not be written\n", path);
            return 1;
        }
        fmt::print("{}\n", scene.name);
    }
    return 0;
}
