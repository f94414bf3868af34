#!/bin/sh
# SPDX-License-Identifier: MIT
# Every source file stands as clang-format writes it. usage: format.sh ROOT
set -eu
cd "$1"
files=$(find app core tests -name '*.cpp' -o -name '*.h' -o -name '*.c')
[ "$(echo "$files" | wc -l)" -gt 20 ] || { echo "too few source files were found below $1" >&2; exit 1; }
# shellcheck disable=SC2086 # file names of ours hold no spaces
clang-format --dry-run --Werror $files
