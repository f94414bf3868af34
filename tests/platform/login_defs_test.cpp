// SPDX-License-Identifier: MIT
#include "core/platform/login_defs.h"

#include <doctest/doctest.h>
#include <string>

using portside::platform::kUsualFirstPerson;
using portside::platform::parse_first_person;

TEST_CASE("the uids of people begin where login.defs says") {
    CHECK(parse_first_person("MAIL_DIR /var/mail\nUID_MIN\t\t\t  500\nUID_MAX 60000\n") == 500);
    CHECK(parse_first_person("  UID_MIN 2000 # ours\r\n") == 2000);
    CHECK(parse_first_person("UID_MIN 1001") == 1001);
}

TEST_CASE("what login.defs does not say in earnest counts for nothing") {
    for (const char* text : {"", "# UID_MIN 500\n", "SYS_UID_MIN 100\nUID_MIN_OF_ME 7\n", "UID_MIN\n", "UID_MIN x\n",
                             "UID_MIN -5\n", "UID_MIN 99999999999999999999\n", "UID_MIN\n500\n"}) {
        CAPTURE(std::string(text));
        CHECK(parse_first_person(text) == kUsualFirstPerson);
    }
}
