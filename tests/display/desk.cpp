// SPDX-License-Identifier: MIT
// The overlay's window on its desktop. One thread: the test's own.
#include "tests/display/desk.h"

#include "tests/support/wait.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace portside::display_test {

using support::Child;
using support::PolkitSandbox;

namespace {

int number_in(const std::string& text, const std::string& name) {
    return std::stoi(text.substr(text.find(name + "=") + name.size() + 1));
}

} // namespace

Desk::Desk(const std::string& settings) {
    if (!settings.empty()) {
        const std::string folder = session().file("config/portside");
        std::filesystem::create_directories(folder);
        std::ofstream(folder + "/config.toml") << settings;
        const auto place = sandbox().caller();
        for (const auto& path : {folder, folder + "/config.toml"}) {
            if (place.elsewhere() && ::chown(path.c_str(), place.uid, place.gid) != 0) {
                throw std::runtime_error("cannot give away " + path);
            }
        }
    }
}

std::string Desk::config() const {
    return content(session().file("config/portside/config.toml"));
}

std::string Desk::state() const {
    return content(session().file("state/portside/window.toml"));
}

void Desk::write_state(const std::string& text) const {
    std::ofstream(session().file("state/portside/window.toml")) << text;
}

std::string Desk::autostart() const {
    return content(session().file("config/autostart/org.portside.Portside.desktop"));
}

Geometry Desk::geometry() const {
    const std::string text = session().xdotool({"getwindowgeometry", "--shell", window()});
    return {number_in(text, "X"), number_in(text, "Y"), number_in(text, "WIDTH"), number_in(text, "HEIGHT")};
}

Geometry Desk::settled() const {
    Geometry last = geometry();
    static_cast<void>(support::wait_until(
        [&] {
            const Geometry now = geometry();
            return std::exchange(last, now) == now;
        },
        support::kPatience, 3 * kBetweenLooks));
    return last;
}

std::string Desk::property(const std::string& name) const {
    return session().run({"xprop", "-id", window(), name}).output;
}

bool Desk::is_above() const {
    return property("_NET_WM_STATE").find("_NET_WM_STATE_ABOVE") != std::string::npos;
}

void Desk::drag(int x, int y, int by_x, int by_y) const {
    // The pauses are a hand's: what is under the pointer must have been drawn, and a move has to be begun.
    session().xdotool({"mousemove",
                       "--window",
                       window(),
                       std::to_string(x),
                       std::to_string(y),
                       "sleep",
                       "0.2",
                       "mousedown",
                       "1",
                       "sleep",
                       "0.2",
                       "mousemove_relative",
                       "--",
                       std::to_string(by_x > 0 ? 8 : -8),
                       std::to_string(by_y > 0 ? 8 : -8),
                       "sleep",
                       "0.2",
                       "mousemove_relative",
                       "--",
                       std::to_string(by_x - (by_x > 0 ? 8 : -8)),
                       std::to_string(by_y - (by_y > 0 ? 8 : -8)),
                       "sleep",
                       "0.2",
                       "mouseup",
                       "1"});
}

void Desk::set_resources(const std::string& text) const {
    const auto set =
        session().run({"xprop", "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", text});
    if (set.status != 0) {
        throw std::runtime_error("the resources could not be set: " + set.errors);
    }
}

void Desk::open_settings(int row) const {
    press("ctrl+comma");
    for (int i = 0; i < row; ++i) {
        press("Down");
    }
}

bool Desk::quit(Child& overlay) const {
    for (int i = 0; i < 10; ++i) {
        press("ctrl+q");
        if (overlay.wait(std::chrono::milliseconds(1500))) {
            return true;
        }
        press("Escape"); // a card was open
    }
    return false;
}

Child Desk::start(const std::vector<std::string>& words, const std::vector<std::string>& environment) const {
    std::vector<std::string> argv{PolkitSandbox::program("portside")};
    argv.insert(argv.end(), words.begin(), words.end());
    auto variables = support::window_environment(PolkitSandbox::program("no_dlclose.so"));
    variables.insert(variables.end(), environment.begin(), environment.end());
    return session().start(argv, variables);
}

} // namespace portside::display_test
