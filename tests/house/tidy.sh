#!/bin/sh
# SPDX-License-Identifier: MIT
# clang-tidy's chosen checks find nothing in our sources. usage: tidy.sh ROOT BUILD
set -eu
# Each source is read with the headers that it includes itself, without the precompiled ones: what it needs and does not
# include is an error here, and it takes a fifth less time.
mkdir -p "$2/tidy"
sed -E 's| -Winvalid-pch -include [^ ]*cmake_pch\.hxx||' "$2/compile_commands.json" >"$2/tidy/compile_commands.json"

# Our sources only. The compiler's warnings are GCC's to give, so clang gives none of its own (-w): it knows neither all
# of GCC's flags nor its library's pragmas.
exec run-clang-tidy-19 -clang-tidy-binary clang-tidy-19 -quiet -p "$2/tidy" -extra-arg=-w \
  "^$1/(app|core)/.*\.cpp\$"
