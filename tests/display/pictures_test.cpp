// SPDX-License-Identifier: MIT
// Makes README's pictures in the build folder, and looks at what can be asserted of them.
#include "tests/support/display_session.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

using namespace portside::support;
namespace fs = std::filesystem;

namespace {

// The scenes' names, after drawing them into the folder as PPM pictures.
std::vector<std::string> draw(const DisplaySession& session, const fs::path& folder,
                              const std::vector<std::string>& scenes = {}) {
    fs::create_directories(folder);
    std::vector<std::string> words{PORTSIDE_BUILD "/tests/test_pictures", folder};
    words.insert(words.end(), scenes.begin(), scenes.end());
    auto drawn = session.start(words, window_environment(PORTSIDE_BUILD "/tests/no_dlclose.so"));
    const auto ended = drawn.wait();
    INFO(drawn.errors());
    REQUIRE(ended == 0);
    std::istringstream names(drawn.output());
    return {std::istream_iterator<std::string>(names), {}};
}

// Makes the PNG picture of a PPM one, and looks at both. 256 colours are enough for the eye.
void take(const fs::path& folder, const std::string& name) {
    CAPTURE(name);
    const auto ppm = (folder / (name + ".ppm")).string();
    const auto png = (folder / (name + ".png")).string();
    const auto colours = run({{"/usr/bin/identify", "-format", "%k", ppm}});
    REQUIRE(colours.status == 0);
    CHECK(std::stoi(colours.output) > 100); // text and surfaces: more than a few
    REQUIRE(run({{"/usr/bin/convert", ppm, "-strip", "-dither", "None", "-colors", "256", "png8:" + png}}).status == 0);
    CHECK(fs::file_size(png) <= 200 * 1024);
    fs::remove(ppm);
}

int width_of(const fs::path& picture) {
    return std::stoi(run({{"/usr/bin/identify", "-format", "%w", picture.string()}}).output);
}

} // namespace

TEST_SUITE("display") {
    TEST_CASE("the pictures of the README are drawn and small enough") {
        const DisplaySession session;
        const fs::path folder = PORTSIDE_BUILD "/screenshots";
        const auto names = draw(session, folder);
        for (const auto& name : names) {
            take(folder, name);
        }
        CHECK(names.size() >= 4);
        // Two names in Korean and nothing else: where their signs were not drawn truly, both would be the same.
        const auto shop = (folder / "korean_shop.png").string();
        const auto land = (folder / "korean_land.png").string();
        CHECK(run({{"/usr/bin/compare", "-metric", "AE", shop, shop, "null:"}}).status == 0);
        CHECK(run({{"/usr/bin/compare", "-metric", "AE", shop, land, "null:"}}).status == 1);
    }

    TEST_CASE("on a screen with twice the dots everything is twice as large") {
        const fs::path folder = PORTSIDE_BUILD "/screenshots";
        const std::vector<std::string> wanted{"dark", "light", "details"};
        const DisplaySession small;
        for (const auto& name : draw(small, folder / "1x", wanted)) {
            take(folder / "1x", name);
        }
        const DisplaySession large({}, "2800x1800");
        REQUIRE(
            large.run({"xprop", "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", "Xft.dpi:\t192"})
                .status == 0);
        const auto names = draw(large, folder / "2x", wanted);
        CHECK(names == wanted);
        for (const auto& name : names) {
            take(folder / "2x", name);
            CHECK(width_of(folder / "2x" / (name + ".png")) == 2 * width_of(folder / "1x" / (name + ".png")));
        }
    }
}
