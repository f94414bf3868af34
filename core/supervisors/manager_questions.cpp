// SPDX-License-Identifier: MIT
// What a manager answers is bounded and made safe here. One object belongs to one thread.
#include "core/supervisors/manager_questions.h"

#include "core/base/text.h"
#include "core/supervisors/unit_facts.h"

namespace portside::supervisors {

namespace {
constexpr std::size_t kMostNames = 64;
constexpr std::size_t kLongestText = 300;
} // namespace

void ManagerQuestions::answered() {
    if (--open_ == 0) {
        all_answered_();
    }
}

void ManagerQuestions::ask_property(const std::string& path, const char* interface, const char* name,
                                    std::function<void(sd_bus_message* value)> take) {
    BusConnection::Method method;
    method.path = path.c_str();
    method.interface = "org.freedesktop.DBus.Properties";
    method.member = "Get";
    send(
        method,
        [this, take = std::move(take)](sd_bus_message* reply, const sd_bus_error* error) {
            if (error == nullptr && library().enter_container(reply, 'v', nullptr) > 0) {
                take(reply);
            }
        },
        "ss", interface, name);
}

std::string ManagerQuestions::read_text(sd_bus_message* message) const {
    const char* text = nullptr;
    return library().read(message, "s", &text) >= 0 && text != nullptr ? base::sanitise(text, kLongestText) : "";
}

std::vector<std::string> ManagerQuestions::read_names(sd_bus_message* value) const {
    std::vector<std::string> names;
    const char* name = nullptr;
    if (library().enter_container(value, 'a', "s") > 0) {
        while (names.size() < kMostNames && library().read(value, "s", &name) > 0) {
            if (is_unit_name(name)) {
                names.emplace_back(name);
            }
        }
    }
    return names;
}

std::string ManagerQuestions::read_path(sd_bus_message* reply, const sd_bus_error* error) const {
    const char* path = nullptr;
    return error == nullptr && library().read(reply, "o", &path) >= 0 && path != nullptr ? path : "";
}

} // namespace portside::supervisors
