// SPDX-License-Identifier: MIT
// Makes README's pictures in the build folder, and looks at what can be asserted of them.
#include "tests/support/display_session.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <sstream>

using namespace portside::support;
namespace fs = std::filesystem;

TEST_SUITE("display") {
    TEST_CASE("the pictures of the README are drawn and small enough") {
        const DisplaySession session;
        const fs::path folder = PORTSIDE_BUILD "/screenshots";
        fs::create_directories(folder);
        auto drawn = session.start({PORTSIDE_BUILD "/tests/test_pictures", folder},
                                   window_environment(PORTSIDE_BUILD "/tests/no_dlclose.so"));
        const auto ended = drawn.wait();
        INFO(drawn.errors());
        REQUIRE(ended == 0);
        std::istringstream names(drawn.output());
        int pictures = 0;
        for (std::string name; names >> name; ++pictures) {
            CAPTURE(name);
            const auto ppm = (folder / (name + ".ppm")).string();
            const auto png = (folder / (name + ".png")).string();
            // Text and surfaces: more than a few colours. 256 of them are enough for the eye.
            const auto colours = run({{"/usr/bin/identify", "-format", "%k", ppm}});
            REQUIRE(colours.status == 0);
            CHECK(std::stoi(colours.output) > 100);
            REQUIRE(
                run({{"/usr/bin/convert", ppm, "-strip", "-dither", "None", "-colors", "256", "png8:" + png}}).status ==
                0);
            CHECK(fs::file_size(png) <= 200 * 1024);
            fs::remove(ppm);
        }
        CHECK(pictures >= 4);
        // Two names in Korean and nothing else: where their signs were not drawn truly, both would be the same.
        const auto shop = (folder / "korean_shop.png").string();
        const auto land = (folder / "korean_land.png").string();
        CHECK(run({{"/usr/bin/compare", "-metric", "AE", shop, shop, "null:"}}).status == 0);
        CHECK(run({{"/usr/bin/compare", "-metric", "AE", shop, land, "null:"}}).status == 1);
    }
}
