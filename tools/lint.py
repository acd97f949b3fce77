#!/usr/bin/env python3
"""The house rules as a program: tools/lint.py [--self-test].

Reads every file that git tracks or would track, prints "file:line: rule: what to do" for each
breach and ends with 1 if there was one. Heuristics over text, no parser: a rule may miss a strange
spelling, but must not cry over ordinary code.
"""

import fnmatch
import pathlib
import re
import subprocess
import sys

from lint_papers import check_papers
from lint_rooms import (check_homes, check_includes, check_reached, check_rooms, line_of, matches)

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
COLUMNS_MAX = 100

TIME_HOMES = ("tools/* tests/* registry/base/clock.cpp api/server/* notifier/send/* "
              "notifier/mail/transport.cpp")

# Pattern in code (comments and strings blanked out), files where it is fine, what to do instead.
BANNED = [
    (r"\bstd::rand\b|\bsrand\s*\(", "", "take random_bytes, or a seeded engine in tests"),
    (r"\b(system_clock|steady_clock|high_resolution_clock)::now\b", TIME_HOMES,
     "take the time from the Clock that main passed in"),
    (r"\bsleep_(for|until)\b|\busleep\s*\(", "", "wait for the event itself, not for a while"),
    (r"(?<![\w:.&>])(?<!operator )new\b(?!\s*[=;,)])", "", "use std::make_unique or a value"),
    (r"\bcatch\s*\(\s*\.\.\.\s*\)", "", "name what is caught, or let it pass"),
    (r"\bstd::w?regex\b|#include\s*<regex>", "", "it is slow and recursive: parse by hand"),
    (r"\bstd::(ranges::)?views::", "", "clang 14 cannot compile libstdc++ 12's views: a loop"),
    (r"\b(strcpy|strcat|sprintf|vsprintf|gets)\s*\(", "", "use std::string"),
    (r"\bstd::(shared_|recursive_|timed_)?mutex\b|\bstd::condition_variable\b",
     "crypto/mutex.hpp tests/*", "take Mutex and Condition of crypto/mutex.hpp, and GUARDED_BY"),
    (r"\bstd::atomic<\s*std::shared_ptr\b", "",
     "gcc 12's is reported as a race by TSan: put a mutex around a shared_ptr"),
]
# Where a private constructor rules out std::make_unique; owned from the first moment.
OWNED_NEW = re.compile(r"(unique_ptr<[^;()]*>\s*\w*[({]\s*)new\b")
# What people read is built of the literals in these lines; nobody says this aloud.
UNSPEAKABLE = re.compile(r'"[^"]*\b(as (it|they) must be|stands? twice|what is no )\b')
LATER = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
MACHINE_PATHS = re.compile(r"(?<![\w.:/}-])/(" + "|".join(["wo" + "rk", "ho" + "me", "ro" + "ot"])
                           + r")/|/tmp/" + "bash")


TOKENS = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)"'
    r'|"(?:\\.|[^"\\\n])*"' r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'", re.S)


def code_of(text):
    """The text with comments and literals blanked out; every position stays where it was."""
    def blank(match):
        line = text[text.rfind("\n", 0, match.start()) + 1:match.start()]
        if re.match(r"\s*#\s*include\s*$", line):
            return match.group()
        return re.sub(r"[^\n]", " ", match.group())
    return TOKENS.sub(blank, text)


def check_header(path, text):
    if not path.endswith(".hpp"):
        return
    if not text.startswith("//"):
        yield 1, "header-comment", "begin with a comment that says what this header means"
    if not re.search(r"^#pragma once$", text, re.M):
        yield 1, "pragma-once", "add #pragma once below the first comment"


def check_banned(path, text):
    code = OWNED_NEW.sub(r"\1   ", code_of(text))
    for pattern, homes, advice in BANNED:
        if matches(path, homes):
            continue
        for match in re.finditer(pattern, code):
            yield line_of(code, match.start()), "banned", f"{match.group().strip()}: {advice}"


def awaited(code, start):
    """The rest of a co_await expression: up to its statement's end or the bracket around it."""
    depth = 0
    for position in range(start, len(code)):
        c = code[position]
        if c in "([":
            depth += 1
        elif c in ")]":
            depth -= 1
        if depth < 0 or (depth == 0 and c == ";"):
            return code[start:position]
    return code[start:]


def check_co_await(path, text):
    code = code_of(text)
    for match in re.finditer(r"\bco_await\b", code):
        before = re.split(r"[;{}]", code[:match.start()])[-1]
        after = awaited(code, match.end())
        shape = None
        if re.search(r"(?<![\w\])])\s*\[[^\]]*\]\s*(\(|\{|mutable\b)", after):
            shape = "a lambda"
        elif "{" in after:
            shape = "braces"
        elif "?" in after or "?" in before:
            shape = "?:"
        if shape:
            yield (line_of(code, match.start()), "co-await-shape",
                   f"gcc 12 destroys {shape} in a co_await twice: name it first, then move it")


def check_try_in_braces(path, text):
    """An element built before a TRY in the same braces leaks when the TRY returns."""
    code = code_of(text)
    for match in re.finditer(r"\bTRY\(", code):
        position, comma = match.start() - 1, False
        while position >= 0 and code[position] != ";":
            c = code[position]
            if c == "}" and not code[position + 1:].lstrip().startswith((",", ")")):
                break  # The end of a block.
            if c in ")}":
                depth = 1
                while depth and position > 0:
                    position -= 1
                    depth += {c: 1, "({"[")}".index(c)]: -1}.get(code[position], 0)
            elif c == "(":
                comma = False
            elif c == ",":
                comma = True
            elif c == "{":
                if comma:
                    yield (line_of(code, match.start()), "try-in-braces",
                           "clang 14 leaks what stands before it: name the value first")
                    break
            position -= 1


def closing(code, start):
    depth = 0
    for match in re.compile(r"[{}]").finditer(code, start):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.start()
    return len(code)


def functions(code):
    """(first line, last line) of each outermost function body."""
    boundary = 0
    position = 0
    while (position := min((i for i in (code.find("{", position), code.find("}", position),
                                        code.find(";", position)) if i >= 0), default=-1)) >= 0:
        if code[position] == "{":
            head = re.sub(r"^\s*#.*$", "", code[boundary:position], flags=re.M)
            scope = re.match(r"\s*(template\s*<.*>\s*)?(inline\s+)?"
                             r"(namespace|class|struct|union|extern)\b[^()]*$", head, re.S)
            if not scope:
                end = closing(code, position)
                if "(" in head:
                    start = boundary + len(code[boundary:position]) - len(
                        code[boundary:position].lstrip())
                    yield line_of(code, start), line_of(code, end)
                position = end
        position += 1
        boundary = position


def check_sizes(path, text):
    if path.startswith(("tests/data/", "tests/fuzz/corpus/")):
        return
    lines = text.split("\n")
    if len(lines) - 1 > FILE_LINES_MAX:
        yield (FILE_LINES_MAX + 1, "file-size",
               f"{len(lines) - 1} lines, {FILE_LINES_MAX} allowed: part it by idea")
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS_MAX:
            yield number, "columns", f"{len(line)} columns, {COLUMNS_MAX} allowed"
    if path.endswith((".cpp", ".hpp")):
        for first, last in functions(code_of(text)):
            if last - first + 1 > FUNCTION_LINES_MAX:
                yield (first, "function-size",
                       f"{last - first + 1} lines, {FUNCTION_LINES_MAX} allowed: name its steps")


def check_any_text(path, text):
    for number, line in enumerate(text.split("\n"), 1):
        if path.endswith((".cpp", ".hpp")) and UNSPEAKABLE.search(line):
            yield number, "plain-english", "say what is wrong, in words for the telephone"
        if LATER.search(line):
            yield number, "later", "do it now or put it in the tracker: no notes to self in here"
        if MACHINE_PATHS.search(line):
            yield number, "machine-path", "a path of one machine: make it relative or an option"
    if path.startswith(("tests/data/", "tests/fuzz/corpus/")):
        return
    if "\r" in text:
        yield line_of(text, text.index("\r")), "line-ends", "lines end in LF alone"
    if text and not text.endswith("\n"):
        yield line_of(text, len(text)), "line-ends", "end the file with a newline"


def check_invariants(files):
    numbers = re.compile(r"^(?:[-*]\s+|\|\s*)\**(I\d+)\b", re.M)
    text = files.get("registry/FORMAT.md", "")
    tests = "\n".join(files[path] for path in files if path.startswith("tests/"))
    for match in numbers.finditer(text):
        if not re.search(rf"\b{match.group(1)}\b", tests):
            yield ("registry/FORMAT.md", line_of(text, match.start()), "invariant-untested",
                   f"{match.group(1)} is cited by no test")


def check_named_tests(files):
    """A document that says which tests show something names tests that there are."""
    titles = set()
    for path, text in files.items():
        if path.startswith("tests/") and path.endswith(".cpp"):
            titles.update(re.findall(r'TEST_CASE\(\s*"([^"]*)"', text))
    for path, text in files.items():
        if not path.endswith(".md"):
            continue
        for named in re.finditer(r'\bTests?:((?:\s+"[^"]*"[,.]?)+)', text):
            for title in re.findall(r'"([^"]*)"', named.group(1)):
                if " ".join(title.split()) not in titles:
                    yield (path, line_of(text, named.start()), "test-unknown",
                           f'no test is called "{" ".join(title.split())}"')


CPP_RULES = [check_includes, check_header, check_banned, check_co_await, check_try_in_braces]


def lint(files):
    """Every breach in {path: text}, as (path, line, rule, advice)."""
    for path, text in sorted(files.items()):
        rules = [check_any_text]
        if path.endswith((".cpp", ".hpp")):
            rules += CPP_RULES
        if path.endswith((".cpp", ".hpp", ".py", ".js", ".css")) or text.startswith("#!"):
            rules.append(check_sizes)
        for rule in rules:
            for line, name, advice in rule(path, text):
                yield path, line, name, advice
    yield from check_rooms(files)
    yield from check_reached(files)
    yield from check_homes(files)
    yield from check_invariants(files)
    yield from check_named_tests(files)
    yield from check_papers(files)


def tracked_files():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    files = {}
    for path in filter(None, listed):
        file = ROOT / path
        if file.is_file() and not file.is_symlink():
            try:
                files[path] = file.read_bytes().decode()
            except UnicodeDecodeError:
                continue  # Not text: a PDF of test data, an image.
    return files


def main():
    if sys.argv[1:] == ["--self-test"]:
        sys.dont_write_bytecode = True
        import lint_samples
        return lint_samples.run(lint)
    if sys.argv[1:]:
        print(__doc__.split("\n")[0])
        return 2
    files = tracked_files()
    breaches = list(lint(files))
    for path, line, rule, advice in breaches:
        print(f"{path}:{line}: {rule}: {advice}")
    print(f"lint: {len(files)} files, {len(breaches)} breaches")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
