#!/bin/sh
# SPDX-License-Identifier: MIT
# Portside beside ss, lsof and netstat under loads on loopback: medians, and ratios to `ss -tulnpH`, as Markdown.
# usage: compare.sh [-l] [-n RUNS] [-b BUILD_FOLDER] [LOAD...]  LOAD: small medium large big-fd established (default: all)
# -l: the lowest of the runs instead of their median, for a machine that has other work.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=""
runs=20
column=2
kind=median
kinds=Medians
usage() { sed -n '4s/^# //p' "$0" >&2; exit 2; }
while getopts ln:b: option; do
  case $option in
    l) column=3 kind=lowest kinds="The lowest" ;;
    n) runs=$OPTARG ;;
    b) build=$OPTARG ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- small medium large big-fd established
case $runs in '' | 0 | *[!0-9]*) usage ;; esac
. "$here/common.sh"
portside=$build/portside
need "$portside" "$programs/bench_load" "$programs/bench_time" "$programs/bench_scan"

other="" # an ordinary user's name, where we are root and can become that user
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null && id nobody >/dev/null 2>&1; then
  other=nobody
  mkdir "$work/readable"
  cp "$portside" "$programs/bench_time" "$work/readable/"
  chmod 755 "$work" "$work/readable"
fi

# Sets $peers: the slow ones run less often where a run takes seconds.
choose_peers() {
  few=$runs
  fewest=$runs
  if [ "$1" = large ]; then
    few=$(((runs + 3) / 4))
    fewest=$(((runs + 6) / 7))
  fi
  set --
  command -v lsof >/dev/null && set -- "$@" , "lsof:$fewest" lsof -nP -iTCP -sTCP:LISTEN
  command -v netstat >/dev/null && set -- "$@" , "netstat:$few" netstat -tulnp
  peers="$*"
}

measure() {
  echo "$1: making the load" >&2
  start_load "$1"
  choose_peers "$1"
  echo "$1: $runs runs of each program" >&2
  # shellcheck disable=SC2086 # words without spaces of their own
  attended "$programs/bench_time" -n "$runs" portside "$portside" list , ss ss -tulnpH , ss_no_owners ss -tulnH \
    $peers >"$work/$1.times"
  if [ -n "$other" ]; then
    attended setpriv --reuid "$other" --regid "$(id -g "$other")" --clear-groups "$work/readable/bench_time" -n "$runs" \
      user_portside "$work/readable/portside" list , user_ss ss -tulnpH >>"$work/$1.times"
  fi
  echo "$1: scans in process" >&2
  attended "$programs/bench_scan" --rounds "$runs" --listeners "$runs" 3>&8 4<&9 8>&- 9<&- >"$work/$1.scans"
  stop_load
  awk '$7 != 0 && $1 != "lsof" { print "warning: " $1 " ended with exit code " $7 }' "$work/$1.times" >&2
}

for name in "$@"; do
  measure "$name"
done

for name in "$@"; do
  awk -v load="$name" -v column="$column" '{ print load, $1, $column; print load, $1 "_cpu", $5 }' "$work/$name.times"
  awk -v load="$name" -v kind="_$kind" '$1 == "first" { print load, $1, $2 }
    $1 ~ "^(steady|steady_cpu|new_listener)" kind "$" { sub(kind, "", $1); print load, $1, $2 }' "$work/$name.scans"
done >"$work/figures"

echo "$machine $kinds of $runs runs, in ms$([ "$(id -u)" -eq 0 ] && echo ', as root')."
echo
awk -v loads="$*" -v kind="$kinds" -v user="$other" -f "$here/tables.awk" "$work/figures"
