// SPDX-License-Identifier: MIT
// Every parser of text or bytes that Portside does not write itself; the first byte chooses which.
#include "core/base/text.h"
#include "core/platform/proc_net.h"
#include "core/platform/process.h"
#include "core/platform/sock_diag.h"
#include "core/snapshot/json.h"
#include "core/snapshot/query.h"

#include <cstdlib>

using namespace portside;

namespace {

void sanitised_is_stable(std::string_view text) {
    const auto once = base::sanitise(text);
    if (base::sanitise(once) != once) {
        std::abort(); // what is safe must stay as it is
    }
}

void facts_have_a_name(std::string_view text) {
    platform::ProcessFacts facts;
    facts.command_line = platform::parse_command_line(text);
    facts.executable = std::string(text.substr(0, text.find('\0')));
    if (const auto stat = platform::parse_stat(text)) {
        facts.stat = *stat;
    }
    static_cast<void>(platform::process_name(facts));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    std::vector<platform::SocketEntry> sockets;
    std::vector<platform::DiagSocket> dumped;
    switch (data[0] % 6) {
    case 0:
        platform::parse_proc_net(text, platform::Protocol::tcp,
                                 size % 2 == 0 ? platform::Family::ipv4 : platform::Family::ipv6, sockets);
        break;
    case 1:
        static_cast<void>(platform::parse_dump({data + 1, size - 1}, {}, dumped));
        break;
    case 2:
        static_cast<void>(snapshot::Query::parse(text));
        break;
    case 3:
        static_cast<void>(snapshot::privileged_owners_from_json(text, {}));
        break;
    case 4:
        facts_have_a_name(text);
        break;
    default:
        sanitised_is_stable(text);
        break;
    }
    return 0;
}
