// SPDX-License-Identifier: MIT
// The protocol is that of libdbusmenu's com.canonical.dbusmenu, version 3: a tree of entries with properties, of which
// hosts ask for the layout and to which they send events.
#include "app/desktop/tray_menu.h"

#include <array>
#include <cstring>

namespace portside::desktop {

namespace {

constexpr const char* kMenu = "com.canonical.dbusmenu";
constexpr std::uint32_t kVersion = 3;
// The entries never change, only their words do.
constexpr std::uint32_t kRevision = 1;

constexpr std::int32_t kRoot = 0;
constexpr std::int32_t kToggle = 1;
constexpr std::int32_t kRescan = 2;
constexpr std::int32_t kSeparator = 3;
constexpr std::int32_t kQuit = 4;
constexpr std::array kEntries{kToggle, kRescan, kSeparator, kQuit};

constexpr const char* kMenuIntrospection =
    "<!DOCTYPE node PUBLIC \"-//freedesktop//DTD D-BUS Object Introspection 1.0//EN\" "
    "\"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd\">\n"
    "<node><interface name=\"com.canonical.dbusmenu\">"
    "<property name=\"Version\" type=\"u\" access=\"read\"/><property name=\"TextDirection\" type=\"s\" "
    "access=\"read\"/>"
    "<property name=\"Status\" type=\"s\" access=\"read\"/><property name=\"IconThemePath\" type=\"as\" "
    "access=\"read\"/>"
    "<method name=\"GetLayout\"><arg type=\"i\" direction=\"in\"/><arg type=\"i\" direction=\"in\"/>"
    "<arg type=\"as\" direction=\"in\"/><arg type=\"u\" direction=\"out\"/><arg type=\"(ia{sv}av)\" "
    "direction=\"out\"/></method>"
    "<method name=\"GetGroupProperties\"><arg type=\"ai\" direction=\"in\"/><arg type=\"as\" direction=\"in\"/>"
    "<arg type=\"a(ia{sv})\" direction=\"out\"/></method>"
    "<method name=\"GetProperty\"><arg type=\"i\" direction=\"in\"/><arg type=\"s\" direction=\"in\"/>"
    "<arg type=\"v\" direction=\"out\"/></method>"
    "<method name=\"Event\"><arg type=\"i\" direction=\"in\"/><arg type=\"s\" direction=\"in\"/>"
    "<arg type=\"v\" direction=\"in\"/><arg type=\"u\" direction=\"in\"/></method>"
    "<method name=\"EventGroup\"><arg type=\"a(isvu)\" direction=\"in\"/><arg type=\"ai\" direction=\"out\"/></method>"
    "<method name=\"AboutToShow\"><arg type=\"i\" direction=\"in\"/><arg type=\"b\" direction=\"out\"/></method>"
    "<method name=\"AboutToShowGroup\"><arg type=\"ai\" direction=\"in\"/><arg type=\"ai\" direction=\"out\"/>"
    "<arg type=\"ai\" direction=\"out\"/></method>"
    "<signal name=\"ItemsPropertiesUpdated\"><arg type=\"a(ia{sv})\"/><arg type=\"a(ias)\"/></signal>"
    "<signal name=\"LayoutUpdated\"><arg type=\"u\"/><arg type=\"i\"/></signal>"
    "<signal name=\"ItemActivationRequested\"><arg type=\"i\"/><arg type=\"u\"/></signal>"
    "</interface></node>";

bool is_entry(std::int32_t id) {
    return id >= kRoot && id <= kQuit;
}

} // namespace

TrayMenu::TrayMenu(Connection& connection, std::function<void(Order)> on_order)
    : connection_(connection), on_order_(std::move(on_order)) {}

void TrayMenu::start() {
    static_cast<void>(connection_.sd.add_object(connection_.bus, nullptr, kPath, &TrayMenu::called, this));
}

void TrayMenu::set_window_shown(bool shown, bool tell) {
    const bool news = window_shown_ != shown;
    window_shown_ = shown;
    if (!tell || !news) {
        return;
    }
    const auto signal = connection_.signal_of(kPath, {kMenu, "ItemsPropertiesUpdated"});
    if (signal &&
        connection_.sd.append(signal.get(), "a(ia{sv})a(ias)", 1, kToggle, 1, "label", "s", label(kToggle), 0) >= 0) {
        static_cast<void>(connection_.send(signal));
    }
}

int TrayMenu::called(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    return static_cast<TrayMenu*>(self)->answer(message);
}

// 0: not ours, so that the library answers that there is no such method.
int TrayMenu::answer(sd_bus_message* message) {
    struct Method {
        Member member;
        int (TrayMenu::*answer)(sd_bus_message*);
    };
    static constexpr std::array kMethods{
        Method{{kMenu, "GetLayout"}, &TrayMenu::answer_layout},
        Method{{kMenu, "GetGroupProperties"}, &TrayMenu::answer_group},
        Method{{kMenu, "GetProperty"}, &TrayMenu::answer_property},
        Method{{kMenu, "Event"}, &TrayMenu::answer_event},
        Method{{kMenu, "EventGroup"}, &TrayMenu::answer_events},
        Method{{kMenu, "AboutToShow"}, &TrayMenu::answer_about_to_show},
        Method{{kMenu, "AboutToShowGroup"}, &TrayMenu::answer_about_to_show_group},
        Method{{kProperties, "Get"}, &TrayMenu::answer_own_property},
        Method{{kProperties, "GetAll"}, &TrayMenu::answer_own_properties},
    };
    for (const auto& method : kMethods) {
        if (connection_.sd.is_method_call(message, method.member.interface, method.member.name) > 0) {
            const int result = (this->*method.answer)(message);
            return result >= 0 ? result
                               : connection_.sd.reply_method_errorf(
                                     message, kInvalidArguments,
                                     "The menu of Portside has no such entry, or no such property.");
        }
    }
    if (connection_.sd.is_method_call(message, "org.freedesktop.DBus.Introspectable", "Introspect") > 0) {
        return connection_.sd.reply_method_return(message, "s", kMenuIntrospection);
    }
    return 0;
}

int TrayMenu::answer_layout(sd_bus_message* message) {
    const auto& sd = connection_.sd;
    std::int32_t parent = 0;
    std::int32_t depth = 0;
    if (sd.read(message, "ii", &parent, &depth) < 0 || !is_entry(parent)) {
        return -EINVAL;
    }
    const auto reply = connection_.answer_to(message);
    bool good = reply && sd.append(reply.get(), "u", kRevision) >= 0 &&
                sd.open_container(reply.get(), 'r', "ia{sv}av") >= 0 && append_properties(reply.get(), parent) &&
                sd.open_container(reply.get(), 'a', "v") >= 0;
    if (parent == kRoot && depth != 0) {
        for (const auto id : kEntries) {
            good = good && append_entry(reply.get(), id);
        }
    }
    good = good && sd.close_container(reply.get()) >= 0 && sd.close_container(reply.get()) >= 0;
    return good ? connection_.send(reply) : -ENOMEM;
}

// As a variant, without entries below it.
bool TrayMenu::append_entry(sd_bus_message* to, std::int32_t id) const {
    const auto& sd = connection_.sd;
    return sd.open_container(to, 'v', "(ia{sv}av)") >= 0 && sd.open_container(to, 'r', "ia{sv}av") >= 0 &&
           append_properties(to, id) && sd.append(to, "av", 0) >= 0 && sd.close_container(to) >= 0 &&
           sd.close_container(to) >= 0;
}

// The number, and what is not as by default.
bool TrayMenu::append_properties(sd_bus_message* to, std::int32_t id) const {
    switch (id) {
    case kRoot:
        return connection_.sd.append(to, "ia{sv}", id, 1, "children-display", "s", "submenu") >= 0;
    case kSeparator:
        return connection_.sd.append(to, "ia{sv}", id, 1, "type", "s", "separator") >= 0;
    default:
        return connection_.sd.append(to, "ia{sv}", id, 1, "label", "s", label(id)) >= 0;
    }
}

const char* TrayMenu::label(std::int32_t id) const {
    switch (id) {
    case kToggle:
        return window_shown_ ? "Hide Portside" : "Show Portside";
    case kRescan:
        return "Rescan";
    case kQuit:
        return "Quit";
    default:
        return "";
    }
}

int TrayMenu::answer_group(sd_bus_message* message) {
    const auto& sd = connection_.sd;
    const auto reply = connection_.answer_to(message);
    bool good =
        sd.enter_container(message, 'a', "i") >= 0 && reply && sd.open_container(reply.get(), 'a', "(ia{sv})") >= 0;
    const auto append = [&](std::int32_t id) {
        good = good && sd.open_container(reply.get(), 'r', "ia{sv}") >= 0 && append_properties(reply.get(), id) &&
               sd.close_container(reply.get()) >= 0;
    };
    bool named = false;
    for (std::int32_t id = 0; good && sd.read(message, "i", &id) > 0; named = true) {
        if (is_entry(id)) {
            append(id);
        }
    }
    if (!named) { // none named: all of them
        append(kRoot);
        for (const auto id : kEntries) {
            append(id);
        }
    }
    good = good && sd.close_container(reply.get()) >= 0;
    return good ? connection_.send(reply) : -EINVAL;
}

int TrayMenu::answer_property(sd_bus_message* message) {
    std::int32_t id = 0;
    const char* name = "";
    if (connection_.sd.read(message, "is", &id, &name) < 0 || !is_entry(id)) {
        return -EINVAL;
    }
    const auto reply = [&](const char* value) { return connection_.sd.reply_method_return(message, "v", "s", value); };
    if (std::strcmp(name, "label") == 0) {
        return reply(label(id));
    }
    if (std::strcmp(name, "type") == 0) {
        return reply(id == kSeparator ? "separator" : "standard");
    }
    if (std::strcmp(name, "children-display") == 0 && id == kRoot) {
        return reply("submenu");
    }
    return -EINVAL;
}

// One (isvu); false where there is none, or no such entry.
bool TrayMenu::read_event(sd_bus_message* message) {
    const auto& sd = connection_.sd;
    std::int32_t id = 0;
    const char* event = "";
    std::uint32_t time = 0;
    if (sd.read(message, "is", &id, &event) <= 0 || sd.skip(message, "v") < 0 || sd.read(message, "u", &time) < 0 ||
        !is_entry(id)) {
        return false;
    }
    const bool clicked = std::strcmp(event, "clicked") == 0;
    if (id == kRoot && std::strcmp(event, "opened") == 0) {
        opened();
    } else if (clicked && id == kToggle) {
        on_order_(window_shown_ ? Order::hide : Order::show);
    } else if (clicked && id == kRescan) {
        on_order_(Order::rescan);
    } else if (clicked && id == kQuit) {
        on_order_(Order::quit);
    }
    return true;
}

int TrayMenu::answer_event(sd_bus_message* message) {
    return read_event(message) ? connection_.sd.reply_method_return(message, "") : -EINVAL;
}

int TrayMenu::answer_events(sd_bus_message* message) {
    const auto& sd = connection_.sd;
    if (sd.enter_container(message, 'a', "(isvu)") < 0) {
        return -EINVAL;
    }
    while (sd.enter_container(message, 'r', "isvu") > 0) {
        if (!read_event(message) || sd.exit_container(message) < 0) {
            return -EINVAL;
        }
    }
    return sd.reply_method_return(message, "ai", 0);
}

// What the person sees next is to be what is there now.
void TrayMenu::opened() {
    on_order_(Order::rescan);
}

int TrayMenu::answer_about_to_show(sd_bus_message* message) {
    std::int32_t id = 0;
    if (connection_.sd.read(message, "i", &id) < 0 || !is_entry(id)) {
        return -EINVAL;
    }
    if (id == kRoot) {
        opened();
    }
    return connection_.sd.reply_method_return(message, "b", 0);
}

int TrayMenu::answer_about_to_show_group(sd_bus_message* message) {
    const auto& sd = connection_.sd;
    if (sd.enter_container(message, 'a', "i") < 0) {
        return -EINVAL;
    }
    for (std::int32_t id = 0; sd.read(message, "i", &id) > 0;) {
        if (id == kRoot) {
            opened();
        }
    }
    return sd.reply_method_return(message, "aiai", 0, 0);
}

int TrayMenu::answer_own_property(sd_bus_message* message) {
    const auto& sd = connection_.sd;
    const char* interface = "";
    const char* name = "";
    if (sd.read(message, "ss", &interface, &name) < 0) {
        return -EINVAL;
    }
    if (std::strcmp(name, "Version") == 0) {
        return sd.reply_method_return(message, "v", "u", kVersion);
    }
    if (std::strcmp(name, "TextDirection") == 0) {
        return sd.reply_method_return(message, "v", "s", "ltr");
    }
    if (std::strcmp(name, "Status") == 0) {
        return sd.reply_method_return(message, "v", "s", "normal");
    }
    return std::strcmp(name, "IconThemePath") == 0 ? sd.reply_method_return(message, "v", "as", 0) : -EINVAL;
}

int TrayMenu::answer_own_properties(sd_bus_message* message) {
    return connection_.sd.reply_method_return(message, "a{sv}", 4, "Version", "u", kVersion, "TextDirection", "s",
                                              "ltr", "Status", "s", "normal", "IconThemePath", "as", 0);
}

} // namespace portside::desktop
