// SPDX-License-Identifier: MIT
// A desktop of a test's own. One thread: the test's own.
#include "tests/support/display_session.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace portside::support {
namespace {

constexpr std::chrono::milliseconds kPause{100}; // between two runs of a program that looks

void make_folder(const std::string& path, const Place& place) {
    if (mkdir(path.c_str(), 0700) != 0) {
        throw std::runtime_error("cannot make the folder " + path);
    }
    if (place.elsewhere() && chown(path.c_str(), place.uid, place.gid) != 0) {
        throw std::runtime_error("cannot give away the folder " + path);
    }
}

} // namespace

DisplaySession::DisplaySession(Place place, const std::string& screen) : place_(std::move(place)) {
    make_folders();
    try {
        start_bus();
        start_display(screen);
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove_all(place_.files + folder_, ignored);
        throw;
    }
}

DisplaySession::~DisplaySession() {
    window_manager_.reset();
    server_.reset();
    bus_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(place_.files + folder_, ignored);
}

void DisplaySession::make_folders() {
    std::string path = place_.files + "/tmp/portside-display-XXXXXX";
    if (mkdtemp(path.data()) == nullptr) {
        throw std::runtime_error("cannot make a folder for a display session in " + path);
    }
    folder_ = path.substr(place_.files.size());
    if (place_.elsewhere() && chown(path.c_str(), place_.uid, place_.gid) != 0) {
        throw std::runtime_error("cannot give away the folder " + path);
    }
    environment_ = {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "LIBGL_ALWAYS_SOFTWARE=1"};
    constexpr std::array<std::array<const char*, 2>, 6> kFolders{{{"HOME", "home"},
                                                                  {"XDG_CONFIG_HOME", "config"},
                                                                  {"XDG_STATE_HOME", "state"},
                                                                  {"XDG_DATA_HOME", "data"},
                                                                  {"XDG_CACHE_HOME", "cache"},
                                                                  {"XDG_RUNTIME_DIR", "runtime"}}};
    for (const auto& [variable, name] : kFolders) {
        make_folder(file(name), place_);
        environment_.push_back(std::string(variable) + "=" + folder_ + "/" + name);
    }
    const std::vector<std::string> options = sanitizer_options();
    environment_.insert(environment_.end(), options.begin(), options.end());
}

void DisplaySession::start_bus() {
    bus_ = std::make_unique<Child>(start({"dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"}));
    environment_.push_back("DBUS_SESSION_BUS_ADDRESS=" + bus_->first_line());
}

void DisplaySession::start_display(const std::string& screen) {
    // The server writes its number when it takes connections.
    server_ = std::make_unique<Child>(
        start({"Xvfb", "-displayfd", "1", "-screen", "0", screen + "x24", "-nolisten", "tcp", "-noreset"}));
    display_ = ":" + server_->first_line();
    environment_.push_back("DISPLAY=" + display_);
    window_manager_ = std::make_unique<Child>(start({"openbox", "--sm-disable"}));
    const bool managed = wait_until(
        [this] {
            // What it says last: a window that asks to be seen while it still loads its fonts would not be.
            return run({"xprop", "-root", "_NET_CLIENT_LIST"}).output.find("window id") != std::string::npos ||
                   !window_manager_->running();
        },
        kPatience, kPause);
    if (!managed || !window_manager_->running()) {
        throw std::runtime_error("the window manager did not start: " + window_manager_->errors());
    }
}

Child DisplaySession::start(std::vector<std::string> argv) const {
    return start(std::move(argv), {});
}

Child DisplaySession::start(std::vector<std::string> argv, const std::vector<std::string>& more_environment) const {
    Command command{.argv = std::move(argv), .environment = environment_, .place = place_, .directory = folder_};
    for (const std::string& setting : more_environment) { // of two with one name a program sees the first only
        const std::string name = setting.substr(0, setting.find('=') + 1);
        std::erase_if(command.environment, [&](const std::string& known) { return known.starts_with(name); });
        command.environment.push_back(setting);
    }
    return Child(command);
}

std::string DisplaySession::variable(const std::string& name) const {
    for (const std::string& setting : environment_) {
        if (setting.starts_with(name + "=")) {
            return setting.substr(name.size() + 1);
        }
    }
    throw std::runtime_error("the session has no " + name);
}

Outcome DisplaySession::run(std::vector<std::string> argv) const {
    Child child = start(std::move(argv));
    child.close_input();
    const std::optional<int> status = child.wait();
    return {status.value_or(-1), child.output(), child.errors()};
}

std::string DisplaySession::xdotool(std::vector<std::string> words) const {
    words.insert(words.begin(), "xdotool");
    const Outcome outcome = run(words);
    if (outcome.status != 0) {
        throw std::runtime_error(words[0] + " " + words[1] + " failed: " + outcome.output + outcome.errors);
    }
    return outcome.output;
}

std::optional<std::string> DisplaySession::find_window(const std::string& window_class) const {
    const Outcome outcome = run({"xdotool", "search", "--onlyvisible", "--class", "^" + window_class + "$"});
    if (outcome.status != 0 || outcome.output.empty()) {
        return std::nullopt;
    }
    return outcome.output.substr(0, outcome.output.find('\n'));
}

std::string DisplaySession::wait_for_window(const std::string& window_class, Child& owner) const {
    std::optional<std::string> window;
    static_cast<void>(wait_until(
        [&] {
            window = find_window(window_class);
            return window.has_value() || !owner.running();
        },
        kPatience, kPause));
    if (!window) {
        throw std::runtime_error("no window of class " + window_class + ": " + owner.output() + owner.errors());
    }
    return *window;
}

void DisplaySession::focus(const std::string& window) const {
    const bool focused = wait_until(
        [&] {
            static_cast<void>(run({"xdotool", "windowactivate", window}));
            return run({"xdotool", "getwindowfocus"}).output == window + "\n";
        },
        kPatience, kPause);
    if (!focused) {
        throw std::runtime_error("the window does not get the keyboard focus");
    }
}

std::string DisplaySession::title(const std::string& window) const {
    std::string name = xdotool({"getwindowname", window});
    return name.substr(0, name.find('\n'));
}

void DisplaySession::screenshot(const std::string& path) const {
    const Outcome outcome = run({"import", "-window", "root", "png:" + folder_ + "/screen.png"});
    if (outcome.status != 0) {
        throw std::runtime_error("import failed: " + outcome.errors);
    }
    std::filesystem::copy_file(file("screen.png"), path, std::filesystem::copy_options::overwrite_existing);
}

std::vector<std::string> window_environment(const std::string& no_dlclose) {
    const std::string_view sanitizers = PORTSIDE_SANITIZE;
    const auto with = [](const char* name, const std::string& option) {
        const char* set = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nothing in a test sets variables
        return std::string(name) + "=" + (set != nullptr ? std::string(set) + ":" : std::string()) + option;
    };
    if (sanitizers.find("address") != std::string_view::npos) {
        // Mesa unloads its driver before the leak check looks for the code that allocated. The module comes before the
        // sanitizer's own library, which by itself it would refuse.
        return {"LD_PRELOAD=" + no_dlclose, with("ASAN_OPTIONS", "verify_asan_link_order=0")};
    }
    if (sanitizers.find("thread") != std::string_view::npos) {
        // The driver's own threads were compiled without the sanitizer, which then sees only half of their locks.
        return {with("TSAN_OPTIONS", "ignore_noninstrumented_modules=1")};
    }
    return {};
}

} // namespace portside::support
