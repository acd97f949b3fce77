"""The part of tools/lint.py that knows the rooms of the house and who may include what.

The rooms are rows of rooms.json, which the build links by, too.
"""

import fnmatch
import json
import pathlib
import re

ROOM_TABLE = "tools/rooms.json"
ROOMS = json.loads((pathlib.Path(__file__).resolve().parent / "rooms.json").read_text())

# Third-party headers, and the files that may include them.
HOMES = [
    ("openssl/", "crypto/*.cpp api/server/* notifier/send/* tools/bench/certificate.cpp tests/*"),
    ("rocksdb/", "registry/store/rocks_* tests/registry/log/*"),
    ("nlohmann/json_fwd.hpp", "registry/*"),
    ("nlohmann/", "registry/*.cpp registry/base/json.hpp notifier/*.cpp api/*.cpp tools/* "
                  "tests/*"),
    ("boost/asio", "notifier/send/* api/server/* tools/bench/*"),
    ("boost/beast", "notifier/send/* api/server/* tools/bench/*"),
    ("p11-kit/", "crypto/pkcs11/* tests/crypto/pkcs11/*"),
    ("simdjson", "registry/base/json_parse.cpp"),
    ("poppler", "registry/minutes/pdf_text.cpp"),
    ("pugixml", "api/feed/atom.cpp tests/api/feed/*"),
    ("xlsxwriter", "registry/extract/xlsx.cpp"),
    ("zip.h", "registry/extract/xlsx_reader.cpp tests/*"),
    ("expat.h", "registry/extract/xlsx_reader.cpp tests/tools/shared/*"),
    ("toml++/", "tools/cpld/table_reader.hpp"),
    ("curl/", "tools/shared/http_client.cpp notifier/mail/transport.cpp"),
    ("CLI/", "tools/*"),
    ("spdlog/", "tools/cpld/*"),
    ("catch2/", "tests/*"),
]


def matches(path, patterns):
    return any(fnmatch.fnmatch(path, pattern) for pattern in patterns.split())


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def includes_of(text):
    for match in re.finditer(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', text, re.M):
        yield line_of(text, match.start()), match.group(1), match.group(2)


def room_of(path):
    return path.rsplit("/", 1)[0]


def check_includes(path, text):
    room = room_of(path)
    row = ROOMS.get(room)
    if row is None:
        yield 1, "room-unknown", f"{room}/ has no row in {ROOM_TABLE}"
        return
    # A program's main joins what builds on the rest of it.
    allowed = row["includes"] + (row.get("joins", []) if path.endswith("/main.cpp") else [])
    for line, kind, name in includes_of(text):
        if kind == '"':
            target = room_of(name)
            if target not in ROOMS:
                yield line, "include-path", f'name it from the top: "<folder>/{name}"'
            elif target != room and target not in allowed:
                yield line, "room-order", f"{room} may not include {target}: hand a function down"
            continue
        home = next((homes for prefix, homes in HOMES if name.startswith(prefix)), None)
        if home is not None and not matches(path, home):
            yield line, "third-party-home", f"<{name}> belongs only in: {home}"


def check_rooms(files):
    """The table of rooms: no circle, no row without files or use, no arrow that nothing needs."""
    if ROOM_TABLE not in files:
        return
    rooms = json.loads(files[ROOM_TABLE])
    used = {room: set() for room in rooms}
    inhabited = set()
    for path, text in files.items():
        if path.endswith((".cpp", ".hpp")):
            inhabited.add(room_of(path))
            used.setdefault(room_of(path), set()).update(
                room_of(name) for _, kind, name in includes_of(text) if kind == '"')
    included = set().union(*(row["includes"] + row.get("joins", []) for row in rooms.values()))
    for room, row in rooms.items():
        line = line_of(files[ROOM_TABLE], files[ROOM_TABLE].index(f'"{room}": {{'))
        ends_here = "program" in row or room.startswith("tests/")
        if room not in inhabited or (room not in included and not ends_here):
            yield ROOM_TABLE, line, "room-unused", f"nothing is in {room}, or nothing uses it"
        for other in row["includes"] + row.get("joins", []):
            if other not in used[room]:
                yield ROOM_TABLE, line, "room-unused", f"{room} does not include {other}"
            elif row.get("verifies") and not rooms[other].get("verifies"):
                yield ROOM_TABLE, line, "verifying-half", f"{room} verifies, {other} does not"
        circle = circle_from(rooms, room)
        if circle:
            yield ROOM_TABLE, line, "room-circle", " -> ".join(circle)


def circle_from(rooms, start):
    """The rooms on a way from one back to itself, if there is one."""
    waiting, seen = [[start]], set()
    while waiting:
        way = waiting.pop()
        for other in rooms[way[-1]]["includes"]:
            if other == start:
                return way + [other]
            if other not in seen:
                seen.add(other)
                waiting.append(way + [other])
    return None


def check_reached(files):
    """Each product file is part of a program: what only its tests know is dead."""
    if ROOM_TABLE not in files:
        return
    includes = {path: {name for _, kind, name in includes_of(text) if kind == '"'}
                for path, text in files.items()
                if path.endswith((".cpp", ".hpp")) and not path.startswith("tests/")}
    # The compiler is told of the precompiled header, nobody includes it; and what stands in for a
    # file of another room, where that cannot be, is linked in its place.
    reached = {path for path in includes
               if path.endswith(("main.cpp", "pch.cpp", "pch.hpp", "asio_src.cpp", "_host.cpp"))}
    # A source belongs to the headers of its room that it defines something of.
    declares = {path: own_headers(path, includes) for path in includes if path.endswith(".cpp")}
    grew = True
    while grew:
        found = set().union(*(includes[path] for path in reached)) & includes.keys()
        found.update(path for path, headers in declares.items() if headers & reached)
        grew = not found <= reached
        reached |= found
    for path in includes.keys() - reached:
        yield path, 1, "dead-file", "no program comes to it: use it or remove it"


def own_headers(path, includes):
    """The headers of its room that a source includes, itself or by another of them."""
    found, waiting = set(), [path]
    while waiting:
        for name in includes.get(waiting.pop(), ()):
            if room_of(name) == room_of(path) and name not in found:
                found.add(name)
                waiting.append(name)
    return found


def check_homes(files):
    """An exception that nothing needs any more goes."""
    if ROOM_TABLE not in files:
        return
    includes = {}
    for path, text in files.items():
        if path.endswith((".cpp", ".hpp")):
            includes[path] = [name for _, kind, name in includes_of(text) if kind == "<"]
    for prefix, homes in HOMES:
        for home in homes.split():
            if not any(fnmatch.fnmatch(path, home) and name.startswith(prefix)
                       for path, names in includes.items() for name in names):
                yield "tools/lint.py", 1, "home-unused", f"no file in {home} includes <{prefix}>"
