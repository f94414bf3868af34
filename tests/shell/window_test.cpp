// SPDX-License-Identifier: MIT
// The real window, driven from outside: by xdotool, the window manager, and lines to window_program.
#include "core/base/key_press.h"
#include "tests/shell/window_program.h"
#include "tests/support/display_session.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

using namespace portside;
using shell_test::kPause;
using shell_test::kProgram;
using support::Child;
using support::DisplaySession;
using support::wait_until;

namespace {

// The program in a desktop of its own, with the keyboard focus.
struct Scene {
    DisplaySession session;
    Child program;
    std::string window;

    explicit Scene(const std::string& resources = "")
        : program((set_resources(session, resources),
                   session.start({kProgram}, support::window_environment(PORTSIDE_BUILD "/tests/no_dlclose.so")))) {
        program.expect("open\n");
        window = session.wait_for_window("portside", program);
        session.focus(window);
        static_cast<void>(settled_frames());
    }

    static void set_resources(const DisplaySession& session, const std::string& resources) {
        if (!resources.empty()) {
            REQUIRE(
                session.run({"xprop", "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", resources})
                    .status == 0);
        }
    }

    // The answer to a line: what stands after `name` in the first line that begins with it.
    std::string ask(const std::string& line, const std::string& name) {
        const std::size_t before = program.output().size();
        program.write(line + "\n");
        std::string answer;
        const bool came = wait_until([&] {
            const std::string& output = program.output();
            const std::size_t at = output.find(name, before);
            const std::size_t end = at == std::string::npos ? at : output.find('\n', at);
            if (end != std::string::npos) {
                answer = output.substr(at + name.size(), end - at - name.size());
            }
            return end != std::string::npos;
        });
        if (!came) {
            throw std::runtime_error("no answer to " + line + ": " + program.output() + program.errors());
        }
        return answer;
    }
    int frames() { return std::stoi(ask("frames", "frames ")); }

    // Waits until nothing is drawn but the three frames of each question; returns the frames so far.
    int settled_frames() {
        int last = frames();
        const bool settled = wait_until(
            [&] {
                const int now = frames();
                return std::exchange(last, now) + 3 == now;
            },
            support::kPatience, kPause);
        REQUIRE(settled);
        return last;
    }

    [[nodiscard]] std::string property(const std::string& name) const {
        return session.run({"xprop", "-id", window, name}).output;
    }
    // How often that line was written.
    [[nodiscard]] int count(const std::string& line) {
        std::istringstream lines(program.output());
        int found = 0;
        for (std::string each; std::getline(lines, each);) {
            found += each == line ? 1 : 0;
        }
        return found;
    }
    std::map<std::string, int> geometry() const {
        std::istringstream lines(session.xdotool({"getwindowgeometry", "--shell", window}));
        std::map<std::string, int> values;
        for (std::string line; std::getline(lines, line);) {
            const std::size_t equals = line.find('=');
            values[line.substr(0, equals)] = std::atoi(line.c_str() + equals + 1);
        }
        return values;
    }
    std::string key_line(base::Key key, const std::string& more) const {
        return fmt::format("key {}{}", static_cast<int>(key), more);
    }
    void quit() {
        program.write("quit\n");
        CHECK(program.wait() == 0);
        CHECK(program.output().ends_with("gone\n"));
    }
};

support::Outcome start_without_session(const std::vector<std::string>& environment) {
    return support::run({.argv = {kProgram}, .environment = environment});
}

} // namespace

TEST_CASE("without a display the error says so and names what works") {
    const auto outcome = start_without_session({"PATH=/usr/bin:/bin"});
    CHECK(outcome.status == 1);
    CHECK(outcome.errors ==
          "There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set (portside "
          "list works without one).\n");
    CHECK(outcome.output.empty());
}

TEST_CASE("a display that does not answer is named with the reason") {
    const auto outcome = start_without_session({"PATH=/usr/bin:/bin", "DISPLAY=:54321"});
    CHECK(outcome.status == 1);
    CHECK(outcome.errors.starts_with("The display that DISPLAY=:54321 names could not be opened: "));
    CHECK(outcome.errors.find("X11") != std::string::npos);
    CHECK(std::ranges::count(outcome.errors, '\n') == 1);
}

TEST_SUITE("display") {
    TEST_CASE("the window has its name and class and stays above others") {
        Scene scene;
        CHECK(scene.session.title(scene.window) == "Portside");
        CHECK(scene.property("WM_CLASS") == "WM_CLASS(STRING) = \"portside\", \"portside\"\n");
        CHECK(scene.property("_NET_WM_STATE").find("_NET_WM_STATE_ABOVE") != std::string::npos);
        auto geometry = scene.geometry();
        CHECK(geometry["WIDTH"] == 800);
        CHECK(geometry["HEIGHT"] == 500);
        CHECK(std::abs(geometry["X"] + 400 - 800) < 20);        // centred on a screen of 1600 x 1000
        CHECK(std::abs(geometry["Y"] - (1000 - 500) / 3) < 40); // a third of the room above, but for the frame
        scene.quit();
    }

    TEST_CASE("an idle window draws nothing and another thread wakes it") {
        Scene scene;
        int last = scene.settled_frames();
        for (int second = 0; second < 3; ++second) {
            // Nothing to wait for: the time that passes is what is looked at. Each question itself costs three frames.
            std::this_thread::sleep_for(std::chrono::seconds(1));
            const int now = scene.frames();
            CHECK(now - last <= 3);
            last = now;
        }
    }

    TEST_CASE("no letter and no order is lost while frames are slow") {
        Scene scene;
        scene.ask("slow 40", "ok");
        scene.session.xdotool({"type", "--delay", "1", "abcdefghijklmnopqrstuvwxyz"});
        scene.session.xdotool({"key", "--delay", "1", "BackSpace", "BackSpace", "minus", "BackSpace", "9"});
        CHECK(wait_until([&] { return scene.ask("text", "text ") == "abcdefghijklmnopqrstuvwx9"; }, support::kPatience,
                         kPause));
        scene.session.xdotool({"key", "--delay", "1", "ctrl+a", "x"});
        CHECK(wait_until([&] { return scene.ask("text", "text ") == "x"; }, support::kPatience, kPause));
    }

    TEST_CASE("chords and keys come as values while frames are slow") {
        Scene scene;
        scene.ask("slow 40", "ok");
        for (int n = 0; n < 10; ++n) {
            scene.session.xdotool({"key", "--delay", "1", "ctrl+k", "F5", "Delete", "KP_Enter", "shift+Tab"});
        }
        for (const auto& line : {scene.key_line(base::Key::k, " control"), scene.key_line(base::Key::f5, ""),
                                 scene.key_line(base::Key::del, ""), scene.key_line(base::Key::enter, ""),
                                 scene.key_line(base::Key::tab, " shift")}) {
            CAPTURE(line);
            CHECK(wait_until([&] { return scene.count(line) >= 10; }));
            CHECK(scene.count(line) == 10);
        }
    }

    TEST_CASE("a held key says that it repeats") {
        Scene scene;
        scene.session.xdotool({"keydown", "Down"});
        const std::string first = scene.key_line(base::Key::down, "");
        const std::string repeated = scene.key_line(base::Key::down, " repeat");
        CHECK(wait_until([&] { return scene.count(repeated) >= 2; }));
        scene.session.xdotool({"keyup", "Down"});
        CHECK(scene.count(first) == 1);
    }

    TEST_CASE("a click lands where it was made though frames are slow and the pointer went on") {
        Scene scene;
        scene.ask("slow 150", "ok");
        for (int round = 1; round <= 3; ++round) {
            scene.session.xdotool({"mousemove", "--window", scene.window, "100", "400", "click", "1", "mousemove",
                                   "--window", scene.window, "700", "400"});
            CHECK(wait_until([&] { return scene.count("clicked left") == round; }));
        }
        scene.session.xdotool({"click", "1"});
        CHECK(wait_until([&] { return scene.count("clicked right") == 1; }));
        CHECK(scene.count("clicked left") == 3);
        CHECK(scene.count("clicked right") == 1);
    }

    TEST_CASE("a minimised window draws nothing but still does its work") {
        Scene scene;
        scene.session.xdotool({"windowminimize", scene.window});
        scene.program.expect("hidden\n"); // told at once, without any other wake
        int last = scene.frames();
        CHECK(wait_until(
            [&] {
                const int now = scene.frames();
                return std::exchange(last, now) == now;
            },
            support::kPatience, kPause));
        scene.session.focus(scene.window);
        scene.program.expect("shown\n");
        CHECK(wait_until([&] { return scene.frames() > last; }));
    }

    TEST_CASE("a window on another workspace is hidden until its workspace is shown") {
        Scene scene;
        scene.session.xdotool({"set_num_desktops", "2"});
        scene.session.xdotool({"set_desktop", "1"});
        scene.program.expect("hidden\n");
        scene.session.xdotool({"set_desktop", "0"});
        scene.program.expect("shown\n");
    }

    TEST_CASE("closing is a question to the program") {
        Scene scene;
        scene.session.xdotool({"key", "alt+F4"});
        scene.program.expect("asked to close\n");
        CHECK(scene.program.running());
        CHECK(scene.count("asked to close") == 1);
        scene.quit();
    }

    TEST_CASE("the picture shows what was drawn") {
        Scene scene;
        const std::string path = scene.session.file("picture.ppm");
        scene.ask("picture " + path, "picture written");
        std::ifstream file(path, std::ios::binary);
        std::string kind;
        int width = 0;
        int height = 0;
        int most = 0;
        file >> kind >> width >> height >> most;
        file.get();
        CHECK(width == 800);
        CHECK(height == 500);
        const std::string pixels{std::istreambuf_iterator<char>(file), {}};
        REQUIRE(pixels.size() == 800U * 500U * 3U);
        // The button's text is in the lower half; the field is in the upper.
        const auto brightest = [&](std::size_t from, std::size_t to) {
            return *std::max_element(pixels.begin() + static_cast<std::ptrdiff_t>(from * 2400),
                                     pixels.begin() + static_cast<std::ptrdiff_t>(to * 2400), [](char a, char b) {
                                         return static_cast<unsigned char>(a) < static_cast<unsigned char>(b);
                                     });
        };
        CHECK(static_cast<unsigned char>(brightest(0, 200)) > 200);
        CHECK(static_cast<unsigned char>(brightest(340, 420)) > 200);
    }

    TEST_CASE("the texture of the glyphs takes one byte a pixel") {
        Scene scene;
        CHECK(scene.ask("texture", "texture ") == "8");
        static_cast<void>(scene.ask("glyphs", "ok"));
        static_cast<void>(scene.settled_frames()); // the atlas was built again
        CHECK(scene.ask("texture", "texture ") == "8");
    }

    TEST_CASE("the scale of the monitor makes fonts and window larger") {
        Scene scene("Xft.dpi:\t144");
        CHECK(scene.ask("scale", "scale ") == "1.50");
        auto geometry = scene.geometry();
        CHECK(geometry["WIDTH"] == 1200);
        CHECK(geometry["HEIGHT"] == 750);
    }

    TEST_CASE("a scale too large for the screen keeps the window on it") {
        Scene scene("Xft.dpi:\t288");
        CHECK(scene.ask("scale", "scale ") == "3.00");
        auto geometry = scene.geometry();
        CHECK(geometry["WIDTH"] <= 1600);
        CHECK(geometry["HEIGHT"] <= 1000);
    }
}
