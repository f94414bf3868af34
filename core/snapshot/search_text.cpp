// SPDX-License-Identifier: MIT
// What a word in the filter is looked for in. Pure; any thread.
#include "core/snapshot/search_text.h"

#include "core/base/text.h"

#include <set>
#include <string>

namespace portside::snapshot {

namespace {

// What keeps it, by name.
void add_keepers(Row& row) {
    if (row.unit) {
        row.search_text.append(base::to_lower_ascii(row.unit->name)).append(1, '\n');
    }
    if (row.container && !row.container->name.empty()) {
        row.search_text.append(base::to_lower_ascii(row.container->name)).append(1, '\n');
    }
}

} // namespace

// Workers mostly have the same texts as each other.
void add_search_text(const Snapshot& snapshot, Row& row) {
    const auto& processes = row.owners.empty() ? row.candidates : row.owners;
    const auto add_all = [&](auto text_of) {
        std::set<std::string> known;
        for (const auto& owner : processes) {
            const auto [added, is_new] = known.insert(base::to_lower_ascii(text_of(*snapshot.find_process(owner.id))));
            row.search_text += is_new && !added->empty() ? *added + '\n' : std::string();
        }
    };
    if (processes.size() == 1) {
        const Process& process = *snapshot.find_process(processes.front().id);
        row.search_text.reserve(process.name.size() + process.command_text.size() + 2);
        row.search_text.append(process.name).append(1, '\n');
        add_keepers(row);
        row.search_names = row.search_text.size();
        if (process.project) {
            row.search_text.append(*process.project).append(1, '\n');
        }
        row.search_text.append(process.command_text).append(1, '\n');
        base::lower_ascii(row.search_text);
        return;
    }
    add_all([](const Process& process) -> const std::string& { return process.name; });
    add_keepers(row);
    row.search_names = row.search_text.size();
    add_all([](const Process& process) { return process.project.value_or(std::string()); });
    add_all([](const Process& process) -> const std::string& { return process.command_text; });
}

} // namespace portside::snapshot
