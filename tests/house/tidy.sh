#!/bin/sh
# SPDX-License-Identifier: MIT
# clang-tidy's chosen checks find nothing in our sources. usage: tidy.sh ROOT BUILD
set -eu
# Several sources of a room at once, without the precompiled headers: what none of these includes is an error here.
rm -rf "$2/tidy"
python3 "$(dirname "$0")/tidy_batches.py" "$1" "$2/compile_commands.json" "$2/tidy"

# Our sources only. The compiler's warnings are GCC's to give, so clang gives none of its own (-w): it knows neither all
# of GCC's flags nor its library's pragmas.
exec run-clang-tidy-19 -clang-tidy-binary clang-tidy-19 -quiet -p "$2/tidy" -config-file "$1/.clang-tidy" -extra-arg=-w
