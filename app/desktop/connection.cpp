// SPDX-License-Identifier: MIT
#include "app/desktop/connection.h"

#include <fmt/format.h>

namespace portside::desktop {

namespace {

// Where the bus refuses to tell of something, that is all that is lost: without this the library gives up the bus.
int installed(sd_bus_message* /*message*/, void* /*self*/, sd_bus_error* /*error*/) {
    return 1;
}

} // namespace

Connection::~Connection() {
    if (bus != nullptr) {
        sd.close_unref(bus);
    }
}

int Connection::open(const std::string& address) {
    int result = sd.create(&bus);
    if (result >= 0) {
        result = sd.set_address(bus, address.c_str());
    }
    if (result >= 0) {
        result = sd.set_bus_client(bus, 1);
    }
    if (result >= 0) {
        result = sd.start(bus);
    }
    if (result >= 0) {
        result = sd.set_method_call_timeout(bus, static_cast<std::uint64_t>(kAnswerLimit.count()));
    }
    return result;
}

Message Connection::call_to(const char* whom, const char* path, Member member) const {
    sd_bus_message* message = nullptr;
    static_cast<void>(sd.new_method_call(bus, &message, whom, path, member.interface, member.name));
    return {message, MessageEnd{&sd}};
}

Message Connection::answer_to(sd_bus_message* call) const {
    sd_bus_message* message = nullptr;
    static_cast<void>(sd.new_method_return(call, &message));
    return {message, MessageEnd{&sd}};
}

Message Connection::signal_of(const char* path, Member member) const {
    sd_bus_message* message = nullptr;
    static_cast<void>(sd.new_signal(bus, &message, path, member.interface, member.name));
    return {message, MessageEnd{&sd}};
}

Slot Connection::ask(const Message& question, sd_bus_message_handler_t answered, void* self) const {
    sd_bus_slot* slot = nullptr;
    if (question) {
        static_cast<void>(sd.call_async(bus, &slot, question.get(), answered, self,
                                        static_cast<std::uint64_t>(kAnswerLimit.count())));
    }
    return {slot, SlotEnd{&sd}};
}

int Connection::send(const Message& message) const {
    return message ? sd.send(nullptr, message.get(), nullptr) : -ENOMEM;
}

void Connection::listen(const char* whom, Member member, sd_bus_message_handler_t heard, void* self) const {
    const auto match =
        fmt::format("type='signal',sender='{}',interface='{}',member='{}'", whom, member.interface, member.name);
    static_cast<void>(sd.add_match_async(bus, nullptr, match.c_str(), heard, installed, self));
}

void Connection::follow_owner(const char* name, sd_bus_message_handler_t changed, void* self) const {
    const auto match = fmt::format("type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',"
                                   "member='NameOwnerChanged',arg0='{}'",
                                   name);
    static_cast<void>(sd.add_match_async(bus, nullptr, match.c_str(), changed, installed, self));
}

} // namespace portside::desktop
