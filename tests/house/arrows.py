#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Arrows between rooms run downwards only: reads the includes and fails on any that the design does not have.

usage: arrows.py ROOT        checks the tree
       arrows.py --self-test  checks that a wrong arrow would be found
"""
import pathlib
import re
import sys
import tempfile

BASE = {"core/base"}
ARROWS = {
    "core/base": set(),
    "core/platform": BASE,
    "core/bus": BASE,
    "core/supervisors": {"core/bus", "core/platform"} | BASE,
    "core/snapshot": {"core/platform"} | BASE,
    "core/jobs": {"core/supervisors", "core/platform"} | BASE,
    "core/commands": {"core/snapshot", "core/jobs", "core/supervisors", "core/platform"} | BASE,
    "app/ui": {"core/snapshot"} | BASE,
    "app/shell": BASE,
    "app/desktop": {"core/bus"} | BASE,
    "app/session": {"app/ui", "core/commands", "core/snapshot", "core/jobs", "core/supervisors"} | BASE,
    "app/cli": {"core/commands", "core/snapshot", "core/jobs"} | BASE,
    "app/kill_helper": {"core/platform"} | BASE,
    "app/overlay": {"app/session", "app/ui", "app/shell", "app/desktop", "core/commands", "core/snapshot", "core/jobs"} | BASE,
}
SHARED = {"app/imgui_versions.h": {"app/ui", "app/shell"}}
# What only one room, or one file, may include of others' libraries.
LIBRARIES = {
    r"GLFW/|glad/|imgui_impl_": {"app/shell", "app/imgui_versions.h"},
    r"imgui": {"app/ui", "app/shell", "app/overlay", "app/imgui_versions.h"},
    r"X11/": {"app/shell/x11.cpp"},
    r"CLI/": {"app/cli/arguments.cpp"},
    r"nlohmann/": {"core/snapshot/json.cpp", "core/supervisors/container_json.cpp"},
    r"toml\+\+/": {"app/session/settings.cpp", "core/commands/port_notes.cpp"},
    r"libmnl/": {"core/platform"},
    r"systemd/": {"core/bus", "core/supervisors", "app/desktop"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.M)


def room_of(path):
    return "/".join(path.split("/")[:2])


def wrong_in(path, text):
    room = room_of(path)
    for own, library in INCLUDE.findall(text):
        if own:
            target = room_of(own)
            if own in SHARED:
                if room not in SHARED[own]:
                    yield f"{path} includes {own}, which only {sorted(SHARED[own])} may"
            elif target not in ARROWS:
                yield f"{path} includes {own}, which is in no room (write includes from the root of the tree)"
            elif target != room and target not in ARROWS.get(room, set()):
                yield f"{path} includes {own}: there is no arrow from {room} to {target}"
        else:
            for pattern, allowed in LIBRARIES.items():
                if re.match(pattern, library):
                    if room not in allowed and path not in allowed:
                        yield f"{path} includes <{library}>, which only {sorted(allowed)} may"
                    break


def check(root):
    root = pathlib.Path(root)
    files = [f for top in ("core", "app") for f in sorted((root / top).rglob("*")) if f.suffix in (".h", ".cpp")]
    problems = []
    for file in files:
        path = file.relative_to(root).as_posix()
        text = file.read_text()
        problems += wrong_in(path, text)
        if room_of(path) not in ARROWS and path not in SHARED:
            problems.append(f"{path} is in no room of the design")
        if not text.startswith("// SPDX-License-Identifier: MIT\n"):
            problems.append(f"{path} does not begin with its SPDX line")
    return files, problems


def self_test():
    upwards = {
        "core/base/a.h": '#include "core/platform/process.h"\n',
        "core/jobs/a.h": '#include "core/snapshot/snapshot.h"\n',
        "app/ui/a.cpp": '#include "app/shell/window.h"\n',
        "app/cli/a.cpp": '#include <GLFW/glfw3.h>\n',
        "app/session/a.cpp": '#include <nlohmann/json.hpp>\n',
        "app/kill_helper/a.cpp": '#include "core/jobs/job.h"\n',
        "core/snapshot/a.cpp": '#include "app/imgui_versions.h"\n',
        "core/supervisors/a.h": '#include "core/jobs/job.h"\n',
        "core/platform/a.cpp": "#include <systemd/sd-bus.h>\n",
        "core/extra/a.h": "",
    }
    for path, text in upwards.items():
        with tempfile.TemporaryDirectory() as root:
            file = pathlib.Path(root) / path
            file.parent.mkdir(parents=True)
            file.write_text("// SPDX-License-Identifier: MIT\n" + text)
            if not check(root)[1]:
                return [f"the wrong arrow in {path} was not found: {text.strip()}"]
    return []


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    if sys.argv[1] == "--self-test":
        problems = self_test()
    else:
        files, problems = check(sys.argv[1])
        if len(files) < 20:
            problems.append(f"only {len(files)} source files were found below {sys.argv[1]}")
        print(f"{len(files)} files read")
    print("\n".join(problems) if problems else "all arrows run downwards")
    return 1 if problems else 0


sys.exit(main())
