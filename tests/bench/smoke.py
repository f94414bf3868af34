#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The bench programs still work: a small load stands, is measured, and leaves nothing behind. No time is judged.

usage: smoke.py FOLDER_OF_THE_BENCH_PROGRAMS
"""
import pathlib
import subprocess
import sys
import time

PATIENCE = 60  # seconds for anything that must happen
PROCESSES = 200


def check(holds, sentence):
    if not holds:
        sys.exit(f"smoke.py: {sentence}")


def children_of(pid):
    """Each child's pid with its start time: a number alone may be another process later."""
    found = set()
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = stat_of(entry.name)
            if fields and fields[1] == str(pid):
                found.add((entry.name, fields[19]))
    return found


def stat_of(pid):
    """/proc/PID/stat behind the name, or nothing; a zombie is nothing, too."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return fields if fields[0] not in "ZX" else None


def still_there(processes):
    return [pid for pid, start in processes if (fields := stat_of(pid)) and fields[19] == start]


def wait_until_gone(processes):
    end = time.monotonic() + PATIENCE
    while left := still_there(processes):
        check(time.monotonic() < end, f"the load leaves {len(left)} processes behind")
        time.sleep(0.01)


def start_load(programs, *options):
    load = subprocess.Popen([f"{programs}/bench_load", "small", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    answer = load.stdout.readline()
    check(answer == f"ready {PROCESSES}\n".encode(), f"bench_load says {answer}")
    children = children_of(load.pid)
    check(len(children) == PROCESSES, f"the load has {len(children)} processes")
    return load, children


def scan(programs, load):
    """bench_scan beside the load; its figures. It looks for descriptors 3 and 4, so a shell puts them there."""
    words = ["sh", "-c", f'exec "$0" --rounds 3 --listeners 3 3>&{load.stdin.fileno()} 4<&{load.stdout.fileno()}',
             f"{programs}/bench_scan"]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, timeout=PATIENCE,
                          pass_fds=(load.stdin.fileno(), load.stdout.fileno()))
    check(done.returncode == 0, f"bench_scan ends with {done.returncode}")
    return {key: float(value) for key, value in (line.split() for line in done.stdout.splitlines())}


def check_figures(figures):
    for key in ("first", "steady_median", "steady_cpu_median", "new_listener_median"):
        check(figures.get(key, 0) > 0, f"bench_scan prints no {key}: {figures}")
    check(figures["rows_with_owner"] >= 50, f"the load's 50 sockets are not all shown with owners: {figures}")
    check(figures["new_listener_most_scans"] >= 1, f"no listener was looked for: {figures}")


def check_times(programs):
    words = f"{programs}/bench_time -n 4 good sleep 0.05 , bad:2 false".split()
    lines = subprocess.run(words, stdout=subprocess.PIPE, text=True, timeout=PATIENCE, check=True).stdout.splitlines()
    good, bad = (line.split() for line in lines)
    check(good[0] == "good" and 50 <= float(good[2]) <= float(good[1]) <= float(good[3]) and good[5:] == ["4", "0"],
          f"bench_time prints {good}")
    check(bad[0] == "bad" and bad[5:] == ["2", "1"], f"bench_time prints {bad}")


def main():
    check(len(sys.argv) == 2, __doc__)
    programs = sys.argv[1]
    load, children = start_load(programs)
    check_figures(scan(programs, load))
    check(len(still_there(children)) == PROCESSES, "this check would not see processes that are left behind")
    load.stdin.close()
    check(load.wait(PATIENCE) == 0, "bench_load does not end well when its input ends")
    check(not still_there(children), "the load's processes outlive it")

    load, children = start_load(programs, "--sockets", "0")
    load.kill()
    load.wait(PATIENCE)
    wait_until_gone(children)  # the kernel ends them

    check_times(programs)


main()
