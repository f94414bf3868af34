#!/bin/sh
# SPDX-License-Identifier: MIT
# clang-tidy's chosen checks find nothing in our sources. usage: tidy.sh ROOT BUILD
set -eu
# Our sources only. The compiler's warnings are GCC's to give, so clang gives none of its own (-w): it knows neither all
# of GCC's flags nor its library's pragmas.
exec run-clang-tidy-19 -clang-tidy-binary clang-tidy-19 -quiet -p "$2" -extra-arg=-w \
  "^$1/(app|core)/.*\.cpp\$"
