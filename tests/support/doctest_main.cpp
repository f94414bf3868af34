// SPDX-License-Identifier: MIT
#define DOCTEST_CONFIG_IMPLEMENT
#include <cstdlib>
#include <doctest/doctest.h>

int main(int count, char** arguments) {
    // Programs that a test starts keep what they write (kills.log) in the build folder.
    ::setenv("XDG_STATE_HOME", PORTSIDE_BUILD "/tests/state", 1);
    return doctest::Context(count, arguments).run();
}
