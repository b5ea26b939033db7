#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Checks that each Swift example of the documentation is, word for word, a marked part of a file in Snippets/, which
the tests compile. Names each one that is not."""

import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
MARK = re.compile(r"^ *// snippet\.(\w+)$")


def snippets():
    """The marked parts of all snippet files."""
    parts = set()
    for file in sorted(ROOT.glob("Snippets/*.swift")):
        part = None
        for line in file.read_text(encoding="utf-8").splitlines():
            mark = MARK.match(line)
            if mark and mark[1] == "end":
                parts.add(textwrap.dedent("\n".join(part)))
                part = None
            elif mark:
                part = []
            elif part is not None:
                part.append(line)
        if part is not None:
            sys.exit(f"{file.relative_to(ROOT)}: a part has no end")
    return parts


def examples(file):
    """The Swift examples of a page with their line numbers."""
    text = file.read_text(encoding="utf-8")
    for match in re.finditer(r"^```swift\n(.*?)\n```$", text, re.DOTALL | re.MULTILINE):
        yield text.count("\n", 0, match.start()) + 2, match[1]


def main():
    known = snippets()
    faults = 0
    for file in sorted(ROOT.glob("Sources/*/Documentation.docc/*.md")):
        for line, example in examples(file):
            if example not in known:
                print(f"{file.relative_to(ROOT)}:{line}: this example is in no file of Snippets/", file=sys.stderr)
                faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
