#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Test names keep to letters, digits, spaces, '_', '-' and '.': the discovery loses or splits others silently.

usage: test_names.py TESTS_FOLDER
"""
import pathlib
import re
import sys

NAME = re.compile(r'TEST_CASE\w*\(\s*"((?:[^"\\]|\\.)*)"((?:\s*"(?:[^"\\]|\\.)*")*)')
GOOD = re.compile(r"[A-Za-z0-9 _.-]+")
seen = 0
problems = []
for file in sorted(pathlib.Path(sys.argv[1]).rglob("*.cpp")):
    for name, more in NAME.findall(file.read_text()):
        seen += 1
        whole = name + "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', more))
        if not GOOD.fullmatch(whole):
            problems.append(f"{file}: {whole}")
if seen < 100:
    problems.append(f"only {seen} test cases were found")
if GOOD.fullmatch("a; b") or not NAME.search('TEST_CASE("a")'):
    problems.append("this check cannot fail")
print("\n".join(problems) if problems else f"{seen} names read")
sys.exit(1 if problems else 0)
