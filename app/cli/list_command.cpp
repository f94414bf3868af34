// SPDX-License-Identifier: MIT
#include "app/cli/list_command.h"

#include "core/commands/commands.h"
#include "core/commands/port_notes.h"
#include "core/snapshot/json.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fmt/format.h>
#include <numeric>

namespace portside::cli {

namespace {

constexpr std::size_t kCells = 8;
enum Cell : std::size_t { kPort, kProtocol, kProcess, kPid, kUser, kAddress, kLabel, kState };

const char* words_of(snapshot::Unknown unknown) {
    switch (unknown) {
    case snapshot::Unknown::not_permitted:
        return "not visible";
    case snapshot::Unknown::not_found:
        return "no process";
    case snapshot::Unknown::searching:
        return "searching";
    case snapshot::Unknown::gone:
        break;
    }
    return "gone";
}

std::string name_of(const snapshot::Process* process) {
    return process == nullptr ? "?" : process->name;
}

// "unit nginx.service", "container web"; empty where nothing keeps it.
std::string keeper_text(const snapshot::Row& row) {
    constexpr std::size_t kShortId = 12; // as the engines print it
    if (row.container) {
        const auto& [engine, id, name] = *row.container;
        return "container " + (name.empty() ? id.substr(0, kShortId) : name);
    }
    return row.unit ? "unit " + row.unit->name : "";
}

// "candidate: nginx 812", "candidates: nginx 812 +4".
std::string candidates_text(const snapshot::Snapshot& snapshot, const snapshot::Row& row) {
    const auto& first = row.candidates.front().id;
    const std::string one = fmt::format("{} {}", name_of(snapshot.find_process(first)), first.pid);
    return row.candidates.size() == 1 ? "candidate: " + one
                                      : fmt::format("candidates: {} +{}", one, row.candidates.size() - 1);
}

std::string ownerless_text(const snapshot::Snapshot& snapshot, const snapshot::Row& row) {
    const auto unknown = row.unknown.value_or(snapshot::Unknown::not_found);
    const std::string what = row.candidates.empty() ? words_of(unknown) : candidates_text(snapshot, row);
    const std::string keeper = keeper_text(row);
    return keeper.empty() ? fmt::format("({})", what) : fmt::format("{} ({})", keeper, what);
}

std::string process_text(const snapshot::Snapshot& snapshot, const snapshot::Row& row) {
    if (row.owners.empty()) {
        return ownerless_text(snapshot, row);
    }
    const std::string name = name_of(snapshot::topmost_process(snapshot, row));
    return row.owners.size() > 1 ? fmt::format("{} +{}", name, row.owners.size() - 1) : name;
}

// As many as code points: all text here is valid UTF-8 (base::sanitise), and each has one byte that continues nothing.
std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

// The texts of all cells, one behind another: ten thousand lines of strings would cost more than the listing.
class Cells {
  public:
    explicit Cells(std::size_t lines) {
        constexpr std::size_t kUsualLine = 48; // bytes
        text_.reserve(lines * kUsualLine);
        spans_.reserve(lines * kCells);
    }

    // The next cell, from left to right and line by line.
    void add(std::string_view text) {
        const std::size_t cell = spans_.size() % kCells;
        text_ += text;
        spans_.push_back({text_.size(), characters(text)});
        widths_[cell] = std::max(widths_[cell], spans_.back().width);
    }
    void add_line(const snapshot::Snapshot& snapshot, const snapshot::Row& row, std::string_view label) {
        add(row.port_text);
        add(row.key.protocol == platform::Protocol::tcp ? "tcp" : "udp");
        add(process_text(snapshot, row));
        add(row.owners.empty() ? "-" : std::to_string(row.owners.front().id.pid));
        add(row.user);
        add(row.address_text);
        add(label);
        add(snapshot::to_string(row.state));
    }

    // These columns, as wide as their widest cell.
    [[nodiscard]] std::string table(const std::vector<Cell>& columns) const {
        std::string table;
        table.reserve(spans_.size() / kCells *
                      std::accumulate(widths_.begin(), widths_.end(), std::size_t{2 * kCells}));
        for (std::size_t line = 0; line < spans_.size(); line += kCells) {
            for (const Cell column : columns) {
                const std::size_t begin = line + column == 0 ? 0 : spans_[line + column - 1].end;
                const auto& [end, width] = spans_[line + column];
                const bool to_the_right = column == kPort || column == kPid;
                const bool is_last = column == columns.back();
                const std::size_t blank = is_last && !to_the_right ? 0 : widths_[column] - width;
                table.append(to_the_right ? blank : 0, ' ').append(text_, begin, end - begin);
                table.append(to_the_right ? 0 : blank, ' ').append(is_last ? "\n" : "  ");
            }
        }
        return table;
    }

  private:
    struct Span {
        std::size_t end; // in text_; it begins where the one before it ends
        std::size_t width;
    };
    std::string text_;
    std::vector<Span> spans_;
    std::array<std::size_t, kCells> widths_{};
};

} // namespace

std::string table_text(const snapshot::Snapshot& snapshot, const snapshot::Arrangement& arrangement,
                       const snapshot::RowTags* tags) {
    Cells cells(arrangement.rows.size() + 1);
    for (const char* title : {"PORT", "PROTO", "PROCESS", "PID", "USER", "ADDRESS", "LABEL", "STATE"}) {
        cells.add(title);
    }
    bool any_bound = false;
    bool any_label = false;
    for (const auto index : arrangement.rows) {
        const auto& row = snapshot.rows[index];
        const std::string_view label = tags != nullptr ? tags->label(index) : std::string_view();
        any_bound = any_bound || row.state == platform::SocketState::bound;
        any_label = any_label || !label.empty();
        cells.add_line(snapshot, row, label);
    }
    std::vector<Cell> columns{kPort, kProtocol, kProcess, kPid, kUser, kAddress};
    if (any_label) {
        columns.push_back(kLabel);
    }
    if (any_bound) { // the state says something only where one is BOUND
        columns.push_back(kState);
    }
    return cells.table(columns);
}

int run_list(const ListArguments& arguments) {
    const auto found = commands::list_once(arguments.scanner, arguments.query);
    if (!found) {
        fmt::print(stderr, "portside: {}\n", found.error().what);
        return 1;
    }
    const auto& snapshot = **found;
    const auto book = commands::load_port_notes(commands::port_notes_path());
    const auto tags = snapshot::tags_of(snapshot, book.value_or(snapshot::PortBook()), snapshot::this_beholder());
    const snapshot::Scope scope{.view = arguments.view, .hide_system = false, .shown_anyway = {}};
    const auto arrangement = snapshot::arrange(snapshot, *tags, scope, arguments.query, {});
    const auto text = arguments.json ? snapshot::to_json(snapshot, arrangement, tags.get()) + "\n"
                                     : table_text(snapshot, arrangement, tags.get());
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    if (!written) {
        fmt::print(stderr, "portside: the list could not be written to standard output.\n");
        return 1;
    }
    if (!book) {
        fmt::print(stderr, "note: {}; favourites and names of ports are not shown.\n", book.error().what);
    }
    if (!arguments.json) { // JSON carries them itself
        for (const auto& note : snapshot.notes) {
            fmt::print(stderr, "note: {}\n", note.text);
        }
    }
    return 0;
}

} // namespace portside::cli
