// SPDX-License-Identifier: MIT
// bench_first_frame: the time from starting a program until something is drawn at a place in its window, as the X
// server has it; the same way for every program, with nothing inside it. One thread.
//   bench_first_frame X Y WIDTH HEIGHT PROGRAM [ARGUMENT]...
// Looks every half millisecond whether the rectangle, in the window's own pixels, shows more than one colour: an
// unmapped, an empty and a merely cleared window do not. Prints the time in ms and ends the program.
#include "core/base/parse.h"
#include "tests/bench/figures.h"

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using portside::bench::milliseconds;

constexpr double kPatience = 30'000; // ms until a window must have been drawn
constexpr double kGoodbye = 3'000;   // ms that the program has to end after SIGTERM
constexpr unsigned kPause = 500;     // us between two looks
constexpr int kSmallest = 100;       // pixels: smaller windows are helpers that nobody sees

struct Rectangle {
    int x = 0;
    int y = 0;
    unsigned width = 0;
    unsigned height = 0;
};

// A window that is not viewable yet, or is gone, is no error here: its answer is null.
int ignore(Display* /*display*/, XErrorEvent* /*error*/) {
    return 0;
}

class Looker {
  public:
    Looker(Display* display, pid_t program) : display_(display), program_(program) {}

    // The program's window, as _NET_WM_PID says (Extended Window Manager Hints).
    void look_for_window() {
        while (XPending(display_) > 0) {
            XEvent event;
            XNextEvent(display_, &event);
            const XCreateWindowEvent& created = event.xcreatewindow;
            if (event.type == CreateNotify && created.width >= kSmallest && created.height >= kSmallest) {
                candidates_.push_back(created.window);
            }
        }
        for (const Window candidate : candidates_) {
            if (pid_of(candidate) == program_) {
                window_ = candidate;
            }
        }
    }
    [[nodiscard]] bool has_window() const { return window_ != 0; }
    [[nodiscard]] bool is_drawn(const Rectangle& place) const {
        XImage* const image =
            XGetImage(display_, window_, place.x, place.y, place.width, place.height, AllPlanes, ZPixmap);
        if (image == nullptr) {
            return false;
        }
        const unsigned long first = XGetPixel(image, 0, 0);
        bool differs = false;
        for (int y = 0; y < image->height && !differs; ++y) {
            for (int x = 0; x < image->width && !differs; ++x) {
                differs = XGetPixel(image, x, y) != first;
            }
        }
        XDestroyImage(image);
        return differs;
    }

  private:
    [[nodiscard]] pid_t pid_of(Window window) const {
        Atom type = 0;
        int format = 0;
        unsigned long items = 0;
        unsigned long left = 0;
        unsigned char* value = nullptr;
        XGetWindowProperty(display_, window, pid_atom_, 0, 1, False, XA_CARDINAL, &type, &format, &items, &left,
                           &value);
        const std::unique_ptr<unsigned char, int (*)(void*)> owned(value, [](void* data) { return XFree(data); });
        return items == 1 && format == 32 ? static_cast<pid_t>(*reinterpret_cast<const long*>(value)) : 0;
    }

    Display* display_;
    pid_t program_;
    Atom pid_atom_ = XInternAtom(display_, "_NET_WM_PID", False);
    std::vector<Window> candidates_;
    Window window_ = 0;
};

std::optional<Rectangle> parse_place(char** words) {
    std::array<unsigned, 4> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto number = portside::base::parse_number<std::uint16_t>(words[i]);
        if (!number) {
            return std::nullopt;
        }
        numbers[i] = *number;
    }
    return Rectangle{static_cast<int>(numbers[0]), static_cast<int>(numbers[1]), numbers[2], numbers[3]};
}

std::optional<pid_t> start(char** arguments) {
    posix_spawn_file_actions_t actions{};
    pid_t pid = 0;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const int error = ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments, environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        std::fprintf(stderr, "bench_first_frame: %s could not be started: %s\n", arguments[0], std::strerror(error));
        return std::nullopt;
    }
    return pid;
}

bool has_ended(pid_t pid) {
    return ::waitpid(pid, nullptr, WNOHANG) == pid;
}

void end(pid_t pid) {
    ::kill(pid, SIGTERM);
    const double limit = milliseconds() + kGoodbye;
    while (!has_ended(pid)) {
        if (milliseconds() > limit) {
            ::kill(pid, SIGKILL);
        }
        ::usleep(kPause);
    }
}

// How long until something was drawn; nothing where it ended or time ran out before.
std::optional<double> time_until_drawn(Looker& looker, pid_t pid, const Rectangle& place, double begun) {
    while (milliseconds() < begun + kPatience) {
        if (!looker.has_window()) {
            looker.look_for_window();
        }
        if (looker.has_window() && looker.is_drawn(place)) {
            return milliseconds() - begun;
        }
        if (has_ended(pid)) {
            std::fprintf(stderr, "bench_first_frame: the program ended before anything was drawn\n");
            return std::nullopt;
        }
        ::usleep(kPause);
    }
    std::fprintf(stderr, "bench_first_frame: nothing was drawn at that place\n");
    end(pid);
    return std::nullopt;
}

} // namespace

int main(int count, char** words) {
    const auto place = count >= 6 ? parse_place(words + 1) : std::nullopt;
    if (!place || place->width == 0 || place->height == 0) {
        std::fprintf(stderr, "usage: bench_first_frame X Y WIDTH HEIGHT PROGRAM [ARGUMENT]...\n");
        return 2;
    }
    Display* const display = XOpenDisplay(nullptr);
    if (display == nullptr) {
        std::fprintf(stderr, "bench_first_frame: there is no X server to look at\n");
        return 1;
    }
    ::fcntl(ConnectionNumber(display), F_SETFD, FD_CLOEXEC);
    XSetErrorHandler(ignore);
    XSelectInput(display, DefaultRootWindow(display), SubstructureNotifyMask);
    XSync(display, False);
    const double begun = milliseconds();
    const auto pid = start(words + 5);
    if (!pid) {
        return 1;
    }
    Looker looker(display, *pid);
    const auto time = time_until_drawn(looker, *pid, *place, begun);
    if (time) {
        end(*pid);
        std::printf("%.3f\n", *time);
    }
    XCloseDisplay(display);
    return time ? 0 : 1;
}
