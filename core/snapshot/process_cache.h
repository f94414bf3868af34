// SPDX-License-Identifier: MIT
// The facts of all owners and of their ancestors, read once and looked at again in turn: a program can change its name,
// its command line and its folder while it runs. One object belongs to one thread.
#pragma once

#include "core/platform/owner_index.h"
#include "core/platform/process_reader.h"
#include "core/platform/project_folder.h"
#include "core/platform/two_workers.h"

#include <array>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace portside::snapshot {

using Processes = std::unordered_map<pid_t, platform::ProcessFacts>;

class ProcessCache {
  public:
    // What is known of changes, beside what the index's list of processes says.
    struct Hints {
        std::span<const pid_t> changed{};   // executed another program, or took another name
        std::span<const pid_t> on_screen{}; // a person would notice at once
        bool changes_are_told = false;      // every such change is among `changed`
        bool all = false;                   // anything may have changed
    };

    // `index` reads by this cache's readers from now on: it is not updated any more once this is gone. Its second
    // thread is used too. `brief`: see ProcessReader; no projects either.
    explicit ProcessCache(platform::OwnerIndex& index, bool brief = false)
        : index_(index), readers_{platform::ProcessReader(index.root(), brief),
                                  platform::ProcessReader(index.root(), brief)},
          projects_(platform::ProjectFinder::of_this_user()) {
        index_.read_facts_by(readers_);
    }
    ProcessCache(const ProcessCache&) = delete;
    ProcessCache& operator=(const ProcessCache&) = delete;

    // Brings `processes` (which nobody else changes) up to date: `owners` (sorted, unique) and their ancestors. A
    // process that has ended, or whose number means another one by now, is left out. True when anything in it changed
    // that a person can see.
    [[nodiscard]] bool update(std::span<const platform::ProcessId> owners, const Hints& hints, Processes& processes);

  private:
    struct Kept {
        std::uint64_t folder = 0; // as the index knows it: the same process while it is the same
        std::uint64_t fingerprint = 0;
        std::uint64_t used = 0; // number of the update that wanted it last
    };
    void forget_ended(Processes& processes);
    void find_project(platform::ProcessFacts& facts);
    void look_again(const Hints& hints, Processes& processes);
    void look_again_at(pid_t pid, Processes& processes);
    void read_missing(std::span<const platform::ProcessId> owners, Processes& processes);
    void keep(platform::ProcessReading read, Processes& processes);
    void drop_unused(std::span<const platform::ProcessId> owners, Processes& processes);
    void forget(pid_t pid, Processes& processes);

    platform::OwnerIndex& index_;
    std::array<platform::ProcessReader, platform::TwoWorkers::kWorkers> readers_;
    platform::ProjectFinder projects_;
    std::unordered_map<pid_t, Kept> kept_;
    std::vector<platform::ProcessId> owners_; // of the last update
    std::vector<pid_t> order_;                // whose turn it is: all that are kept
    std::size_t turn_ = 0;
    std::size_t screen_turn_ = 0;
    std::vector<pid_t> parents_; // of those that were kept and are to be looked for yet
    uid_t own_uid_ = 0;
    std::uint64_t update_ = 0;
    std::uint64_t versions_ = 0; // ProcessFacts::version of the newest
    bool changed_ = false;
    bool incomplete_ = true; // somebody's parent may be missing
};

} // namespace portside::snapshot
