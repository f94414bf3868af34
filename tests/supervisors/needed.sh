#!/bin/sh
# SPDX-License-Identifier: MIT
# No program of ours loads libsystemd at its start: it comes with six more libraries. usage: needed.sh PROGRAM...
set -eu
for program in "$@"; do
  needed=$(readelf --dynamic --wide "$program" | grep NEEDED)
  case "$needed" in
    *libc.so*) ;;
    *) echo "$program: what it needs could not be read" >&2; exit 1 ;;
  esac
  case "$needed" in
    *libsystemd*) echo "$program needs libsystemd at its start" >&2; exit 1 ;;
  esac
done
