// SPDX-License-Identifier: MIT
// A row's menu in the real window: by mouse and by keyboard it ends a whole tree, and nothing else.
#include "tests/display/window_scene.h"
#include "tests/support/wait.h"

#include <csignal>
#include <doctest/doctest.h>
#include <fstream>
#include <sstream>

using portside::display_test::Listener;
using portside::display_test::WindowScene;
using portside::support::Child;
using portside::support::PolkitSandbox;

namespace {

// A process that listens, and a child of it that does not.
struct Tree {
    explicit Tree(const WindowScene& scene)
        : root(scene.sandbox().start(scene.sandbox().caller(),
                                     {"sh", "-c", "sleep 1000 >&- 2>&- & printf '%s ' $!; exec \"$1\"", "sh",
                                      PolkitSandbox::program("test_listener")})),
          child(0), port(0) {
        std::istringstream numbers(root.first_line());
        numbers >> child >> port;
    }
    [[nodiscard]] bool child_runs() const {
        std::ifstream stat("/proc/" + std::to_string(child) + "/stat");
        std::string text;
        std::getline(stat, text);
        const auto name_end = text.rfind(')');
        return name_end != std::string::npos && text.compare(name_end + 1, 2, " Z") != 0;
    }
    Child root;
    pid_t child;
    int port;
};

// Both have ended by their own signal, and nobody else has.
void check_only_tree_ended(const WindowScene& scene, Tree& tree, Listener& other, Child& overlay) {
    CHECK(tree.root.wait() == 128 + SIGTERM);
    CHECK(portside::support::wait_until([&] { return !tree.child_runs(); }));
    CHECK_FALSE(scene.sandbox().listens(tree.port));
    CHECK(scene.untouched(other));
    CHECK(overlay.running());
}

} // namespace

TEST_SUITE("display") {
    TEST_CASE("the menu opened by a key kills a tree") {
        WindowScene scene;
        Listener other = scene.listener_of_caller();
        Tree tree(scene);
        REQUIRE(tree.child_runs());
        Child overlay = scene.open_overlay();
        scene.type("port:" + std::to_string(tree.port));
        scene.press("Down");
        bool ended = false;
        for (int round = 0; round < 10 && !ended; ++round) {
            scene.press("Menu");
            scene.press("Down"); // Kill, Kill tree
            for (int i = 0; i < 3 && !ended; ++i) {
                // Too early it does nothing and the menu stays; where there is no menu, it shows the details.
                scene.press("Return");
                ended = tree.root.wait(std::chrono::milliseconds(600)).has_value();
            }
            scene.press("Escape");
        }
        INFO("the overlay said: " << overlay.output() << overlay.errors());
        REQUIRE(ended);
        check_only_tree_ended(scene, tree, other, overlay);
    }

    TEST_CASE("the menu opened by the right button kills a tree") {
        WindowScene scene;
        Listener other = scene.listener_of_caller();
        Tree tree(scene);
        REQUIRE(tree.child_runs());
        Child overlay = scene.open_overlay();
        scene.type("port:" + std::to_string(tree.port));
        bool ended = false;
        for (int round = 0; round < 10 && !ended; ++round) {
            constexpr int kX = 300;
            constexpr int kRow = 149; // the middle of the only row, at scale 1
            constexpr int kSecondEntry = kRow + 8 + 48;
            scene.click(kX, kRow, 3);
            for (int i = 0; i < 3 && !ended; ++i) {
                scene.click(kX + 40, kSecondEntry);
                ended = tree.root.wait(std::chrono::milliseconds(600)).has_value();
            }
        }
        INFO("the overlay said: " << overlay.output() << overlay.errors());
        REQUIRE(ended);
        check_only_tree_ended(scene, tree, other, overlay);
    }
}
