#!/bin/sh
# SPDX-License-Identifier: MIT
# What the overlay costs: CPU time while visible and while minimised, time to the first populated frame, memory; beside
# an empty window of GLFW, OpenGL and Dear ImGui, and beside the desktops' task managers where they are installed. On an X
# server and with a window manager, a session bus and settings of its own.
# usage: overlay_cost.sh [-n RUNS] [-s SECONDS] [-b BUILD_FOLDER]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=""
runs=10
seconds=10
usage() { sed -n '6s/^# //p' "$0" >&2; exit 2; }
while getopts n:s:b: option; do
  case $option in
    n) runs=$OPTARG ;;
    s) seconds=$OPTARG ;;
    b) build=$OPTARG ;;
    *) usage ;;
  esac
done
[ $# -lt "$OPTIND" ] || usage
case $runs$seconds in *[!0-9]*) usage ;; esac
for needed in Xvfb openbox xdotool dbus-daemon; do
  command -v "$needed" >/dev/null || { echo "$needed is missing: third_party/setup.sh --bench installs it." >&2; exit 1; }
done
. "$here/common.sh"
command_line=$build/portside
overlay=$build/portside-overlay
empty=$programs/bench_empty_window
need "$command_line" "$overlay" "$programs/bench_load" "$programs/bench_first_frame" "$empty"

# A desktop of our own: nothing of the user's is read or written.
open_desktop() {
  export HOME="$work/home" XDG_CONFIG_HOME="$work/config" XDG_STATE_HOME="$work/state" XDG_DATA_HOME="$work/data"
  export XDG_CACHE_HOME="$work/cache" XDG_RUNTIME_DIR="$work/runtime" LIBGL_ALWAYS_SOFTWARE=1
  mkdir -m 700 "$HOME" "$XDG_CONFIG_HOME" "$XDG_STATE_HOME" "$XDG_DATA_HOME" "$XDG_CACHE_HOME" "$XDG_RUNTIME_DIR"
  export GSETTINGS_BACKEND=memory NO_AT_BRIDGE=1 # of the task managers: no settings and helpers beside them
  unset WAYLAND_DISPLAY
  mkfifo "$work/bus"
  dbus-daemon --session --nofork --print-address=1 >"$work/bus" 2>"$work/bus.log" &
  beside="$beside $!"
  read -r DBUS_SESSION_BUS_ADDRESS <"$work/bus" || { cat "$work/bus.log" >&2; exit 1; }
  export DBUS_SESSION_BUS_ADDRESS
  mkfifo "$work/display"
  Xvfb -displayfd 1 -screen 0 1600x1000x24 -nolisten tcp -noreset >"$work/display" 2>"$work/server.log" &
  beside="$beside $!"
  read -r number <"$work/display" || { cat "$work/server.log" >&2; exit 1; }
  export DISPLAY=":$number"
  openbox --sm-disable >/dev/null 2>&1 &
  beside="$beside $!"
  until xdotool get_num_desktops >/dev/null 2>&1; do sleep 0.1; done # the window manager says so
  xdotool mousemove 1599 999                                         # over no window
}

# open_window PROGRAM [ARGUMENT...]: sets $window_pid and $window once it can be seen and has settled.
open_window() {
  "$@" >/dev/null 8>&- 9<&- &
  window_pid=$!
  beside="$beside $window_pid"
  window=""
  while [ -z "$window" ]; do
    kill -0 "$window_pid" 2>/dev/null || { echo "$1 has ended." >&2; exit 1; }
    window=$(xdotool search --onlyvisible --pid "$window_pid" 2>/dev/null | tail -n 1) || window=""
  done
  sleep 3
}

close_window() {
  kill "$window_pid"
  wait "$window_pid" 2>/dev/null || true
  beside=${beside% "$window_pid"}
}

# CPU time of all threads that there are, in ms (Linux: Documentation/scheduler/sched-stats.rst).
cpu_time() { cat "/proc/$1/task/"*/schedstat | awk '{ sum += $1 } END { printf "%.3f\n", sum / 1e6 }'; }
# Of the process and of threads that have ended too, but in steps of 10 ms.
cpu_ticks() { awk '{ sub(/.*\) /, ""); print ($12 + $13) * 10 }' "/proc/$1/stat"; }
pss() { awk '$1 == "Pss:" { printf "%.1f\n", $2 / 1024 }' "/proc/$1/smaps_rollup"; }
median() { sort -n | awk '{ v[NR] = $1 } END { printf "%.1f\n", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
minus() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f\n", a - b }'; }

# Prints what the process used in $seconds: by its threads, and by its whole account.
use_of() {
  threads=$(cpu_time "$1")
  whole=$(cpu_ticks "$1")
  attended sleep "$seconds"
  echo "$(minus "$(cpu_time "$1")" "$threads") $(minus "$(cpu_ticks "$1")" "$whole")"
}

measure_idle() {
  echo "idle: $seconds s visible, $seconds s minimised" >&2
  start_load small
  open_window "$overlay"
  sleep 20 # as one that has been open for a while: new rows have stopped glowing, and what is made up in turns is there
  visible=$(use_of "$window_pid")
  xdotool windowminimize "$window"
  sleep 3
  hidden=$(use_of "$window_pid")
  close_window
  stop_load
}

# The place of the first row's port and name; both windows draw there.
first_frame() { attended "$programs/bench_first_frame" 40 156 240 18 "$1" 8>&- 9<&-; }

measure_start() {
  echo "start: $runs runs of each" >&2
  start_load small
  for _ in $(seq "$runs"); do
    first_frame "$empty" >>"$work/empty_start"
    first_frame "$overlay" >>"$work/overlay_start"
  done
  stop_load
}

# From the start of a second `portside` until the hidden window of the first has the focus again.
measure_second_start() {
  echo "second start: $runs runs" >&2
  start_load small
  open_window "$overlay"
  for _ in $(seq "$runs"); do
    "$command_line" --toggle 8>&- 9<&- # hides it
    while xdotool search --onlyvisible --pid "$window_pid" >/dev/null 2>&1; do :; done
    begun=$(date +%s%N)
    "$command_line" 8>&- 9<&-
    until [ "$(xdotool getactivewindow 2>/dev/null)" = "$window" ]; do :; done
    echo $(($(date +%s%N) - begun)) | awk '{ printf "%.1f\n", $1 / 1e6 }' >>"$work/second_start"
  done
  close_window
  stop_load
}

measure_memory() {
  echo "memory with 1,000 sockets" >&2
  start_load small --sockets 1000
  for _ in 1 2 3; do
    open_window "$empty"
    pss "$window_pid" >>"$work/empty_pss"
    close_window
    open_window "$overlay"
    pss "$window_pid" >>"$work/overlay_pss"
    close_window
  done
  stop_load
}

# The task managers of GNOME, Xfce and LXDE: they list processes, as we list ports, and redraw by themselves.
peers="gnome-system-monitor xfce4-taskmanager lxtask"

# One line for each: name, CPU time in ms (by threads), memory, start.
measure_peers() {
  for peer in $peers; do
    command -v "$peer" >/dev/null || { echo "$peer is not installed: left out" >&2; continue; }
    echo "$peer: idle, memory, $runs starts" >&2
    start_load small
    open_window "$peer"
    used=$(use_of "$window_pid")
    memory=$(pss "$window_pid")
    close_window
    rm -f "$work/peer_start"
    for _ in $(seq "$runs"); do first_frame "$peer" >>"$work/peer_start"; done
    stop_load
    echo "$peer ${used% *} $memory $(median <"$work/peer_start")" >>"$work/peers"
  done
}

open_desktop
measure_idle
measure_start
measure_second_start
measure_memory
: >"$work/peers"
measure_peers

start_empty=$(median <"$work/empty_start")
start_overlay=$(median <"$work/overlay_start")
memory_empty=$(median <"$work/empty_pss")
memory_overlay=$(median <"$work/overlay_pss")
quotient() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
cat <<TABLE
$machine OpenGL in software; about 200 processes; medians of $runs starts.

| overlay | measured | target |
|---|---|---|
| CPU time in $seconds s, visible and idle, ms | ${visible% *} (by ticks ${visible#* }) | at most $((15 * seconds / 10)) |
| CPU time in $seconds s, minimised, ms | ${hidden% *} (by ticks ${hidden#* }) | 0 |
| start to first populated frame, ms | $start_overlay | |
| an empty window's first frame, ms | $start_empty | |
| ratio | $(quotient "$start_overlay" "$start_empty") | at most 1.15 |
| second start until the hidden window has the focus, ms | $(median <"$work/second_start") | at most 100 |
| memory (PSS) with 1,000 sockets, MiB | $memory_overlay | |
| memory (PSS) of an empty window, MiB | $memory_empty | |
| above the empty window, MiB | $(minus "$memory_overlay" "$memory_empty") | at most 6 |

| beside the task managers | CPU time in $seconds s, visible and idle, ms | start to first frame, ms | memory (PSS), MiB |
|---|---|---|---|
| Portside | ${visible% *} | $start_overlay | $memory_overlay |
| an empty window, drawn once | | $start_empty | $memory_empty |
$(awk '{ printf "| `%s` | %s | %s | %s |\n", $1, $2, $4, $3 }' "$work/peers")
TABLE
