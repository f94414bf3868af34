#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes sources that each include up to 12 of a room's, with the commands that compile them, for clang-tidy: the
libraries' headers are then parsed and searched once for all of these, which is most of what a source costs.

usage: tidy_batches.py ROOT COMPILE_COMMANDS OUTPUT_FOLDER
"""
import json
import os
import re
import shlex
import sys

BATCH = 12  # as PORTSIDE_UNITY has it


def rooms(root, commands):
    """{room: {source: its flags}}: app and core only, a source once, and programs' main sources by themselves."""
    found = {}
    for command, source in ((command, source) for command in commands for source in sources_of(command["file"], root)):
        if not re.match(r"(app|core)/.*\.cpp$", source):
            continue
        words = shlex.split(re.sub(r" -Winvalid-pch -include \S*cmake_pch\.hxx", "", command["command"]))
        at = words.index("-o")
        flags = [word for word in words[:at] + words[at + 2:] if word not in ("-c", command["file"])]
        alone = os.path.basename(source) in ("main.cpp", "fmt_inline.cpp")
        room = source if alone else os.path.dirname(source)
        found.setdefault(room, {}).setdefault(source, (command["directory"], flags))
    return found


def sources_of(path, root):
    """What a command compiles, below the root: of several at once (PORTSIDE_UNITY) each."""
    if os.path.basename(os.path.dirname(path)) != "Unity":
        return [os.path.relpath(path, root)]
    with open(path, encoding="utf-8") as file:
        return [os.path.relpath(source, root) for source in re.findall(r'^#include "(.*\.cpp)"', file.read(), re.M)]


def batches(root, commands):
    for room, sources in found_in_order(rooms(root, commands)):
        names = list(sources)
        count = -(-len(names) // BATCH)
        for number in range(count):
            yield f"{room.replace('/', '_').removesuffix('.cpp')}_{number}", [
                (name, sources[name]) for name in names[number * BATCH:(number + 1) * BATCH]]


def found_in_order(found):
    return sorted(found.items(), key=lambda item: -len(item[1]))  # the longest first


def main():
    root, commands, output = sys.argv[1:]
    with open(commands, encoding="utf-8") as file:
        known = json.load(file)
    os.makedirs(output, exist_ok=True)
    written = []
    for name, sources in batches(root, known):
        path = os.path.join(output, name + ".cpp")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f'#include "{os.path.join(root, source)}"\n' for source, _ in sources)
        directory, flags = sources[0][1]
        own = [word for _, (_, others) in sources for word in others if word not in flags]
        arguments = flags + list(dict.fromkeys(own)) + ["-c", path]
        written.append({"directory": directory, "file": path, "arguments": arguments})
    if len(written) < 10:
        sys.exit(f"too few sources were found in {commands}")
    with open(os.path.join(output, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(written, file, indent=1)


if __name__ == "__main__":
    main()
