#!/usr/bin/env python3
"""Prints the changelog of the Debian packages: tools/debian/changelog.py PACKAGE VERSION.

It is tools/cpld/CHANGELOG.md in Debian's form: each version with its day, and its points. The
newest must be VERSION.
"""

import datetime
import pathlib
import re
import sys
import textwrap

PAPER = pathlib.Path(__file__).resolve().parent.parent / "cpld" / "CHANGELOG.md"
MAINTAINER = "Certified Products List registry <registry@cpl.example>"


def main():
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    versions = re.split(r"^## ", PAPER.read_text(), flags=re.M)[1:]
    newest = versions[0].partition(",")[0]
    if newest != sys.argv[2]:
        print(f"{PAPER}: the newest version is {newest}; tell of {sys.argv[2]}", file=sys.stderr)
        return 1
    for version in versions:
        heading, _, text = version.partition("\n")
        number, day = re.fullmatch(r"(\d+\.\d+\.\d+), (\d{4}-\d\d-\d\d)", heading).groups()
        when = datetime.datetime.fromisoformat(day + "T12:00:00+00:00")
        print(f"{sys.argv[1]} ({number}) bookworm; urgency=medium\n")
        for point in re.findall(r"^- (.+(?:\n  .+)*)", text, re.M):
            print(textwrap.fill(" ".join(point.split()).replace("`", ""), 76,
                                initial_indent="  * ", subsequent_indent="    "))
        print(f"\n -- {MAINTAINER}  {when:%a, %d %b %Y %H:%M:%S %z}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
