// SPDX-License-Identifier: MIT
// core/snapshot/text_pile: a pass over all texts finds what a look at each one finds.
#include "core/snapshot/text_pile.h"

#include <doctest/doctest.h>
#include <random>
#include <string>
#include <vector>

using namespace portside::snapshot;
using Part = TextPile::Part;

namespace {

struct Sample {
    std::string text;
    std::size_t head = 0;
    std::size_t project = 0;
};

// Few letters, so that needles nearly match everywhere; lengths around the size of a block.
std::string random_text(std::mt19937& dice, std::size_t longest) {
    std::string text(dice() % (longest + 1), 'a');
    for (char& c : text) {
        c = "ab"[dice() % 2];
    }
    return text;
}

} // namespace

TEST_CASE("what stands in each text is found wherever a block ends") {
    std::mt19937 dice(3);
    for (int round = 0; round < 300; ++round) {
        std::vector<Sample> samples(dice() % 20);
        TextPile pile;
        for (auto& sample : samples) {
            const std::string head = random_text(dice, 20) + '\n';
            const std::string project = dice() % 3 == 0 ? "" : random_text(dice, 20) + '\n';
            const std::string rest = random_text(dice, round % 2 == 0 ? 150 : 6) + '\n'; // or many in a block
            sample = {head + project + rest, head.size(), project.size()};
            pile.add(sample.text, sample.head, sample.project);
        }
        for (std::size_t i = 0; i < samples.size(); ++i) {
            CHECK(pile.at(i) == samples[i].text);
            CHECK(pile.at(i, Part::head) == samples[i].text.substr(0, samples[i].head));
            CHECK(pile.at(i, Part::project) == samples[i].text.substr(samples[i].head, samples[i].project));
        }
        for (const std::size_t longest : {0U, 1U, 2U, 5U, 12U, 70U}) {
            const std::string needle = 'b' + random_text(dice, longest);
            std::vector<std::uint8_t> whole;
            std::vector<std::uint8_t> heads;
            std::vector<std::uint8_t> projects;
            pile.find(needle, Part::project, projects);
            pile.find(needle, Part::whole, whole);
            pile.find(needle, Part::head, heads);
            REQUIRE(whole.size() == samples.size());
            CAPTURE(round);
            CAPTURE(needle);
            for (std::size_t i = 0; i < samples.size(); ++i) {
                CHECK((whole[i] == 1) == (samples[i].text.find(needle) != std::string::npos));
                CHECK((heads[i] == 1) ==
                      (samples[i].text.substr(0, samples[i].head).find(needle) != std::string::npos));
                CHECK((projects[i] == 1) ==
                      (samples[i].text.substr(samples[i].head, samples[i].project).find(needle) != std::string::npos));
            }
        }
    }
}

TEST_CASE("a needle never reaches from one text into the next") {
    TextPile pile;
    pile.add("abc", 3);
    pile.add("def", 0);
    pile.add("", 0);
    std::vector<std::uint8_t> found{7};
    pile.find("cd", Part::whole, found);
    CHECK(found == std::vector<std::uint8_t>{0, 0, 0});
    pile.find("ef", Part::head, found);
    CHECK(found == std::vector<std::uint8_t>{0, 0, 0});
    pile.find("ef", Part::whole, found);
    CHECK(found == std::vector<std::uint8_t>{0, 1, 0});
}
