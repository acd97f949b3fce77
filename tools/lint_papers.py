"""The part of tools/lint.py that reads the papers, *.md: links lead somewhere, the paths of the
tree and the figures of /metrics that they name exist, and registry/README.md has each room as
tools/rooms.json has it.
"""

import fnmatch
import json
import posixpath
import re

from lint_rooms import ROOM_TABLE, line_of

ROOMS_PAPER = "registry/README.md"
TOP = ("crypto", "registry", "notifier", "api", "tools", "tests")
PICTURES = (".png", ".svg", ".jpg")  # Not text, so that the lint has not read them.

FENCE = re.compile(r"^```.*?^```[ \t]*$", re.M | re.S)
SPAN = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)|!\[[^\]]*\]\(([^()\s]+)\)")
TREE_PATH = re.compile(r"(?:" + "|".join(TOP) + r")(?:/[\w.*-]+)+/?")
OUR_NAME = re.compile(r"cpl_[a-z_]+\b(?!\.)")  # A figure of /metrics, or a library.
SOURCE_NAME = re.compile(r"[\w-]+\.(?:cpp|hpp|py|mjs)")
ROOM_ROW = re.compile(r"^\| `([\w/]+)` \| (.*?) \|$", re.M)


def blanked(pattern, text):
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def slugs_of(text):
    """What GitHub calls the headings of a paper."""
    found = set()
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", blanked(FENCE, text), re.M):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        slug = base = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        again = 0
        while slug in found:
            again += 1
            slug = f"{base}-{again}"
        found.add(slug)
    return found


def exists(path, files):
    folder = path.rstrip("/") + "/"
    return (path.rstrip("/") in files or path.endswith(PICTURES)
            or any(other.startswith(folder) or fnmatch.fnmatch(other, path) for other in files))


def check_links(path, text, files):
    prose = blanked(SPAN, blanked(FENCE, text))
    for match in LINK.finditer(prose):
        target = match.group(1) or match.group(2)
        if re.match(r"[a-z]+:", target):
            continue
        name, _, heading = target.partition("#")
        file = posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) if name else path
        line = line_of(text, match.start())
        if not exists(file, files):
            yield line, "link-broken", f"{target}: there is no {file}"
        elif heading and heading not in slugs_of(files.get(file, "")):
            yield line, "link-broken", f"{target}: {file} has no such heading"


def code_words(text):
    """Each word that stands as code, with its position."""
    code = list(FENCE.finditer(text)) + list(SPAN.finditer(blanked(FENCE, text)))
    for match in sorted(code, key=re.Match.start):
        for word in re.finditer(r"[^\s`]+", match.group()):
            yield match.start() + word.start(), word.group().strip("'\"()[],;:")


def is_named(word, files):
    """Whether there is what a word of code names, if it names something of the tree."""
    if ours := OUR_NAME.match(word):
        return any(ours.group() in text for path, text in files.items()
                   if path.endswith((".cpp", "CMakeLists.txt")))
    if SOURCE_NAME.fullmatch(word):
        return any(path == word or path.endswith("/" + word) for path in files)
    if not TREE_PATH.fullmatch(word) or re.search(r"/[A-Z_]+(/|$)", word):
        return True  # Something else, or with a place for the reader's own word.
    as_test = f"tests/{word}_test.cpp"  # As ctest calls it.
    return exists(word, files) or as_test in files


def check_paths(text, files):
    for position, word in code_words(text):
        if not is_named(word, files):
            yield line_of(text, position), "path-unknown", f"{word}: nothing is called so"


def check_room_rows(files):
    """The tables of rooms say what rooms.json says."""
    if ROOM_TABLE not in files or ROOMS_PAPER not in files:
        return
    text = files[ROOMS_PAPER]
    rooms = json.loads(files[ROOM_TABLE])
    shown = {match.group(1): match for match in ROOM_ROW.finditer(text)}
    for room, row in rooms.items():
        if room.startswith("tests/") and room[len("tests/"):] in rooms:
            continue  # "and so on".
        if room not in shown:
            yield 1, "room-unshown", f"the tables have no row for {room}"
        elif shown[room].group(2) != row.get("holds"):
            yield (line_of(text, shown[room].start()), "room-unshown",
                   f"{ROOM_TABLE} says of {room}: {row.get('holds')}")
    for name, match in shown.items():
        if name not in rooms and "/" in name:
            yield line_of(text, match.start()), "room-unshown", f"{ROOM_TABLE} has no {name}"


def check_papers(files):
    for path, text in files.items():
        if path.endswith(".md"):
            for line, rule, advice in check_links(path, text, files):
                yield path, line, rule, advice
            for line, rule, advice in check_paths(text, files):
                yield path, line, rule, advice
    for line, rule, advice in check_room_rows(files):
        yield ROOMS_PAPER, line, rule, advice
