// SPDX-License-Identifier: MIT
#include "core/jobs/job.h"

namespace portside::jobs {

Problem problem_of(platform::Refusal reason) {
    switch (reason) {
    case platform::Refusal::never_signalled:
        return Problem::never_signalled;
    case platform::Refusal::gone:
        return Problem::gone;
    case platform::Refusal::identity_changed:
        return Problem::identity_changed;
    case platform::Refusal::not_holding:
        return Problem::not_holding;
    case platform::Refusal::needs_consent:
        return Problem::needs_consent;
    case platform::Refusal::not_permitted:
        return Problem::not_permitted;
    case platform::Refusal::failed:
        break;
    }
    return Problem::failed;
}

} // namespace portside::jobs
