// SPDX-License-Identifier: MIT
// org.freedesktop.systemd1(5) and the D-Bus specification name the errors. Pure; any thread.
#include "core/supervisors/unit_errors.h"

#include "core/base/text.h"

#include <fmt/format.h>

namespace portside::supervisors {

namespace {

constexpr std::string_view kBus = "org.freedesktop.DBus.Error.";
constexpr std::string_view kSystemd = "org.freedesktop.systemd1.";

std::string said(std::string_view message) {
    const auto safe = base::sanitise(message, 300);
    return safe.empty() ? std::string{} : fmt::format(" It said: {}", safe);
}

std::uint16_t port_of(const platform::ManagerSockets& sockets) {
    return sockets.endpoints.empty() ? 0 : sockets.endpoints.front().port;
}

} // namespace

bool says_no_manager(std::string_view error_name) {
    if (!error_name.starts_with(kBus)) {
        return false;
    }
    error_name.remove_prefix(kBus.size());
    return error_name == "ServiceUnknown" || error_name == "NameHasNoOwner" || error_name == "Disconnected" ||
           error_name == "NoServer" || error_name.starts_with("Spawn.") || error_name == "AuthFailed";
}

Trouble trouble_of_error(std::string_view error_name, std::string_view message, const platform::Unit& asked,
                         uid_t own_uid) {
    const auto manager = manager_text(asked, own_uid);
    const auto instead = stop_command(asked, own_uid);
    using Kind = Trouble::Kind;
    if (error_name == "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired") {
        return {Kind::not_authorised,
                fmt::format("{} may not be stopped without a password, and no authentication agent is running that "
                            "could ask for it: it was not stopped. Start one (your desktop's own, or polkit-gnome), "
                            "or run: {}",
                            asked.name, instead)};
    }
    if (error_name == "org.freedesktop.DBus.Error.AccessDenied") {
        return {Kind::not_authorised,
                fmt::format("You were not authorised to stop {}: it was not stopped.{}", asked.name, said(message))};
    }
    if (error_name.starts_with(kSystemd)) {
        const auto name = error_name.substr(kSystemd.size());
        if (name == "NoSuchUnit" || name == "LoadFailed") {
            return {Kind::gone, fmt::format("There is no unit {} (any more), by what {} says: nothing was stopped.",
                                            asked.name, manager)};
        }
        if (name == "OnlyByDependency") {
            return {Kind::failed, fmt::format("{} may only be stopped together with what needs it "
                                              "(RefuseManualStop=): it was not stopped.",
                                              asked.name)};
        }
    }
    const bool silent = error_name == "org.freedesktop.DBus.Error.NoReply" ||
                        error_name == "org.freedesktop.DBus.Error.Timeout" ||
                        error_name == "org.freedesktop.DBus.Error.TimedOut";
    if (silent || says_no_manager(error_name)) {
        return {Kind::unreachable, fmt::format("The connection to {} was lost, or it did not answer. You can also "
                                               "run: {}",
                                               manager, instead)};
    }
    return {Kind::failed, fmt::format("{} could not stop {}.{} You can also run: {}", manager, asked.name,
                                      said(message.empty() ? error_name : message), instead)};
}

Trouble trouble_of_job(std::string_view result, const platform::Unit& asked, uid_t own_uid) {
    using Kind = Trouble::Kind;
    if (result == "canceled") {
        return {Kind::failed,
                fmt::format("Stopping {} was cancelled by somebody else: it may go on running.", asked.name)};
    }
    if (result == "timeout") {
        return {Kind::failed, fmt::format("{} did not stop within the time that its unit file gives it.", asked.name)};
    }
    const bool user = asked.manager.has_value();
    return {Kind::failed, fmt::format("Stopping {} ended as \"{}\". See: {}systemctl {}status {}", asked.name,
                                      base::sanitise(result, 60), user || own_uid == 0 ? "" : "sudo ",
                                      user ? "--user " : "", asked.name)};
}

Trouble trouble_of_search(std::string_view message, const platform::ManagerSockets& sockets, uid_t own_uid) {
    const platform::Unit nameless{{}, sockets.manager};
    return {Trouble::Kind::failed,
            fmt::format("{} could not tell which unit listens on port {}.{} You can look yourself: {}",
                        manager_text(nameless, own_uid), port_of(sockets), said(message),
                        list_sockets_command(sockets.manager, own_uid))};
}

Trouble trouble_of_nobody_listening(const platform::Unit& asked, const platform::ManagerSockets& sockets,
                                    uid_t own_uid) {
    const auto manager = manager_text(asked, own_uid);
    if (asked.name.empty()) {
        return {Trouble::Kind::gone,
                fmt::format("None of the socket units of {} listens on port {}, so there is none to stop. See: {}",
                            manager, port_of(sockets), list_sockets_command(sockets.manager, own_uid))};
    }
    return {Trouble::Kind::changed,
            fmt::format("{} does not listen on port {} (any more), by what {} says: nothing was stopped.", asked.name,
                        port_of(sockets), manager)};
}

Trouble trouble_of_no_manager(const platform::Unit& asked, const std::optional<platform::ManagerSockets>& sockets,
                              const std::string& why, uid_t own_uid) {
    const auto manager = manager_text(asked, own_uid);
    const bool nameless = asked.name.empty() && sockets;
    const auto instead = nameless ? list_sockets_command(asked.manager, own_uid) : stop_command(asked, own_uid);
    const auto what = nameless ? fmt::format("The unit that listens on port {}", port_of(*sockets)) : asked.name;
    if (why.empty()) {
        return {Trouble::Kind::unreachable,
                fmt::format("{} runs under {}, which only that user or an administrator can ask. Run: {}", what,
                            manager, instead)};
    }
    return {Trouble::Kind::unreachable,
            nameless ? fmt::format("{} could not be asked which unit listens on port {}. {} You can also run: {}",
                                   manager, port_of(*sockets), why, instead)
                     : fmt::format("{} could not be asked to stop {}. {} You can also run: {}", manager, what, why,
                                   instead)};
}

} // namespace portside::supervisors
