// SPDX-License-Identifier: MIT
// What a word in the filter is looked for in. Pure; any thread.
#include "core/snapshot/search_text.h"

#include "core/base/text.h"
#include "core/snapshot/row_classes.h"

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portside::snapshot {

namespace {

// The text of one row after another, in the same memory.
class TextWriter {
  public:
    explicit TextWriter(const Snapshot& snapshot) : snapshot_(snapshot) {}

    void write(const Row& row, TextPile& into) {
        text_.clear();
        const auto& processes = row.owners.empty() ? row.candidates : row.owners;
        const auto parts = processes.size() == 1 ? add_one(row, process(processes.front())) : add_all(row, processes);
        base::lower_ascii(text_);
        // What a candidate works on says nothing of the row.
        into.add(text_, parts.head, row.owners.empty() ? 0 : parts.project);
    }

  private:
    static std::string_view name_of(const Process& process) { return process.name; }
    static std::string_view command_of(const Process& process) { return process.command_text; }
    static std::string_view project_of(const Process& process) {
        return process.project ? std::string_view(*process.project) : std::string_view();
    }
    [[nodiscard]] const Process& process(const Owner& owner) const { return *snapshot_.find_process(owner.id); }

    void add(std::string_view piece) {
        if (!piece.empty()) {
            text_.append(piece).append(1, '\n');
        }
    }
    struct Lengths {
        std::size_t head;
        std::size_t project;
    };
    Lengths add_one(const Row& row, const Process& process) {
        add(process.name);
        add_keepers(row);
        const std::size_t head = text_.size();
        add(project_of(process));
        const std::size_t project = text_.size() - head;
        add(process.command_text);
        return {head, project};
    }
    Lengths add_all(const Row& row, const std::vector<Owner>& processes) {
        add_each(processes, &name_of);
        add_keepers(row);
        const std::size_t head = text_.size();
        add_each(processes, &project_of);
        const std::size_t project = text_.size() - head;
        add_each(processes, &command_of);
        return {head, project};
    }
    // Workers mostly have the same texts as each other.
    void add_each(const std::vector<Owner>& processes, std::string_view (*text_of)(const Process&)) {
        std::set<std::string> known;
        for (const auto& owner : processes) {
            const auto [added, is_new] = known.insert(base::to_lower_ascii(text_of(process(owner))));
            add(is_new ? std::string_view(*added) : std::string_view());
        }
    }
    // What keeps it, by name.
    void add_keepers(const Row& row) {
        add(row.unit ? std::string_view(row.unit->name) : std::string_view());
        add(row.container ? std::string_view(row.container->name) : std::string_view());
    }

    const Snapshot& snapshot_;
    std::string text_;
};

} // namespace

void add_texts(Snapshot& snapshot) {
    const auto by_owners = classes_by_owners(snapshot);
    TextPile texts;
    std::vector<std::uint32_t> topmost;
    topmost.reserve(by_owners.examples.size());
    TextWriter writer(snapshot);
    for (const auto example : by_owners.examples) {
        writer.write(snapshot.rows[example], texts);
        const auto& owners = snapshot.rows[example].owners;
        const auto place = owners.empty() ? std::nullopt : snapshot.processes.find(owners.front().id);
        topmost.push_back(static_cast<std::uint32_t>(place.value_or(0)));
    }
    texts.shrink_to_fit();
    snapshot.texts = std::move(texts);
    for (std::size_t row = 0; row < snapshot.rows.size(); ++row) {
        snapshot.rows[row].text = by_owners.of[row];
        snapshot.rows[row].topmost_at = topmost[by_owners.of[row]];
    }
}

} // namespace portside::snapshot
