// SPDX-License-Identifier: MIT
// A row's menu in the real window: by mouse and by keyboard it ends a whole tree, and nothing else.
#include "tests/display/window_scene.h"
#include "tests/support/wait.h"

#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

using portside::display_test::Listener;
using portside::display_test::WindowScene;
using portside::support::Child;
using portside::support::PolkitSandbox;

namespace {

// A process that listens, and a child of it that does not. The child is known by its argument: its number in the
// sandbox is not the one out here.
struct Tree {
    explicit Tree(const WindowScene& scene)
        : seconds("1000." + std::to_string(::getpid())),
          root(scene.sandbox().start(scene.sandbox().caller(), {"sh", "-c", "sleep \"$2\" >&- 2>&- & exec \"$1\"", "sh",
                                                                PolkitSandbox::program("test_listener"), seconds})),
          port(std::stoi(root.first_line())) {}
    [[nodiscard]] bool child_runs() const {
        const std::string wanted = std::string("sleep") + '\0' + seconds + '\0';
        std::error_code gone;
        for (const auto& process : std::filesystem::directory_iterator("/proc", gone)) {
            std::ifstream file(process.path() / "cmdline"); // empty of a zombie
            const std::string text{std::istreambuf_iterator<char>(file), {}};
            if (text == wanted) {
                return true;
            }
        }
        return false;
    }
    std::string seconds;
    Child root;
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
        REQUIRE(portside::support::wait_until([&] { return tree.child_runs(); }));
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
        REQUIRE(portside::support::wait_until([&] { return tree.child_runs(); }));
        Child overlay = scene.open_overlay();
        scene.type("port:" + std::to_string(tree.port));
        bool ended = false;
        for (int round = 0; round < 10 && !ended; ++round) {
            constexpr int kX = 300;
            constexpr int kRow = 165; // the middle of the only row, at scale 1
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
