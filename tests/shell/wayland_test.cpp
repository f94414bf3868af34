// SPDX-License-Identifier: MIT
// The window inside Wayland: through Xwayland, and natively by the GLFW that is built for it. Weston is the compositor.
#include "tests/shell/window_program.h"
#include "tests/support/display_session.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <string>
#include <vector>

using namespace portside;
using shell_test::kPause;
using shell_test::kProgram;
using support::Child;
using support::DisplaySession;
using support::wait_until;

namespace {

// Where third_party/setup.sh --tests has unpacked it; GLFW 3.4 does without.
const std::string kWaylandGlfw = PORTSIDE_TESTS "/../build/glfw-wayland/lib";

struct Compositor {
    DisplaySession session;
    Child weston; // ended before its X server

    explicit Compositor(std::vector<std::string> options) : weston(start(session, std::move(options))) {
        const std::string socket = session.file("runtime/wayland-test");
        REQUIRE(wait_until([&] { return std::filesystem::exists(socket) || !weston.running(); }));
        INFO(weston.output() << weston.errors());
        REQUIRE(weston.running());
    }
    static Child start(const DisplaySession& session, std::vector<std::string> options) {
        // A window of the test's X server, which gives it a keyboard; a headless one has none.
        std::vector<std::string> argv{"weston",       "--backend=x11-backend.so", "--use-pixman",  "--width=1200",
                                      "--height=850", "--socket=wayland-test",    "--idle-time=0", "--no-config"};
        argv.insert(argv.end(), options.begin(), options.end());
        return session.start(argv);
    }
    void type(const std::string& text) {
        session.focus(session.wait_for_window("Weston Compositor", weston));
        session.xdotool({"type", "--delay", "30", text});
    }
    [[nodiscard]] std::string said() { return weston.output() + weston.errors(); }
};

// Sends a line and waits for an answer that holds `part`.
bool answers(Child& program, const std::string& line, const std::string& part) {
    return wait_until(
        [&] {
            const std::size_t before = program.output().size();
            program.write(line + "\n");
            return wait_until([&] { return program.output().find(part, before) != std::string::npos; },
                              std::chrono::seconds(2));
        },
        support::kPatience, kPause);
}

} // namespace

TEST_SUITE("display") {
    TEST_CASE("inside Wayland the window works through Xwayland") {
        Compositor compositor({"--xwayland"});
        const std::string told = "xserver listening on display ";
        std::string display;
        REQUIRE(wait_until([&] {
            const std::string said = compositor.said();
            const std::size_t at = said.find(told);
            const std::size_t end = at == std::string::npos ? at : said.find('\n', at);
            display = end == std::string::npos ? "" : said.substr(at + told.size(), end - at - told.size());
            return !display.empty();
        }));
        auto environment = support::window_environment(PORTSIDE_BUILD "/tests/no_dlclose.so");
        environment.push_back("DISPLAY=" + display);
        Child program = compositor.session.start({kProgram}, environment);
        program.expect("open\n");
        const auto xdotool = [&](std::vector<std::string> words) {
            words.insert(words.begin(), {"env", "DISPLAY=" + display, "xdotool"});
            return compositor.session.run(words);
        };
        std::string window;
        REQUIRE(wait_until(
            [&] {
                window = xdotool({"search", "--onlyvisible", "--class", "^portside$"}).output;
                window = window.substr(0, window.find('\n'));
                return !window.empty();
            },
            support::kPatience, kPause));
        compositor.type("node");
        CHECK(answers(program, "text", "text node"));
        program.write("quit\n");
        CHECK(program.wait() == 0);
    }

    TEST_CASE("natively on Wayland the window works and has a frame") {
        Compositor compositor({});
        auto environment = support::window_environment(PORTSIDE_BUILD "/tests/no_dlclose.so");
        environment.insert(environment.end(),
                           {"DISPLAY=", "WAYLAND_DISPLAY=wayland-test", "LD_LIBRARY_PATH=" + kWaylandGlfw,
                            "LSAN_OPTIONS=print_suppressions=0:suppressions=" PORTSIDE_TESTS
                            "/shell/wayland_leaks.txt"});
        Child program = compositor.session.start({kProgram, "frameless"}, environment);
        program.expect("open\n");
        CHECK(answers(program, "abilities", "abilities none")); // nothing of what only X11 allows
        compositor.type("vite");
        CHECK(answers(program, "text", "text vite"));
        program.write("quit\n");
        const auto status = program.wait();
        INFO(program.errors());
        CHECK(status == 0);
    }
}
