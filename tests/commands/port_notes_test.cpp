// SPDX-License-Identifier: MIT
// ports.toml: written by hand and by Portside, in one file.
#include "core/commands/port_notes.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

using namespace portside;
using commands::load_port_notes;
using commands::parse_port_notes;
using commands::save_port_note;
using commands::with_port_note;
using platform::Protocol;
using snapshot::PortBook;
using snapshot::PortId;
using snapshot::PortNote;

namespace {

constexpr PortId kShop{Protocol::tcp, 3000};

std::string text_in(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put_text(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path) << text;
}

struct NotesFolder {
    std::filesystem::path path;
    NotesFolder() {
        std::string name = "/tmp/portside-notes-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~NotesFolder() { std::filesystem::remove_all(path); }
    NotesFolder(const NotesFolder&) = delete;
    NotesFolder& operator=(const NotesFolder&) = delete;
    [[nodiscard]] std::string file() const { return (path / "portside" / "ports.toml").string(); }
};

} // namespace

TEST_CASE("port notes - what a person writes by hand is read") {
    const auto book =
        parse_port_notes("# my ports\n[tcp.3000]\nlabel = \"shop frontend\"\nfavourite = true\ncolour = 7\n"
                         "\n[udp.5353]\nlabel = \"mDNS\"\n[tcp.1]\nfavourite = false\n[elsewhere]\nx = 1\n");
    REQUIRE(book.has_value());
    CHECK(*book == PortBook{{kShop, {true, "shop frontend"}}, {{Protocol::udp, 5353}, {false, "mDNS"}}});
    CHECK(parse_port_notes("tcp.3000.label = 'x'\n").value() == PortBook{{kShop, {false, "x"}}});
    CHECK(parse_port_notes("").value().empty());
}

TEST_CASE("port notes - hostile labels are made safe to draw") {
    const auto book = parse_port_notes("[tcp.3000]\nlabel = \"a\\u202eb\\nc\"\n").value();
    CHECK(book.at(kShop).label == "a\uFFFDb c");
    const auto long_one = parse_port_notes("[tcp.3000]\nlabel = \"" + std::string(500, 'x') + "\"\n").value();
    CHECK(long_one.at(kShop).label.size() <= snapshot::kLongestLabel);
}

TEST_CASE("port notes - what is wrong is told with its line") {
    for (const char* text : {"[tcp.3000]\nlabel = 5\n", "\n[tcp.http]\n", "\n[tcp.70000]\n", "[tcp]\n3000 = 1\n",
                             "\ntcp = 5\n", "[tcp.3000]\nfavourite = \"yes\"\n", "[tcp.3000]\nlabel = \"open\n"}) {
        CAPTURE(std::string(text));
        const auto book = parse_port_notes(text);
        REQUIRE_FALSE(book.has_value());
        CHECK(book.error().what.starts_with("line 2:"));
        CHECK_FALSE(with_port_note(text, kShop, {true, ""}).has_value()); // and nothing is changed
    }
}

TEST_CASE("port notes - a note is added changed and removed and all else stays byte for byte") {
    const std::string mine = "# mine \u00e4\n\n[tcp.80]\nlabel = 'web' # as it is\ncolour = 7\n";
    const auto added = with_port_note(mine, kShop, {true, "say \"hi\" \\ there"}).value();
    CHECK(added == mine + "\n[tcp.3000]\nlabel = \"say \\\"hi\\\" \\\\ there\"\nfavourite = true\n");
    CHECK(parse_port_notes(added).value().at(kShop) == PortNote{true, "say \"hi\" \\ there"});
    CHECK(with_port_note(added, kShop, {}).value() == mine + "\n");
    // The key that is missing comes below its table's head, the comment of the other stays.
    const auto starred = with_port_note(mine, {Protocol::tcp, 80}, {true, "web"}).value();
    CHECK(starred == "# mine \u00e4\n\n[tcp.80]\nfavourite = true\nlabel = 'web' # as it is\ncolour = 7\n");
    const auto renamed = with_port_note(starred, {Protocol::tcp, 80}, {true, "nginx"}).value();
    CHECK(renamed == "# mine \u00e4\n\n[tcp.80]\nfavourite = true\nlabel = \"nginx\" # as it is\ncolour = 7\n");
    // A comment behind a value is not lost with it, nor is a key of somebody else.
    CHECK(with_port_note(renamed, {Protocol::tcp, 80}, {}).value() ==
          "# mine \u00e4\n\n[tcp.80]\nlabel = \"\" # as it is\ncolour = 7\n");
}

TEST_CASE("port notes - the same note leaves the file as it is") {
    const std::string mine = "[tcp.3000]\nlabel = 'x'";
    CHECK(with_port_note(mine, kShop, {false, "x"}).value() == mine);
    CHECK(with_port_note("", kShop, {}).value().empty());
    // A last line without an end is ended first.
    CHECK(with_port_note(mine, kShop, {true, "x"}).value() == "[tcp.3000]\nfavourite = true\nlabel = 'x'\n");
    CHECK(with_port_note(mine, {Protocol::udp, 1}, {true, ""}).value() == mine + "\n\n[udp.1]\nfavourite = true\n");
}

TEST_CASE("port notes - removing one table leaves the ones around it") {
    const std::string three =
        "[tcp.1]\nlabel = \"a\"\n\n[tcp.2]\nlabel = \"b\"\nfavourite = true\n\n[tcp.3]\nlabel = \"c\"\n";
    CHECK(with_port_note(three, {Protocol::tcp, 2}, {}).value() ==
          "[tcp.1]\nlabel = \"a\"\n\n[tcp.3]\nlabel = \"c\"\n");
    const std::string commented = "[tcp.2] # keep me\nlabel = \"b\"\n# and me\n";
    CHECK(with_port_note(commented, {Protocol::tcp, 2}, {}).value() == "[tcp.2] # keep me\n# and me\n");
}

TEST_CASE("port notes - a form that cannot be changed safely is left alone") {
    for (const char* text :
         {"tcp = { 3000 = { label = 'x' } }\n", "tcp.3000.label = 'x'\n", "[tcp]\n3000 = { label = 'x' }\n",
          "[tcp.3000]\nlabel = '''\nx'''\nnote = [\n[1],\n[2]]\n"}) {
        CAPTURE(std::string(text));
        const auto changed = with_port_note(text, kShop, {true, "y"});
        // Either refused, or exactly what was asked for.
        if (changed) {
            CHECK(parse_port_notes(*changed).value() == PortBook{{kShop, {true, "y"}}});
        } else {
            CHECK(changed.error().what.find("cannot change safely") != std::string::npos);
        }
    }
    CHECK_FALSE(with_port_note("tcp = { 3000 = { label = 'x' } }\n", kShop, {true, "y"}).has_value());
}

TEST_CASE("port notes - the file is made written and read back and keeps what was written meanwhile") {
    const NotesFolder folder;
    CHECK(load_port_notes(folder.file()).value().empty());
    REQUIRE(save_port_note(folder.file(), kShop, {true, "shop"}).has_value());
    CHECK(text_in(folder.file()).starts_with("# Favourites and names of ports."));
    CHECK(load_port_notes(folder.file()).value() == PortBook{{kShop, {true, "shop"}}});
    put_text(folder.file(), text_in(folder.file()) + "\n# by hand\n[udp.9]\nlabel = \"hand\"\n");
    REQUIRE(save_port_note(folder.file(), kShop, {false, "shop"}).has_value());
    CHECK(text_in(folder.file()).find("# by hand\n") != std::string::npos);
    CHECK(load_port_notes(folder.file()).value() ==
          PortBook{{kShop, {false, "shop"}}, {{Protocol::udp, 9}, {false, "hand"}}});
}

TEST_CASE("port notes - a malformed file is told and not touched") {
    const NotesFolder folder;
    std::filesystem::create_directories(folder.path / "portside");
    put_text(folder.file(), "[tcp.3000\nlabel = 1\n");
    const auto loaded = load_port_notes(folder.file());
    REQUIRE_FALSE(loaded.has_value());
    CHECK(loaded.error().what.find(folder.file() + ", line 1: ") == 0);
    const auto saved = save_port_note(folder.file(), kShop, {true, ""});
    REQUIRE_FALSE(saved.has_value());
    CHECK(saved.error().what.find("was left as it is") != std::string::npos);
    CHECK(text_in(folder.file()) == "[tcp.3000\nlabel = 1\n");
}

TEST_CASE("port notes - a link is followed and stays one") {
    const NotesFolder folder;
    std::filesystem::create_directories(folder.path / "portside");
    put_text(folder.path / "kept.toml", "# elsewhere\n");
    std::filesystem::create_symlink(folder.path / "kept.toml", folder.file());
    REQUIRE(save_port_note(folder.file(), kShop, {true, ""}).has_value());
    CHECK(std::filesystem::is_symlink(folder.file()));
    CHECK(text_in(folder.path / "kept.toml") == "# elsewhere\n\n[tcp.3000]\nfavourite = true\n");
}

TEST_CASE("port notes - where nothing can be written it is told") {
    const NotesFolder folder;
    put_text(folder.path / "portside", "a file where the folder should be");
    const auto saved = save_port_note(folder.file(), kShop, {true, ""});
    REQUIRE_FALSE(saved.has_value());
    CHECK(saved.error().what.find("ports.toml") != std::string::npos);
}
