// SPDX-License-Identifier: MIT
#include "app/overlay/options.h"

#include "core/base/text.h"

namespace portside::overlay {

base::Result<Options> parse_options(const std::vector<std::string_view>& words) {
    Options options;
    for (const auto word : words) {
        if (word == "--source=auto") {
            options.scanner.source = platform::SourceChoice::automatic;
        } else if (word == "--source=netlink") {
            options.scanner.source = platform::SourceChoice::netlink;
        } else if (word == "--source=proc") {
            options.scanner.source = platform::SourceChoice::proc;
        } else if (word == "--bound") {
            options.scanner.include_bound = true;
        } else if (word == "--toggle") {
            options.toggle = true;
        } else if (word == "--start-hidden") {
            options.start_hidden = true;
        } else if (word == "--help") {
            options.help = true;
        } else if (word == "--version") {
            options.version = true;
        } else {
            return base::failed(base::ErrorKind::malformed,
                                base::sanitise(word, 200) +
                                    " is not an option of the overlay (portside --help tells how).");
        }
    }
    return options;
}

} // namespace portside::overlay
