// SPDX-License-Identifier: MIT
// The processes of a snapshot as values. Their text is safe to draw (base::sanitise). Any thread.
#pragma once

#include "core/platform/process_id.h"
#include "core/platform/supervised.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace portside::snapshot {

using platform::ProcessId;

struct Process {
    ProcessId id;
    pid_t parent = 0;
    std::optional<uid_t> uid;
    std::string user; // the name, or the number as text; empty where the uid is unknown
    std::string name;
    std::optional<std::string> executable;
    std::optional<std::vector<std::string>> command_line;
    std::optional<std::string> cwd;
    std::optional<std::string> project; // the folder that it works on: a repository's root, or one with a project file
    std::string command_text;           // the command line on one line, for search and for drawing; empty where unknown
    // The number of its pidfd, never used twice (pidfs, Linux 6.9 and later); 0 where the kernel has none.
    std::uint64_t pidfd_id = 0;
    std::optional<platform::Unit> unit; // by its cgroup
    bool operator==(const Process&) const = default;
};

// By pid. Each process is in memory once for all lists in which it is the same, so a copy of a list is cheap.
class ProcessList {
  public:
    // Nobody changes what several lists may have.
    using Shared = std::shared_ptr<const Process>;

    // Of constant processes.
    class Iterator {
      public:
        using difference_type = std::ptrdiff_t;
        using value_type = Process;
        using pointer = const Process*;
        using reference = const Process&;
        using iterator_category = std::random_access_iterator_tag;

        Iterator() = default;
        explicit Iterator(const Shared* at) : at_(at) {}
        reference operator*() const { return **at_; }
        pointer operator->() const { return at_->get(); }
        reference operator[](difference_type by) const { return *at_[by]; }
        Iterator& operator+=(difference_type by) {
            at_ += by;
            return *this;
        }
        Iterator& operator-=(difference_type by) { return *this += -by; }
        Iterator& operator++() { return *this += 1; }
        Iterator& operator--() { return *this += -1; }
        Iterator operator++(int) { return Iterator(at_++); }
        Iterator operator--(int) { return Iterator(at_--); }
        friend Iterator operator+(Iterator a, difference_type by) { return a += by; }
        friend Iterator operator+(difference_type by, Iterator a) { return a += by; }
        friend Iterator operator-(Iterator a, difference_type by) { return a -= by; }
        friend difference_type operator-(Iterator a, Iterator b) { return a.at_ - b.at_; }
        auto operator<=>(const Iterator&) const = default;

      private:
        const Shared* at_ = nullptr;
    };

    ProcessList() = default;
    explicit ProcessList(std::vector<Process> made);
    ProcessList(std::initializer_list<Process> made) : ProcessList(std::vector<Process>(made)) {}

    [[nodiscard]] std::size_t size() const { return list_.size(); }
    [[nodiscard]] bool empty() const { return list_.empty(); }
    [[nodiscard]] const Process& operator[](std::size_t place) const { return *list_[place]; }
    [[nodiscard]] const Process& back() const { return *list_.back(); }
    [[nodiscard]] const Shared& shared(std::size_t place) const { return list_[place]; }
    [[nodiscard]] Iterator begin() const { return Iterator(list_.data()); }
    [[nodiscard]] Iterator end() const { return Iterator(list_.data() + list_.size()); }

    // Where it is; nothing where it is not in here, also where its number means another one by now.
    [[nodiscard]] std::optional<std::size_t> find(const ProcessId& id) const;

    // The caller keeps the order.
    void reserve(std::size_t count) { list_.reserve(count); }
    void push_back(Shared process) { list_.push_back(std::move(process)); }
    void push_back(Process process) { list_.push_back(std::make_shared<const Process>(std::move(process))); }
    void clear() { list_.clear(); }

    bool operator==(const ProcessList& other) const;

  private:
    std::vector<Shared> list_;
};

} // namespace portside::snapshot
