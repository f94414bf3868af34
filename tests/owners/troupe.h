// SPDX-License-Identifier: MIT
// Actors: processes that do as a test says, one command at a time, and stand still in between. One thread: the test's
// own; it must outlive them.
#pragma once

#include "core/base/unique_fd.h"
#include "core/platform/socket_entry.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace portside::owners {

struct Listener {
    std::string kind; // "tcp4", "tcp6", "udp4", "udp6"
    int fd = -1;      // in the actor that made it
    std::uint16_t port = 0;
    std::uint64_t inode = 0;
    [[nodiscard]] platform::Protocol protocol() const {
        return kind.starts_with("tcp") ? platform::Protocol::tcp : platform::Protocol::udp;
    }
};

class Actor {
  public:
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] const std::string& mailbox() const { return mailbox_; }
    // The answer's words behind "ok". Throws std::runtime_error for any other answer, and when none comes.
    std::vector<std::string> ask(const std::string& command);
    int ask_number(const std::string& command);
    [[nodiscard]] Listener listen(const std::string& kind = "tcp4", const std::string& how = "0 alone");
    [[nodiscard]] Listener bind(const std::string& kind = "tcp4");

  private:
    friend class Troupe;
    std::string read_line();
    [[nodiscard]] bool runs() const;

    pid_t pid_ = 0;
    Actor* parent_ = nullptr; // null: the test's own child
    std::string mailbox_;     // empty: it has none yet
    std::string in_path_, out_path_;
    base::UniqueFd in_, out_; // the test's ends
    std::string buffer_;
};

enum class Table : std::uint8_t { copied, shared }; // of a forked child
enum class Reaped : std::uint8_t { yes, no };       // no: a zombie stays

class Troupe {
  public:
    // Copies the actors' program into a folder of its own, so that any user can start it. Throws as all here does.
    Troupe();
    Troupe(const Troupe&) = delete;
    Troupe& operator=(const Troupe&) = delete;
    ~Troupe();

    Actor& spawn() { return spawn("run"); }
    // Noise in the background; it takes no commands.
    void start_churn() { static_cast<void>(spawn("churn")); }
    Actor& fork(Actor& parent, Table table = Table::copied);
    // It becomes another program, with the same pid, pipes and descriptors.
    void exec(Actor& actor, const std::string& program);
    void end(Actor& actor, Reaped reaped = Reaped::yes);
    void reap(Actor& zombie); // and forgets the actor
    // The descriptor stays in the message until it is received.
    void post(Actor& from, int fd, Actor& to);
    // Sent and received; `from` keeps its own.
    int pass(Actor& from, int fd, Actor& to);
    void give_mailbox(Actor& actor);
    [[nodiscard]] std::string program(const std::string& name) const { return (folder_ / name).string(); }

  private:
    Actor& spawn(const std::string& mode);
    Actor& prepare();
    void forget(Actor& actor);

    std::filesystem::path folder_;
    std::vector<std::unique_ptr<Actor>> actors_;
    int count_ = 0; // of all there ever were
};

inline constexpr const char* kFirstProgram = "owners_actor";
inline constexpr const char* kOtherProgram = "owners_other";

// The actor's command that closes this descriptor of its.
inline std::string closing(int fd) {
    return "close " + std::to_string(fd);
}

} // namespace portside::owners
