// SPDX-License-Identifier: MIT
// A connection to the session bus, and messages that let go of themselves. One thread at a time; only for this room.
#pragma once

#include "core/bus/sd_bus_library.h"

#include <chrono>
#include <memory>
#include <string>

namespace portside::desktop {

// The bus is there at once, or it hangs.
inline constexpr std::chrono::microseconds kAnswerLimit = std::chrono::seconds(3);

struct MessageEnd {
    const bus::SdBus* sd = nullptr;
    void operator()(sd_bus_message* message) const { sd->message_unref(message); }
};
using Message = std::unique_ptr<sd_bus_message, MessageEnd>;

// Of every bus (D-Bus specification, "Standard Interfaces").
inline constexpr const char* kProperties = "org.freedesktop.DBus.Properties";
inline constexpr const char* kInvalidArguments = "org.freedesktop.DBus.Error.InvalidArgs";

// A question under way. Let go of, its answer never comes.
struct SlotEnd {
    const bus::SdBus* sd = nullptr;
    void operator()(sd_bus_slot* slot) const { sd->slot_unref(slot); }
};
using Slot = std::unique_ptr<sd_bus_slot, SlotEnd>;

// Whose method or signal.
struct Member {
    const char* interface = nullptr;
    const char* name = nullptr;
};

struct Connection {
    explicit Connection(const bus::SdBus& library) : sd(library) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    // An errno, negative, or more.
    [[nodiscard]] int open(const std::string& address);
    // Null where there is no memory or no connection any more.
    [[nodiscard]] Message call_to(const char* whom, const char* path, Member member) const;
    [[nodiscard]] Message answer_to(sd_bus_message* call) const;
    [[nodiscard]] Message signal_of(const char* path, Member member) const;
    // Sends the question; `answered` runs in process(). Null where it could not be sent.
    [[nodiscard]] Slot ask(const Message& question, sd_bus_message_handler_t answered, void* self) const;
    // A signal or an answer. What cannot be sent is lost, as it is when nobody is there.
    int send(const Message& message) const;
    // Tells `heard` of this signal of theirs, as long as the connection lives.
    void listen(const char* whom, Member member, sd_bus_message_handler_t heard, void* self) const;
    // Follows who owns that name: the signal NameOwnerChanged with three strings, the name and both owners.
    void follow_owner(const char* name, sd_bus_message_handler_t changed, void* self) const;

    const bus::SdBus& sd;
    sd_bus* bus = nullptr;
};

} // namespace portside::desktop
