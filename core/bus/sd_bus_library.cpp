// SPDX-License-Identifier: MIT
// dlopen(3), once a process. Any thread.
#include "core/bus/sd_bus_library.h"

#include <dlfcn.h>

namespace portside::bus {

namespace {

template <typename Function>
bool find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    return function != nullptr;
}

base::Result<SdBus> load() {
    void* const library = ::dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        return base::failed(base::ErrorKind::not_found, "The library libsystemd.so.0 is not installed (package "
                                                        "libsystemd0), so nothing can be asked over D-Bus.");
    }
    SdBus bus;
    const bool whole =
        find(library, "sd_bus_new", bus.create) && find(library, "sd_bus_set_address", bus.set_address) &&
        find(library, "sd_bus_set_bus_client", bus.set_bus_client) && find(library, "sd_bus_start", bus.start) &&
        find(library, "sd_bus_close_unref", bus.close_unref) && find(library, "sd_bus_get_fd", bus.get_fd) &&
        find(library, "sd_bus_get_events", bus.get_events) && find(library, "sd_bus_get_timeout", bus.get_timeout) &&
        find(library, "sd_bus_process", bus.process) && find(library, "sd_bus_call_async", bus.call_async) &&
        find(library, "sd_bus_match_signal_async", bus.match_signal_async) &&
        find(library, "sd_bus_message_new_method_call", bus.new_method_call) &&
        find(library, "sd_bus_message_append", bus.append) &&
        find(library, "sd_bus_message_set_allow_interactive_authorization", bus.allow_interaction) &&
        find(library, "sd_bus_message_unref", bus.message_unref) && find(library, "sd_bus_message_read", bus.read) &&
        find(library, "sd_bus_message_enter_container", bus.enter_container) &&
        find(library, "sd_bus_message_get_error", bus.get_error) &&
        find(library, "sd_bus_set_method_call_timeout", bus.set_method_call_timeout) &&
        find(library, "sd_bus_request_name", bus.request_name) && find(library, "sd_bus_add_object", bus.add_object) &&
        find(library, "sd_bus_call", bus.call) && find(library, "sd_bus_error_free", bus.error_free) &&
        find(library, "sd_bus_flush", bus.flush) &&
        find(library, "sd_bus_message_is_method_call", bus.is_method_call) &&
        find(library, "sd_bus_reply_method_return", bus.reply_method_return) &&
        find(library, "sd_bus_reply_method_errorf", bus.reply_method_errorf) &&
        find(library, "sd_bus_message_new_method_return", bus.new_method_return) &&
        find(library, "sd_bus_message_new_signal", bus.new_signal) && find(library, "sd_bus_send", bus.send) &&
        find(library, "sd_bus_message_open_container", bus.open_container) &&
        find(library, "sd_bus_message_close_container", bus.close_container) &&
        find(library, "sd_bus_message_append_array", bus.append_array) &&
        find(library, "sd_bus_message_exit_container", bus.exit_container) &&
        find(library, "sd_bus_message_peek_type", bus.peek_type) && find(library, "sd_bus_message_skip", bus.skip) &&
        find(library, "sd_bus_message_set_auto_start", bus.set_auto_start) &&
        find(library, "sd_bus_add_match_async", bus.add_match_async) &&
        find(library, "sd_bus_slot_unref", bus.slot_unref);
    if (!whole) {
        ::dlclose(library);
        return base::failed(base::ErrorKind::unsupported, "The installed libsystemd.so.0 is too old for Portside (it "
                                                          "needs systemd 240 or later).");
    }
    return bus;
}

} // namespace

const base::Result<SdBus>& sd_bus_library() {
    static const base::Result<SdBus> loaded = load();
    return loaded;
}

} // namespace portside::bus
