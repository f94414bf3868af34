// SPDX-License-Identifier: MIT
// What hosts ask the item for: org.kde.StatusNotifierItem as KDE and freedesktop.org have written it down.
#include "app/desktop/tray.h"

#include <array>
#include <cstring>

namespace portside::desktop {

namespace {

constexpr const char* kIntrospection =
    "<!DOCTYPE node PUBLIC \"-//freedesktop//DTD D-BUS Object Introspection 1.0//EN\" "
    "\"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd\">\n"
    "<node><interface name=\"org.kde.StatusNotifierItem\">"
    "<property name=\"Category\" type=\"s\" access=\"read\"/><property name=\"Id\" type=\"s\" access=\"read\"/>"
    "<property name=\"Title\" type=\"s\" access=\"read\"/><property name=\"Status\" type=\"s\" access=\"read\"/>"
    "<property name=\"WindowId\" type=\"i\" access=\"read\"/><property name=\"IconName\" type=\"s\" access=\"read\"/>"
    "<property name=\"IconPixmap\" type=\"a(iiay)\" access=\"read\"/>"
    "<property name=\"ToolTip\" type=\"(sa(iiay)ss)\" access=\"read\"/>"
    "<property name=\"ItemIsMenu\" type=\"b\" access=\"read\"/><property name=\"Menu\" type=\"o\" access=\"read\"/>"
    "<method name=\"Activate\"><arg type=\"i\" direction=\"in\"/><arg type=\"i\" direction=\"in\"/></method>"
    "<method name=\"SecondaryActivate\"><arg type=\"i\" direction=\"in\"/><arg type=\"i\" direction=\"in\"/></method>"
    "<method name=\"ContextMenu\"><arg type=\"i\" direction=\"in\"/><arg type=\"i\" direction=\"in\"/></method>"
    "<method name=\"Scroll\"><arg type=\"i\" direction=\"in\"/><arg type=\"s\" direction=\"in\"/></method>"
    "<signal name=\"NewTitle\"/><signal name=\"NewIcon\"/><signal name=\"NewToolTip\"/>"
    "<signal name=\"NewStatus\"><arg type=\"s\"/></signal>"
    "</interface></node>";

// All that there are, in the order of the specification.
constexpr std::array kNames{"Category", "Id",         "Title",   "Status", "WindowId",
                            "IconName", "IconPixmap", "ToolTip", "Menu",   "ItemIsMenu"};

} // namespace

int Tray::item_called(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    return static_cast<Tray*>(self)->answer(message);
}

// 0: not ours, so that the library answers that there is no such method.
int Tray::answer(sd_bus_message* message) {
    const auto& sd = connection_.sd;
    const auto is = [&](const char* interface, const char* member) {
        return sd.is_method_call(message, interface, member) > 0;
    };
    if (is(kItem, "Activate") || is(kItem, "SecondaryActivate")) {
        outwards_.order(Order::toggle);
        return sd.reply_method_return(message, "");
    }
    if (is(kItem, "ContextMenu") || is(kItem, "Scroll")) { // hosts draw the menu, and there is nothing to scroll
        return sd.reply_method_return(message, "");
    }
    if (is(kProperties, "Get")) {
        return answer_property(message);
    }
    if (is(kProperties, "GetAll")) {
        return answer_properties(message);
    }
    if (is("org.freedesktop.DBus.Introspectable", "Introspect")) {
        return sd.reply_method_return(message, "s", kIntrospection);
    }
    return 0;
}

int Tray::answer_property(sd_bus_message* message) {
    const char* interface = "";
    const char* name = "";
    const auto reply = connection_.answer_to(message);
    if (reply && connection_.sd.read(message, "ss", &interface, &name) >= 0 && append_value(reply.get(), name)) {
        return connection_.send(reply);
    }
    return connection_.sd.reply_method_errorf(message, kInvalidArguments, "The item of Portside has no such property.");
}

int Tray::answer_properties(sd_bus_message* message) {
    const auto& sd = connection_.sd;
    const auto reply = connection_.answer_to(message);
    bool good = reply && sd.open_container(reply.get(), 'a', "{sv}") >= 0;
    for (const char* const name : kNames) {
        good = good && sd.open_container(reply.get(), 'e', "sv") >= 0 && sd.append(reply.get(), "s", name) >= 0 &&
               append_value(reply.get(), name) && sd.close_container(reply.get()) >= 0;
    }
    good = good && sd.close_container(reply.get()) >= 0;
    return good ? connection_.send(reply) : -ENOMEM;
}

// As a variant; false where there is no such property.
bool Tray::append_value(sd_bus_message* to, const std::string& property) const {
    const auto& sd = connection_.sd;
    const auto text = [&](const std::string& value) { return sd.append(to, "v", "s", value.c_str()) >= 0; };
    if (property == "Category") {
        return text("ApplicationStatus");
    }
    if (property == "Id" || property == "IconName") {
        return text("org.portside.Portside"); // the installed icon has that name, too
    }
    if (property == "Title") {
        return text("Portside: " + tray_sentence(this->text()));
    }
    if (property == "Status") {
        return text("Active");
    }
    if (property == "WindowId") {
        return sd.append(to, "v", "i", 0) >= 0;
    }
    if (property == "Menu") {
        return sd.append(to, "v", "o", TrayMenu::kPath) >= 0;
    }
    if (property == "ItemIsMenu") {
        return sd.append(to, "v", "b", 0) >= 0;
    }
    if (property == "IconPixmap") {
        return sd.open_container(to, 'v', "a(iiay)") >= 0 && append_icon(to) && sd.close_container(to) >= 0;
    }
    if (property == "ToolTip") {
        return sd.append(to, "v", "(sa(iiay)ss)", "", 0, "Portside", tray_sentence(this->text()).c_str()) >= 0;
    }
    return false;
}

bool Tray::append_icon(sd_bus_message* to) const {
    const auto& sd = connection_.sd;
    bool good = sd.open_container(to, 'a', "(iiay)") >= 0;
    for (const auto& icon : icons_) {
        good = good && sd.open_container(to, 'r', "iiay") >= 0 && sd.append(to, "ii", icon.side, icon.side) >= 0 &&
               sd.append_array(to, 'y', icon.argb.data(), icon.argb.size()) >= 0 && sd.close_container(to) >= 0;
    }
    return good && sd.close_container(to) >= 0;
}

} // namespace portside::desktop
