# SPDX-License-Identifier: MIT
# Sourced by the bench scripts: a folder that goes at the end, what runs beside the script and ends with it, and a load.
# Needs $here, the scripts' folder, and $build, the build folder or nothing for a preset's own.
# Sets $build, $programs (the folder of the bench programs), $work and $machine.

if [ -z "$build" ]; then
  build=$here/../../build/bench
  [ -d "$build" ] || build=$here/../../build/release
fi
programs=$build/tests

# need PROGRAM...: all of them are built.
need() {
  for needed in "$@"; do
    [ -x "$needed" ] || { echo "$needed is not there: build it first (README.md), or name its folder with -b." >&2; exit 1; }
  done
}

work=$(mktemp -d "${TMPDIR:-/tmp}/portside-bench-XXXXXX")
beside="" # pids of what runs beside, all of them this shell's own children: the numbers stay theirs until waited for
load=""   # bench_load's pid while it runs

# shellcheck disable=SC2086 # lists of pids
take_down() {
  trap - EXIT
  [ -z "$load$beside" ] || kill $load $beside 2>/dev/null || true
  [ -z "$load$beside" ] || wait $load $beside 2>/dev/null || true
  rm -rf "$work"
}
trap take_down EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# attended PROGRAM [ARGUMENT...]: runs it to its end, but a signal to the script ends both at once: a shell that waits
# for a program in the foreground would not look at its traps before.
attended() {
  "$@" &
  attended_pid=$!
  beside="$beside $attended_pid"
  wait "$attended_pid"
  beside=${beside% "$attended_pid"}
}

# start_load NAME [OPTION...]: its standard input is descriptor 8, its standard output descriptor 9.
start_load() {
  rm -f "$work/to_load" "$work/from_load"
  mkfifo "$work/to_load" "$work/from_load"
  "$programs/bench_load" "$@" <"$work/to_load" >"$work/from_load" &
  load=$!
  exec 8>"$work/to_load" 9<"$work/from_load"
  read -r answer _ <&9 || answer=""
  if [ "$answer" != "ready" ]; then
    echo "The load $1 does not stand; bench_load says why above." >&2
    return 1
  fi
}

stop_load() {
  exec 8>&- 9<&-
  wait "$load" || true
  load=""
}

# Asked before anything is measured: afterwards the load average is our own.
machine="$(nproc) cores, Linux $(uname -r), $(date +%Y-%m-%d), load average before $(cut -d ' ' -f 1 /proc/loadavg)."
