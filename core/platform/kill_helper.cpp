// SPDX-License-Identifier: MIT
// The words between Portside and its helper, both directions side by side. Pure; any thread.
#include "core/platform/kill_helper.h"

#include "core/base/parse.h"

#include <algorithm>
#include <fmt/format.h>

namespace portside::platform {

namespace {

constexpr std::size_t kMostOwners = 1'000'000; // far above any machine's real listing

// The arguments that are left, taken from the front.
class Words {
  public:
    explicit Words(std::span<const std::string_view> words) : words_(words) {}
    [[nodiscard]] bool done() const { return words_.empty(); }
    // The value behind this option, if that comes next.
    std::optional<std::string_view> value_of(std::string_view option) {
        if (words_.size() < 2 || words_.front() != option) {
            return std::nullopt;
        }
        const auto value = words_[1];
        words_ = words_.subspan(2);
        return value;
    }

  private:
    std::span<const std::string_view> words_;
};

// A negative number has its form too: it is for the guard rails to refuse.
std::optional<pid_t> parse_pid(std::string_view text) {
    const bool negative = text.starts_with('-');
    const auto number = base::parse_number<pid_t>(negative ? text.substr(1) : text);
    return number && negative ? -*number : number;
}

std::optional<Signal> parse_signal(std::string_view text) {
    if (text == "TERM") {
        return Signal::term;
    }
    return text == "KILL" ? std::optional(Signal::kill) : std::nullopt;
}

std::optional<SignalTarget> parse_target(Words words) {
    SignalTarget target;
    target.consented = true;
    const auto pid = parse_pid(words.value_of("--pid").value_or(""));
    const auto start_time = base::parse_decimal(words.value_of("--start-time").value_or(""));
    if (!pid || !start_time) {
        return std::nullopt;
    }
    target.process = {*pid, *start_time};
    if (const auto text = words.value_of("--pidfd-id")) {
        target.pidfd_id = base::parse_decimal(*text).value_or(0);
        if (target.pidfd_id == 0) { // no process has it, and it would mean that it is not known
            return std::nullopt;
        }
    }
    while (const auto text = words.value_of("--inode")) {
        const auto inode = base::parse_decimal(*text);
        if (!inode || target.inodes.size() == kMostHelperInodes) {
            return std::nullopt;
        }
        target.inodes.push_back(*inode);
    }
    const auto signal = parse_signal(words.value_of("--signal").value_or(""));
    if (!signal || !words.done()) {
        return std::nullopt;
    }
    target.signal = *signal;
    return target;
}

std::optional<SocketOwner> parse_owner(std::string_view line) {
    const auto first = line.find(' ');
    const auto second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    if (second == std::string_view::npos) {
        return std::nullopt;
    }
    const auto inode = base::parse_decimal(line.substr(0, first));
    const auto pid = base::parse_number<pid_t>(line.substr(first + 1, second - first - 1));
    const auto start_time = base::parse_decimal(line.substr(second + 1));
    if (!inode || *inode == 0 || !pid || *pid == 0 || !start_time) {
        return std::nullopt;
    }
    return SocketOwner{*inode, {*pid, *start_time}};
}

} // namespace

std::vector<std::string> helper_kill_arguments(const SignalTarget& target) {
    std::vector<std::string> words{"kill", "--pid", std::to_string(target.process.pid), "--start-time",
                                   std::to_string(target.process.start_time)};
    if (target.pidfd_id != 0) {
        words.insert(words.end(), {"--pidfd-id", std::to_string(target.pidfd_id)});
    }
    const auto count = std::min(target.inodes.size(), kMostHelperInodes);
    for (const auto inode : std::span(target.inodes).first(count)) {
        words.insert(words.end(), {"--inode", std::to_string(inode)});
    }
    words.insert(words.end(), {"--signal", target.signal == Signal::kill ? "KILL" : "TERM"});
    return words;
}

std::vector<std::string> helper_owners_arguments() {
    return {"owners"};
}

std::optional<HelperOrder> parse_helper_arguments(std::span<const std::string_view> arguments) {
    if (arguments.size() == 1 && arguments.front() == "owners") {
        return HelperOrder{};
    }
    if (arguments.empty() || arguments.front() != "kill") {
        return std::nullopt;
    }
    auto target = parse_target(Words(arguments.subspan(1)));
    if (!target) {
        return std::nullopt;
    }
    return HelperOrder{HelperTask::kill, std::move(*target)};
}

std::string owner_lines(std::span<const SocketOwner> owners) {
    std::string text;
    for (const auto& owner : owners) {
        text += fmt::format("{} {} {}\n", owner.inode, owner.process.pid, owner.process.start_time);
    }
    return text;
}

base::Result<std::vector<SocketOwner>> parse_owner_lines(std::string_view text) {
    const auto malformed = [](std::string_view why) {
        return base::failed(base::ErrorKind::malformed,
                            fmt::format("The administrator's answer could not be understood, so nothing of it was "
                                        "taken over: {}.",
                                        why));
    };
    if (!text.empty() && text.back() != '\n') {
        return malformed("its last line is cut");
    }
    std::vector<SocketOwner> owners;
    for (const auto line : base::split_at(text, '\n')) {
        const auto owner = parse_owner(line);
        if (!owner) {
            return malformed("a line is not three numbers");
        }
        if (owners.size() == kMostOwners) {
            return malformed("it is too long");
        }
        owners.push_back(*owner);
    }
    return owners;
}

std::optional<pid_t> parse_pidfd_info(std::string_view text) {
    constexpr std::string_view kKey = "Pid:";
    for (const auto line : base::split_at(text, '\n')) {
        if (line.starts_with(kKey)) {
            const auto words = base::split_words(line.substr(kKey.size()));
            return words.size() == 1 ? parse_pid(words.front()) : std::nullopt;
        }
    }
    return std::nullopt;
}

} // namespace portside::platform
