// SPDX-License-Identifier: MIT
// The ways to free a row's port. Pure.
#include "app/ui/ways.h"

#include "app/ui/row_text.h"
#include "app/ui/row_view.h"
#include "core/snapshot/activation.h"
#include "core/snapshot/respawner.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace portside::ui {

namespace {

// By the names of their executables: that is what the engines start.
constexpr std::array<std::string_view, 7> kForwarders{"docker-proxy", "rootlessport", "rootlesskit", "slirp4netns",
                                                      "pasta",        "passt",        "gvproxy"};
constexpr std::array<std::string_view, 3> kEngineUnits{"docker.service", "containerd.service", "podman.service"};
constexpr std::size_t kShownId = 12;

std::string who(const snapshot::Process* process, const snapshot::ProcessId& id) {
    return process == nullptr || process->name.empty() ? fmt::format("process {}", id.pid)
                                                       : fmt::format("{} ({})", process->name, id.pid);
}

class Ways {
  public:
    Ways(const Model& model, const snapshot::Row& row)
        : model_(model), row_(row),
          own_(!row.owners.empty() && may_signal(*model.snapshot, row.owners.front().id, model.current_uid)) {}

    void add_kill() {
        const auto& id = row_.owners.front().id;
        const auto name = who(model_.snapshot->find_process(id), id);
        if (is_held_by_forwarder(*model_.snapshot, row_)) {
            add(own_ ? RowAction::kill : RowAction::kill_as_administrator,
                fmt::format("ends {} only; the container goes on", name));
        } else if (own_) {
            add(RowAction::kill, fmt::format("asks {} to end", name));
        } else {
            add(RowAction::kill_as_administrator, fmt::format("asks {} of {} to end", name, row_.user));
        }
    }
    void add_tree() {
        ways_.push_back({RowAction::kill_tree, own_ ? "Kill tree" : "Kill tree as administrator\xE2\x80\xA6",
                         "and everything that it started"});
    }
    void add_respawner() {
        const auto& id = row_.owners.front().id;
        if (const auto respawner = snapshot::respawner_of(*model_.snapshot, id)) {
            ways_.push_back({RowAction::kill_respawner_tree,
                             fmt::format("Kill tree of {} ({})", respawner->name, respawner->process.pid),
                             respawner->comeback != snapshot::Comeback::ends_all ? "it would start the process again"
                                                                                 : "all that it started"});
        }
    }
    void add_unit() {
        const bool activated = snapshot::manager_sockets_of(*model_.snapshot, row_).has_value();
        if (activated && !(row_.unit && row_.unit->name.ends_with(".socket"))) {
            ways_.push_back({RowAction::stop_unit, "Stop socket unit\xE2\x80\xA6",
                             "asks systemd which unit it holds the port for, and then you"});
        } else if (const platform::Unit* unit = stoppable_unit(row_)) {
            ways_.push_back({RowAction::stop_unit, fmt::format("Stop unit {}", unit->name),
                             unit->manager ? "systemd stops it and does not start it again"
                                           : "systemd stops it; it may ask for the password"});
        }
    }
    void add_container() {
        if (row_.container) {
            const std::string_view name = name_of(*row_.container);
            ways_.push_back({RowAction::stop_container,
                             name.empty() ? std::string("Stop container") : fmt::format("Stop container {}", name),
                             fmt::format("{} stops it, with everything in it", name_of(row_.container->engine))});
        }
    }
    void add_force(bool still_running) {
        add(own_ ? RowAction::force_kill : RowAction::force_kill_as_administrator,
            "ends it at once; what it has not saved is lost");
        if (still_running) {
            add(RowAction::force_kill_tree, "the same for everything that it started");
        }
    }
    void add(RowAction action, std::string meaning) { ways_.push_back({action, label_of(action), std::move(meaning)}); }
    [[nodiscard]] std::vector<Way> take() { return std::move(ways_); }

  private:
    const Model& model_;
    const snapshot::Row& row_;
    bool own_; // the topmost owner may be signalled without elevation
    std::vector<Way> ways_;
};

bool under_way(KillPhase phase) {
    return phase != KillPhase::none && phase != KillPhase::still_running && phase != KillPhase::refused;
}

} // namespace

bool is_forwarder(const snapshot::Process& process) {
    return std::ranges::find(kForwarders, process.name) != kForwarders.end();
}

bool is_held_by_forwarder(const snapshot::Snapshot& snapshot, const snapshot::Row& row) {
    const auto* process = row.container ? snapshot::topmost_process(snapshot, row) : nullptr;
    return process != nullptr && is_forwarder(*process);
}

const platform::Unit* stoppable_unit(const snapshot::Row& row) {
    if (!row.unit) {
        return nullptr;
    }
    const std::string_view name = row.unit->name;
    const bool kind = name.ends_with(".service") || name.ends_with(".socket");
    const bool engine = row.container && std::ranges::find(kEngineUnits, name) != kEngineUnits.end();
    return kind && !engine && !name.starts_with("user@") ? &*row.unit : nullptr;
}

std::string_view stem_of(const platform::Unit& unit) {
    const std::string_view name = unit.name;
    return name.substr(0, std::min(name.rfind('.'), name.find('@')));
}

const char* name_of(platform::Engine engine) {
    return engine == platform::Engine::docker ? "docker" : "podman";
}

std::string_view name_of(const platform::Container& container) {
    return container.name.empty() ? std::string_view(container.id).substr(0, kShownId) : container.name;
}

std::vector<Way> ways_of(const Model& model, std::uint32_t index) {
    const snapshot::Row& row = model.snapshot->rows[index];
    const RowView view = view_of(model, index);
    const bool asks = model.question && model.question->row == row.key;
    if (under_way(view.status.phase) || asks) {
        return {};
    }
    Ways ways(model, row);
    if (row.owners.empty()) {
        if (default_action(*model.snapshot, row, model.current_uid) == RowAction::reveal_owner && !model.revealing) {
            ways.add(RowAction::reveal_owner, "asks as administrator");
        }
        ways.add_unit();
        ways.add_container();
        return ways.take();
    }
    if (snapshot::is_held_by_managers_only(*model.snapshot, row)) {
        ways.add_unit();
        return ways.take();
    }
    if (is_held_by_forwarder(*model.snapshot, row)) {
        ways.add_container();
        ways.add_kill();
        return ways.take();
    }
    ways.add_kill();
    ways.add_tree();
    ways.add_respawner();
    ways.add_unit();
    ways.add_container();
    ways.add_force(view.status.phase == KillPhase::still_running);
    return ways.take();
}

std::vector<Copyable> copyables_of(const snapshot::Snapshot& snapshot, const snapshot::Row& row) {
    std::vector<Copyable> copyables{{"Copy port", row.port_text}};
    if (const auto* process = snapshot::topmost_process(snapshot, row)) {
        copyables.push_back({"Copy PID", fmt::format("{}", process->id.pid)});
        if (!process->command_text.empty()) {
            copyables.push_back({"Copy command line", process->command_text});
        }
    }
    return copyables;
}

} // namespace portside::ui
