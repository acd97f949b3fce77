"""Small bugs in C++ code as switches: what tools/mutants puts into its copy of the tree.

Works on text that clang-format has set, with comments and strings blanked out. What turns out to be
no C++ is left out by whoever compiles it.
"""

import re

OPPOSITE = {"<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"],
            "==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"]}
# An operand ends where something that binds less does.
ENDS = re.compile(r"&&|\|\||\?|;|,|(?<![=!<>+|-])=(?!=)|\breturn\b|\{|\}")


class Mutant:
    def __init__(self, path, line, kind, was):
        self.path, self.line, self.kind = path, line, kind
        self.was = " ".join(was.split())[:100]

    def name(self):
        return f"{self.path}: {self.kind}: {self.was}"


def blank(text):
    """The code with comments and strings blanked out, octet for octet."""
    pattern = r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"' r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)


def is_lone_colon(code, at):
    return code[at] == ":" and ":" not in (code[at - 1], code[at + 1:at + 2])


def matching(code, at, step):
    """The place of the bracket that fits the one at `at`."""
    opening, closing = ("([{", ")]}") if step > 0 else (")]}", "([{")
    depth = 0
    while 0 <= at < len(code):
        depth += (code[at] in opening) - (code[at] in closing)
        if depth == 0:
            return at
        at += step
    return -1


def left_operand(code, at):
    """Where the operand before `at` begins."""
    place = at
    while place > 0:
        c = code[place - 1]
        if c in ")]}":
            place = matching(code, place - 1, -1)
            if place < 0:
                return -1
            continue
        if c in "([{;,?":
            break
        if is_lone_colon(code, place - 1):
            break
        found = [m for m in ENDS.finditer(code, max(0, place - 7), place) if m.end() == place]
        if found:
            break
        place -= 1
    return place


def right_operand(code, at):
    """Where the operand from `at` on ends."""
    place = at
    while place < len(code):
        if code[place] in "([{":
            place = matching(code, place, 1) + 1
            if place == 0:
                return -1
            continue
        if code[place] in ")]};,?" or is_lone_colon(code, place) or ENDS.match(code, place):
            break
        place += 1
    return place


def statement_end(code, at):
    place = at
    while place < len(code) and code[place] != ";":
        place = matching(code, place, 1) + 1 if code[place] in "([{" else place + 1
        if place == 0:
            return -1
    return place + 1


class Wrap:
    """A piece of code and the switch around it. An operator has its place and length within."""

    def __init__(self, number, begin, end, make, at=0, width=0):
        self.number, self.begin, self.end, self.make = number, begin, end, make
        self.at, self.width = at, width

    def holds(self, other):
        return self.begin <= other.begin and other.end <= self.end


class Edits:
    """The switches of one file."""

    def __init__(self, path, text, mutants):
        self.path, self.text, self.code, self.mutants = path, text, blank(text), mutants
        self.wraps = []
        self.done = set()

    def add(self, at, kind, was, begin, end, make, width=0):
        self.mutants.append(Mutant(self.path, self.text.count("\n", 0, at) + 1, kind, was))
        number = len(self.mutants)
        self.wraps.append(Wrap(number, begin, end, make(number), at, width))

    def collect(self):
        for find in (self.operators, self.checks, self.statements, self.thresholds, self.syncs):
            find()

    def operators(self):
        pattern = r" (?:<=|>=|==|!=|<|>|&&|\|\|) |\n\s+(?:&&|\|\|) | (?:&&|\|\|)\n"
        for found in re.finditer(pattern, self.code):
            op = found.group().strip()
            begin = left_operand(self.code, found.start())
            end = right_operand(self.code, found.end())
            if begin < 0 or end < 0:
                continue
            while begin < found.start() and self.code[begin].isspace():
                begin += 1
            at = found.start() + found.group().index(op)
            for other in OPPOSITE[op]:
                was = self.text[begin:end] + f"   [{other}]"
                self.add(at, "operator", was, begin, end,
                         lambda n, op=op, other=other: self.chooser(n, op, other), len(op))

    @staticmethod
    def chooser(number, op, other):
        def make(sound, left, right):
            flat = " ".join(f"{left}{other}{right}".split("\n"))
            return f"(cpl::mutant({number}) ? ({flat}) : ({sound}))"
        return make

    def checks(self):
        refusal = re.compile(r"\s*\{?\s*return\s+(refuse|malformed|corrupt|Error|false|"
                             r"std::nullopt|within|\w+\.error\(\)|\w+_error|\w+\()")
        for found in re.finditer(r"\bif \(", self.code):
            end = matching(self.code, found.end() - 1, 1)
            if end < 0 or not refusal.match(self.code, end + 1):
                continue
            begin = found.end()
            condition = self.code[begin:end]
            if ";" in condition:
                begin += condition.rindex(";") + 2
            elif re.match(r"(const )?auto", condition):
                continue
            self.add(begin, "check dropped", self.text[begin:end], begin, end,
                     lambda n: lambda inner: f"!cpl::mutant({n}) && ({inner})")

    def statements(self):
        pattern = re.compile(r"(?<=\n)( +)(?:TRY_VOID\(|TRY\(|[\w.\[\]*]+(?:->\w+)* [-+|^]?= |"
                             r"[\w.\[\]]+(?:\.|->)\w+\(|\+\+[\w.]+;)")
        for found in pattern.finditer(self.code):
            begin = found.start() + len(found.group(1))
            end = statement_end(self.code, begin)
            before = self.code[:begin].rstrip()
            if end < 0 or before[-1:] not in (";", "{", "}") or "return" in self.code[begin:end]:
                continue
            self.add(begin, "statement left out", self.text[begin:end], begin, end,
                     lambda n: lambda inner: f"if (!cpl::mutant({n})) {{ {inner} }}")

    def thresholds(self):
        for found in re.finditer(r"\b[\w.]+(?:->\w+)*\.threshold\b(?! =|\()", self.code):
            self.add(found.start(), "threshold of one", found.group(), found.start(), found.end(),
                     lambda n: lambda inner: f"(cpl::mutant({n}) ? decltype({inner})(1) : {inner})")

    def syncs(self):
        for found in re.finditer(r"\bDurability::synced\b", self.code):
            self.add(found.start(), "sync left out", found.group(), found.start(), found.end(),
                     lambda n: lambda inner: f"(cpl::mutant({n}) ? Durability::buffered : {inner})")
        for found in re.finditer(r"::f(?:data)?sync\(", self.code):
            end = matching(self.code, found.end() - 1, 1) + 1
            self.add(found.start(), "sync left out", self.text[found.start():end], found.start(),
                     end, lambda n: lambda inner: f"(cpl::mutant({n}) ? 0 : {inner})")

    def apply(self, dropped):
        """The text with all switches but those dropped; `done` then has those that are in it."""
        self.done = set()
        return self.render(0, len(self.text), [w for w in self.wraps if w.number not in dropped])

    def render(self, begin, end, wraps):
        """Outermost first. What overlaps another without being inside it is passed over."""
        inside = sorted((w for w in wraps if begin <= w.begin and w.end <= end),
                        key=lambda w: (w.begin, -w.end, w.width, w.number))
        out, place = "", begin
        for wrap in inside:
            if wrap.begin < place:
                continue
            out += self.text[place:wrap.begin]
            out += self.wrapped(wrap, [w for w in inside if w is not wrap and wrap.holds(w)])
            place = wrap.end
        return out + self.text[place:end]

    def wrapped(self, wrap, inner):
        self.done.add(wrap.number)
        if wrap.width == 0:
            return wrap.make(self.render(wrap.begin, wrap.end, inner))
        left = self.render(wrap.begin, wrap.at, inner)
        right = self.render(wrap.at + wrap.width, wrap.end, inner)
        whole = left + self.text[wrap.at:wrap.at + wrap.width] + right
        # The other bug of the same operator takes the place of the sound branch.
        for other in inner:
            if other.width and other.at == wrap.at:
                self.done.add(other.number)
                whole = other.make(whole, left, right)
        return wrap.make(whole, left, right)
