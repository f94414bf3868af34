// SPDX-License-Identifier: MIT
// What our code calls in fmt, compiled into a program that is to load few libraries: distributions ship fmt as a shared
// one only, and it brings the shared C++ runtime with it. Its headers hold all of it; this one file pays for compiling
// them. Whatever is not named here still comes from the shared library. No thread uses this; it is only linked.
#define FMT_HEADER_ONLY
#include <cstdint>
#include <cstdio>
#include <fmt/format.h>
#include <string>
#include <tuple>

namespace portside {

using InlineFmt =
    std::tuple<std::string (*)(fmt::string_view, fmt::format_args),
               void (*)(std::FILE*, fmt::string_view, fmt::format_args), void (*)(fmt::string_view, fmt::format_args),
               bool (*)(std::uint32_t), void (*)(const char*)>;

extern const InlineFmt kInlineFmt; // an address that somebody may take keeps each of them
constexpr InlineFmt kInlineFmt{&fmt::vformat, &fmt::vprint, &fmt::vprint, &fmt::detail::is_printable,
                               &fmt::detail::throw_format_error};

} // namespace portside
