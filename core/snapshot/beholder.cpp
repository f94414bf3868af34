// SPDX-License-Identifier: MIT
// Who looks at the list: this process's user. Any thread.
#include "core/platform/login_defs.h"
#include "core/snapshot/views.h"

#include <unistd.h>

namespace portside::snapshot {

Beholder this_beholder() {
    return {::geteuid(), platform::first_person_uid()};
}

} // namespace portside::snapshot
