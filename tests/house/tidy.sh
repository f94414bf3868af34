#!/bin/sh
# SPDX-License-Identifier: MIT
# clang-tidy's chosen checks find nothing in our sources. usage: tidy.sh ROOT BUILD
set -eu
# Our sources only, and a flag that clang does not know is no finding.
exec run-clang-tidy-19 -clang-tidy-binary clang-tidy-19 -quiet -p "$2" -extra-arg=-Wno-unknown-warning-option \
  "^$1/(app|core)/.*\.cpp\$"
