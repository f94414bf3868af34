// SPDX-License-Identifier: MIT
// A desktop in a sandbox. One thread: the test's own.
#include "tests/display/window_scene.h"

#include <fstream>
#include <iterator>

namespace portside::display_test {

using support::Child;
using support::PolkitSandbox;

std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

Listener::Listener(const PolkitSandbox& sandbox, const support::Place& place)
    : process(sandbox.start(place, {PolkitSandbox::program("test_listener")})), port(std::stoi(process.first_line())) {}

WindowScene::WindowScene(support::Rule rule, support::Helper helper)
    : sandbox_(rule, helper), session_(sandbox_.caller()) {}

bool WindowScene::untouched(Listener& listener) const {
    return listener.process.running() && sandbox_.listens(listener.port);
}

Child WindowScene::start_waiting() const {
    return session_.start({"sh", "-c", "read -r released && exec \"$1\"", "sh", PolkitSandbox::program("portside")},
                          support::window_environment(PolkitSandbox::program("no_dlclose.so")));
}

Child WindowScene::open_overlay() {
    Child overlay = start_waiting();
    overlay.write("go\n");
    wait_for_window(overlay);
    return overlay;
}

Child WindowScene::open_overlay_without_bus() {
    auto environment = support::window_environment(PolkitSandbox::program("no_dlclose.so"));
    environment.insert(environment.end(), {"DBUS_SESSION_BUS_ADDRESS=", "XDG_RUNTIME_DIR="});
    Child overlay = session_.start({PolkitSandbox::program("portside")}, environment);
    wait_for_window(overlay);
    return overlay;
}

void WindowScene::wait_for_window(Child& overlay) {
    window_ = session_.wait_for_window("portside", overlay);
    session_.focus(window_);
}

void WindowScene::type(const std::string& text) const {
    session_.xdotool({"type", "--delay", "30", text});
}

void WindowScene::press(const std::string& key) const {
    session_.xdotool({"key", key});
}

void WindowScene::click(int x, int y, int button) const {
    // The pause is a hand's: a button must have been drawn under the pointer before it is pressed.
    session_.xdotool({"mousemove", "--window", window_, std::to_string(x), std::to_string(y), "sleep", "0.1",
                      "mousedown", std::to_string(button), "sleep", "0.1", "mouseup", std::to_string(button)});
}

int WindowScene::width() const {
    const std::string geometry = session_.xdotool({"getwindowgeometry", "--shell", window_});
    return std::stoi(geometry.substr(geometry.find("WIDTH=") + 6));
}

bool WindowScene::press_until_ended(const std::vector<std::string>& keys, Child& process, int times) const {
    for (int round = 0; round < times; ++round) {
        for (const std::string& key : keys) {
            press(key);
            if (process.wait(std::chrono::milliseconds(600))) {
                return true;
            }
        }
    }
    return false;
}

std::string WindowScene::list(int port) const {
    return sandbox_
        .run(sandbox_.caller(), {PolkitSandbox::program("portside"), "list", "--json", "port:" + std::to_string(port)})
        .output;
}

} // namespace portside::display_test
