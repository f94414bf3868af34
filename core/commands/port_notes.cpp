// SPDX-License-Identifier: MIT
// The text of ports.toml. Pure; any thread.
#include "core/commands/port_notes.h"

#include "core/base/parse.h"
#include "core/base/text.h"
#include "core/base/text_edit.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <vector>
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace portside::commands {

namespace {

using platform::Protocol;
using snapshot::PortBook;
using snapshot::PortId;
using snapshot::PortNote;

constexpr std::string_view kHead = "# Favourites and names of ports. Portside changes this file; so may you.\n";
constexpr const char* kUnsafe = "its form is one that Portside cannot change safely";

tl::unexpected<base::Error> slip(std::string what) {
    return base::failed(base::ErrorKind::malformed, std::move(what));
}

std::size_t line_of(const toml::node& node) {
    return node.source().begin.line;
}

base::Result<toml::table> table_in(std::string_view text) {
    auto parsed = toml::parse(text);
    if (!parsed) {
        return slip(fmt::format("line {}: {}", parsed.error().source().begin.line, parsed.error().description()));
    }
    return std::move(parsed).table();
}

base::Result<PortNote> note_in(const toml::table& table) {
    PortNote note;
    if (const auto* const node = table.get("favourite")) {
        const auto value = node->value_exact<bool>();
        if (!value) {
            return slip(fmt::format("line {}: favourite is true or false", line_of(*node)));
        }
        note.favourite = *value;
    }
    if (const auto* const node = table.get("label")) {
        const auto value = node->value_exact<std::string>();
        if (!value) {
            return slip(fmt::format("line {}: label is a text in quotes", line_of(*node)));
        }
        note.label = base::sanitise(*value, snapshot::kLongestLabel);
    }
    return note;
}

base::Result<void> add_ports(Protocol protocol, const toml::node* node, PortBook& book) {
    if (node == nullptr) {
        return {};
    }
    const char* const name = protocol == Protocol::tcp ? "tcp" : "udp";
    const auto* const ports = node->as_table();
    if (ports == nullptr) {
        return slip(fmt::format("line {}: write [{}.3000] and below it label = \"…\"", line_of(*node), name));
    }
    for (const auto& [key, one] : *ports) {
        const auto port = base::parse_number<std::uint16_t>(key.str());
        const auto* const table = one.as_table();
        if (!port || table == nullptr) {
            return slip(fmt::format("line {}: {} is no port; write [{}.3000] and below it label = \"…\"", line_of(one),
                                    base::sanitise(key.str(), 40), name));
        }
        auto note = note_in(*table);
        if (!note) {
            return base::failed(note.error());
        }
        if (!note->empty()) {
            book.insert_or_assign({protocol, *port}, std::move(*note));
        }
    }
    return {};
}

base::Result<PortBook> book_in(const toml::table& table) {
    PortBook book;
    for (const auto protocol : {Protocol::tcp, Protocol::udp}) {
        const auto added = add_ports(protocol, table.get(protocol == Protocol::tcp ? "tcp" : "udp"), book);
        if (!added) {
            return base::failed(added.error());
        }
    }
    return book;
}

std::string in_quotes(std::string_view text) {
    std::string all = "\"";
    for (const char c : text) {
        all += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
    }
    return all + "\"";
}

// One of the two keys: what its value is to be, or nothing where it needs none.
struct Wanted {
    const char* key;
    std::optional<std::string> value;
    const char* nothing; // the value that says nothing, where a comment stands behind it
};

// A table of the file, [tcp.3000] and the lines below it.
class Section {
  public:
    // Both outlive this.
    Section(const std::string& text, const toml::table& table) : table_(table), edit_(text) {
        for (std::size_t at = 0; at < text.size();) {
            const auto end = std::min(text.find('\n', at), text.size());
            lines_.emplace_back(text.data() + at, end - at);
            at = end + 1;
        }
        const auto is_header = [](std::string_view line) {
            const auto first = line.find_first_not_of(" \t");
            return first != std::string_view::npos && line[first] == '[';
        };
        header_ = line_of(table);
        end_ = header_ + 1;
        while (end_ <= lines_.size() && !is_header(line(end_))) {
            ++end_;
        }
    }

    // Whether nothing but these keys stands in it: no other key, no comment.
    [[nodiscard]] bool holds_only(const std::array<Wanted, 2>& keys) const {
        std::vector<std::size_t> known;
        for (const auto& one : keys) {
            if (const auto* const node = table_.get(one.key)) {
                known.push_back(line_of(*node));
            }
        }
        if (known.size() != table_.size() || line(header_).find('#') != std::string_view::npos) {
            return false;
        }
        for (auto at = header_ + 1; at < end_; ++at) {
            const bool blank = line(at).find_first_not_of(" \t\r") == std::string_view::npos;
            const bool plain = std::ranges::find(known, at) != known.end() && !has_comment(at);
            if (!blank && !plain) {
                return false;
            }
        }
        return true;
    }

    void remove() { edit_.replace({header_, 1}, {end_, 1}, ""); }

    void set(const Wanted& wanted) {
        const auto* const node = table_.get(wanted.key);
        if (node == nullptr && wanted.value) {
            added_ += fmt::format("{} = {}\n", wanted.key, *wanted.value);
        } else if (node != nullptr && !wanted.value && !has_comment(line_of(*node))) {
            edit_.replace({line_of(*node), 1}, {node->source().end.line + 1, 1}, "");
        } else if (node != nullptr) {
            const auto& at = node->source();
            edit_.replace({at.begin.line, at.begin.column}, {at.end.line, at.end.column},
                          wanted.value.value_or(wanted.nothing));
        }
    }

    [[nodiscard]] std::string result() {
        if (!added_.empty()) {
            edit_.replace({header_ + 1, 1}, {header_ + 1, 1}, added_);
        }
        return edit_.result();
    }

  private:
    [[nodiscard]] std::string_view line(std::size_t number) const { return lines_.at(number - 1); }
    // A # in a label counts, too: its line is then kept, which is right as well.
    [[nodiscard]] bool has_comment(std::size_t number) const {
        return line(number).find('#') != std::string_view::npos;
    }

    const toml::table& table_;
    base::TextEdit edit_;
    std::vector<std::string_view> lines_;
    std::size_t header_ = 0;
    std::size_t end_ = 0; // the line behind the last
    std::string added_;
};

std::string appended(std::string text, PortId port, const std::array<Wanted, 2>& keys) {
    text += text.empty() ? kHead : std::string_view();
    text += fmt::format("\n[{}.{}]\n", port.protocol == Protocol::tcp ? "tcp" : "udp", port.port);
    for (const auto& one : keys) {
        text += one.value ? fmt::format("{} = {}\n", one.key, *one.value) : std::string();
    }
    return text;
}

} // namespace

base::Result<PortBook> parse_port_notes(std::string_view text) {
    const auto table = table_in(text);
    return table ? book_in(*table) : base::failed(table.error());
}

base::Result<std::string> with_port_note(std::string_view text, PortId port, const PortNote& note) {
    const auto table = table_in(text);
    auto book = table ? book_in(*table) : base::failed(table.error());
    if (!book) {
        return base::failed(book.error());
    }
    if (note_of(*book, port) == note) {
        return std::string(text);
    }
    const std::string label = base::sanitise(note.label, snapshot::kLongestLabel);
    using Value = std::optional<std::string>;
    const std::array<Wanted, 2> keys{{{"label", label.empty() ? Value() : Value(in_quotes(label)), "\"\""},
                                      {"favourite", note.favourite ? Value("true") : Value(), "false"}}};
    std::string whole(text);
    whole += !whole.empty() && whole.back() != '\n' ? "\n" : "";
    const auto* const entry =
        (*table)[port.protocol == Protocol::tcp ? "tcp" : "udp"][std::to_string(port.port)].as_table();
    std::string changed;
    if (entry == nullptr) {
        changed = appended(std::move(whole), port, keys);
    } else if (entry->is_inline() || line_of(*entry) == 0) {
        return slip(kUnsafe);
    } else {
        Section section(whole, *entry);
        if (note.empty() && section.holds_only(keys)) {
            section.remove();
        } else {
            const auto before = note_of(*book, port);
            if (before.label != label) { // what is as it should be stays in the person's own form
                section.set(keys[0]);
            }
            if (before.favourite != note.favourite) {
                section.set(keys[1]);
            }
        }
        changed = section.result();
    }
    book->erase(port);
    if (!note.empty()) {
        book->insert_or_assign(port, PortNote{note.favourite, label});
    }
    const auto got = parse_port_notes(changed);
    if (!got || *got != *book) {
        return slip(kUnsafe);
    }
    return changed;
}

} // namespace portside::commands
