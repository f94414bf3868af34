// SPDX-License-Identifier: MIT
#include "app/cli/outcomes.h"

#include <cstdio>
#include <fmt/format.h>

namespace portside::cli {

using jobs::Problem;

int Outcomes::exit_code() const {
    for (const int code : {3, 4, 1}) {
        if (codes_.contains(code)) {
            return code;
        }
    }
    return 0;
}

void Outcomes::add(int code, const std::string& sentence) {
    codes_.insert(code);
    fmt::print("{}\n", sentence);
    std::fflush(stdout); // a password prompt of a later target must not come before it
}

void Outcomes::refused(Problem problem, const std::string& sentence) {
    switch (problem) {
    case Problem::gone: // it has ended, which is what was wanted
        ended(sentence);
        return;
    case Problem::not_holding:
        nothing_matched(sentence);
        return;
    case Problem::none:
    case Problem::identity_changed:
    case Problem::failed:
        did_not_end(sentence);
        return;
    case Problem::needs_consent:
        not_permitted(sentence + " Add --yes to do it all the same.");
        return;
    case Problem::never_signalled:
    case Problem::not_permitted:
    case Problem::dismissed:
    case Problem::not_authorised:
    case Problem::no_pkexec:
        not_permitted(sentence);
        return;
    }
}

} // namespace portside::cli
