#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every sign beyond ASCII that our own texts have is one that the fonts are always built with (app/shell/fonts.cpp).

usage: signs.py SOURCE_FOLDER | signs.py --self-test
"""
import pathlib
import re
import sys

LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*')
BYTES = re.compile(r"(?:\\x[0-9A-Fa-f]{2})+")


def signs_of(source):
    """The signs in the string literals of C++ source, in comments none."""
    found = set()
    for literal in LITERAL.findall(source):
        if literal.startswith("//"):
            continue
        found.update(sign for sign in literal if ord(sign) > 0x7F)
        found.update(chr(int(number, 16)) for number in re.findall(r"\\u([0-9A-Fa-f]{4})", literal))
        for run in BYTES.findall(literal):
            text = bytes.fromhex(run.replace("\\x", "")).decode(errors="ignore")
            found.update(sign for sign in text if ord(sign) > 0x7F)
    return found


def built_in(fonts):
    table = re.search(r"kSigns = std::to_array<char32_t>\(\{([^}]*)\}", fonts)
    return {chr(int(number, 16)) for number in re.findall(r"0x([0-9A-Fa-f]+)", table.group(1))}


def self_test():
    assert signs_of(r'"a\xE2\x80\xA6" // "\u2192"') == {"\u2026"}
    assert signs_of('f("\u2192"); // \u2190') == {"\u2192"}
    assert signs_of(r'"\u2191" "a \" // \u2193"') == {"\u2191", "\u2193"}
    assert built_in("kSigns = std::to_array<char32_t>({0x2026, 0x2192});") == {"\u2026", "\u2192"}
    return 0


def main(folder):
    have = built_in((folder / "app/shell/fonts.cpp").read_text(encoding="utf-8"))
    status = 0
    for path in sorted(path for room in ("app", "core") for path in folder.glob(f"{room}/**/*") if path.suffix in (".cpp", ".h")):
        for sign in sorted(signs_of(path.read_text(encoding="utf-8")) - have):
            print(f"{path.relative_to(folder)}: {sign} (U+{ord(sign):04X}) is not among kSigns of app/shell/fonts.cpp")
            status = 1
    return status


if len(sys.argv) != 2:
    sys.exit(__doc__)
sys.exit(self_test() if sys.argv[1] == "--self-test" else main(pathlib.Path(sys.argv[1])))
