// SPDX-License-Identifier: MIT
// `portside-kill-helper`, started by pkexec as root: see core/platform/kill_helper.h for what it accepts and answers.
// One thread.
#include "app/kill_helper/helper.h"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace {

// A descriptor that the caller closed would go to a file that is opened here, and what is printed into that file.
bool open_standard_descriptors() {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", O_RDWR | O_CLOEXEC) != fd) {
            return false;
        }
    }
    return true;
}

} // namespace

int main(int count, char** values) {
    ::clearenv(); // NOLINT(concurrency-mt-unsafe): no other thread runs yet
    ::umask(077);
    ::signal(SIGPIPE, SIG_IGN); // a reader that went away is an error, not an end
    using portside::platform::HelperExit;
    if (!open_standard_descriptors()) {
        return static_cast<int>(HelperExit::failed);
    }
    std::vector<std::string_view> arguments;
    for (int i = 1; i < count; ++i) { // values[0] is whatever the caller liked, and there may be none
        arguments.emplace_back(values[i]);
    }
    return static_cast<int>(portside::kill_helper::run(arguments));
}
