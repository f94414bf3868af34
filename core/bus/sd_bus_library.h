// SPDX-License-Identifier: MIT
// libsystemd's sd-bus, loaded when it is first needed: linked, it would bring six libraries into every start of
// `portside list`, which is to be as fast as `ss`. Any thread.
#pragma once

#include "core/base/result.h"

#include <systemd/sd-bus.h>

namespace portside::bus {

// The functions used, as the header declares them.
struct SdBus {
    decltype(&::sd_bus_new) create = nullptr;
    decltype(&::sd_bus_set_address) set_address = nullptr;
    decltype(&::sd_bus_set_bus_client) set_bus_client = nullptr;
    decltype(&::sd_bus_start) start = nullptr;
    decltype(&::sd_bus_close_unref) close_unref = nullptr;
    decltype(&::sd_bus_get_fd) get_fd = nullptr;
    decltype(&::sd_bus_get_events) get_events = nullptr;
    decltype(&::sd_bus_get_timeout) get_timeout = nullptr;
    decltype(&::sd_bus_process) process = nullptr;
    decltype(&::sd_bus_call_async) call_async = nullptr;
    decltype(&::sd_bus_match_signal_async) match_signal_async = nullptr;
    decltype(&::sd_bus_message_new_method_call) new_method_call = nullptr;
    decltype(&::sd_bus_message_append) append = nullptr;
    decltype(&::sd_bus_message_set_allow_interactive_authorization) allow_interaction = nullptr;
    decltype(&::sd_bus_message_unref) message_unref = nullptr;
    decltype(&::sd_bus_message_read) read = nullptr;
    decltype(&::sd_bus_message_enter_container) enter_container = nullptr;
    decltype(&::sd_bus_message_get_error) get_error = nullptr;
    decltype(&::sd_bus_set_method_call_timeout) set_method_call_timeout = nullptr;
    decltype(&::sd_bus_request_name) request_name = nullptr;
    decltype(&::sd_bus_add_object) add_object = nullptr;
    decltype(&::sd_bus_call) call = nullptr;
    decltype(&::sd_bus_error_free) error_free = nullptr;
    decltype(&::sd_bus_flush) flush = nullptr;
    decltype(&::sd_bus_message_is_method_call) is_method_call = nullptr;
    decltype(&::sd_bus_reply_method_return) reply_method_return = nullptr;
    decltype(&::sd_bus_reply_method_errorf) reply_method_errorf = nullptr;
    decltype(&::sd_bus_message_new_method_return) new_method_return = nullptr;
    decltype(&::sd_bus_message_new_signal) new_signal = nullptr;
    decltype(&::sd_bus_send) send = nullptr;
    decltype(&::sd_bus_message_open_container) open_container = nullptr;
    decltype(&::sd_bus_message_close_container) close_container = nullptr;
    decltype(&::sd_bus_message_append_array) append_array = nullptr;
    decltype(&::sd_bus_message_exit_container) exit_container = nullptr;
    decltype(&::sd_bus_message_peek_type) peek_type = nullptr;
    decltype(&::sd_bus_message_skip) skip = nullptr;
    decltype(&::sd_bus_message_set_auto_start) set_auto_start = nullptr;
    decltype(&::sd_bus_add_match_async) add_match_async = nullptr;
    decltype(&::sd_bus_slot_unref) slot_unref = nullptr;
};

// Loaded at the first call and kept; the same answer each time. The error says what to install.
[[nodiscard]] const base::Result<SdBus>& sd_bus_library();

} // namespace portside::bus
