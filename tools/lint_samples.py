"""Samples for tools/lint.py --self-test: what each rule must catch, and what it must not."""

import json

TABLE = "tools/rooms.json"
HEADER = "// Means something.\n#pragma once\n"


def long_function(lines, head="void f() {"):
    return head + "\n" + "  g();\n" * (lines - 2) + "}\n"


# (rule, path, text): each must be caught by that rule and by no other.
BAD = [
    ("room-order", "crypto/a.cpp", '#include "registry/base/b.hpp"\n'),
    ("room-order", "registry/log/a.hpp", HEADER + '#include "notifier/run/b.hpp"\n'),
    ("room-order", "api/routes/a.cpp", '#include "tools/cpld/config.hpp"\n'),
    ("room-order", "tools/cpl/a.cpp", '#include "tests/support/sim.hpp"\n'),
    ("room-unknown", "registry/a.cpp", "int x;\n"),
    ("include-path", "api/http/a.cpp", '#include "b.hpp"\n'),
    ("third-party-home", "registry/log/log.cpp", "#include <rocksdb/db.h>\n"),
    ("third-party-home", "crypto/keys.hpp", HEADER + "#include <openssl/evp.h>\n"),
    ("third-party-home", "registry/statement/model.hpp", HEADER + "#include <nlohmann/json.hpp>\n"),
    ("third-party-home", "crypto/note.cpp", "#include <nlohmann/json.hpp>\n"),
    ("third-party-home", "notifier/subscription/delivery.cpp", "#include <boost/asio/post.hpp>\n"),
    ("third-party-home", "api/routes/views.cpp", "#include <boost/beast/http.hpp>\n"),
    ("third-party-home", "crypto/keys.cpp", "#include <p11-kit/pkcs11.h>\n"),
    ("third-party-home", "registry/minutes/minutes.cpp", "#include <poppler-document.h>\n"),
    ("third-party-home", "tools/cpld/main.cpp", "#include <toml++/toml.h>\n"),
    ("third-party-home", "api/http/a.cpp", "#include <curl/curl.h>\n"),
    ("third-party-home", "api/http/a.cpp", "#include <CLI/CLI.hpp>\n"),
    ("header-comment", "crypto/a.hpp", "#pragma once\n// Late.\n"),
    ("pragma-once", "crypto/a.hpp", "// Means something.\n#ifndef A\n#endif\n"),
    ("banned", "tests/crypto/a.cpp", "int x = std::rand();\n"),
    ("banned", "registry/log/log.cpp", "auto t = std::chrono::system_clock::now();\n"),
    ("banned", "notifier/run/notifier.cpp", "auto t = steady_clock::now();\n"),
    ("banned", "tests/crypto/a.cpp", "std::this_thread::sleep_for(10ms);\n"),
    ("banned", "crypto/a.cpp", "auto* p = new int(3);\n"),
    ("banned", "crypto/a.cpp", "auto f() { return new T; }\n"),
    ("banned", "api/http/a.cpp", "void f() { try { g(); } catch ( ... ) { } }\n"),
    ("banned", "registry/base/a.cpp", "std::regex r;\n"),
    ("banned", "crypto/a.cpp", "for (auto& x : v | std::views::reverse) g(x);\n"),
    ("banned", "crypto/a.cpp", "void f() { strcpy(a, b); }\n"),
    ("banned", "registry/log/a.cpp", "mutable std::mutex mutex_;\n"),
    ("co-await-shape", "api/server/server.cpp",
     "void f() { co_await g([x]() { return x; }, t); }\n"),
    ("co-await-shape", "api/server/server.cpp", "void f() { co_await take(Request{a, b}); }\n"),
    ("try-in-braces", "api/routes/api.cpp", "void f() {\n  return Pair{a, TRY(b())};\n}\n"),
    ("try-in-braces", "api/routes/api.cpp", "void f() {\n  g({{x, y(TRY(b()))}});\n}\n"),
    ("try-in-braces", "api/routes/api.cpp", "void f() {\n  return Two{Index{a}, TRY(b())};\n}\n"),
    ("co-await-shape", "api/server/server.cpp",
     "void f() {\n  r = co_await take(\n      {a, b});\n}\n"),
    ("co-await-shape", "api/server/server.cpp",
     "void f() { ok ? co_await g(a) : co_await g(b); }\n"),
    ("co-await-shape", "api/server/server.cpp", "void f() { co_await g(ok ? a : b); }\n"),
    ("file-size", "crypto/a.cpp", "int x;\n" * 401),
    ("columns", "crypto/a.cpp", "//" + "x" * 99 + "\n"),
    ("function-size", "crypto/a.cpp", long_function(61)),
    ("function-size", "crypto/a.cpp",
     "namespace cpl {\nclass A {\n" + long_function(70) + "};\n}\n"),
    ("function-size", "tests/crypto/a_test.cpp", long_function(61, 'TEST_CASE("a claim") {')),
    ("plain-english", "api/http/a.cpp", 'auto s = "the name stands ' + 'twice";\n'),
    ("later", "README.md", "TO" + "DO: write this\n"),
    ("later", "crypto/a.cpp", "// FIX" + "ME\n"),
    ("machine-path", "README.md", "see /ho" + "me/someone/notes\n"),
    ("machine-path", "tools/run", "cd /wo" + "rk/main\n"),
    ("line-ends", "a.md", "text"),
    ("line-ends", "a.md", "text\r\n"),
]

# (path, text): nothing may be caught.
GOOD = [
    ("crypto/a.cpp", "auto f() { return std::unique_ptr<T>(new T(1)); }\n"),
    ("registry/base/a.hpp",
     HEADER + '#include <boost/system/result.hpp>\n#include "crypto/b.hpp"\n'),
    ("registry/store/rocks_store.cpp", "#include <rocksdb/db.h>\n"),
    ("registry/base/a.hpp", HEADER + "#include <nlohmann/json_fwd.hpp>\n"),
    ("registry/base/json.hpp", HEADER + "#include <nlohmann/json.hpp>\n"),
    ("api/server/server.cpp", "#include <boost/asio/post.hpp>\n#include <openssl/ssl.h>\n"),
    ("tests/crypto/a_test.cpp", "#include <catch2/catch.hpp>\nauto t = steady_clock::now();\n"),
    ("crypto/a.cpp", '// A new key, sleep_for.\nauto s = "new std::rand /* ";\nint n = 1\'000;\n'),
    ("crypto/a.cpp", 'auto s = R"(new thing; catch (...) {)";\nchar c = \'{\';\n'),
    ("api/server/server.cpp", "void f() { while (co_await g(std::move(r), token)) { h({1}); } }\n"),
    ("api/server/server.cpp",
     "void f() { auto n = co_await g(b[0], t); if (n > 0) { k(n ? 1 : 2); } }\n"),
    ("api/routes/api.cpp",
     "void f() {\n  if (a) {\n    b(c, d);\n  }\n  auto e = X{TRY(g(1, 2))};\n}\n"),
    ("crypto/a.cpp", long_function(60)),
    ("crypto/a.cpp", "namespace cpl {\n" + long_function(40) * 3 + "}  // namespace cpl\n"),
    ("crypto/a.cpp", "const std::map<int, int> m = {\n" + "  {1, 2},\n" * 80 + "};\n"),
    ("README.md", "https://example.org/wo" + "rk/x and the ho" + "me page\n"),
    ("tests/data/paper.txt", "x" * 300 + "\r\n"),
]

FORMAT = "- **I1** Indices are dense.\n- **I2** An entry never changes.\n| I3 | durable |\n"


def rooms(**rows):
    table = {name.replace("_", "/"): dict({"includes": []}, **row) for name, row in rows.items()}
    rows = [f'"{name}": {json.dumps(row)}' for name, row in table.items()]
    return "{\n" + ",\n".join(rows) + "\n}\n"


HOUSE = {"crypto/a.hpp": HEADER, "registry/base/a.hpp": HEADER + '#include "crypto/a.hpp"\n',
         "tools/cpl/main.cpp": '#include "registry/base/a.hpp"\n'}
ROWS = {"crypto": {"verifies": True}, "registry_base": {"includes": ["crypto"], "verifies": True},
        "tools_cpl": {"includes": ["registry/base"], "program": "cpl"}}
TREES = [
    ([("invariant-untested", "registry/FORMAT.md", 2),
      ("invariant-untested", "registry/FORMAT.md", 3)],
     {"registry/FORMAT.md": FORMAT, "tests/crypto/a_test.cpp": "// I1, I20\n"}),
    ([], {"registry/FORMAT.md": FORMAT, "tests/crypto/a_test.cpp": "// I1 I2 I3\n"}),
    ([], dict(HOUSE, **{TABLE: rooms(**ROWS)})),
    ([("verifying-half", TABLE, 3)],
     dict(HOUSE, **{TABLE: rooms(**dict(ROWS, crypto={}))})),
    ([("room-circle", TABLE, 2), ("room-circle", TABLE, 3)],
     dict(HOUSE, **{"crypto/a.hpp": HEADER + '#include "registry/base/a.hpp"\n',
                    TABLE: rooms(**dict(ROWS, crypto={"includes": ["registry/base"],
                                                      "verifies": True}))})),
    ([("room-unused", TABLE, 5)], dict(HOUSE, **{TABLE: rooms(**ROWS, registry_list={})})),
    ([("room-unused", TABLE, 4)],
     dict(HOUSE, **{TABLE: rooms(**dict(ROWS, tools_cpl={"includes": ["registry/base", "crypto"],
                                                         "program": "cpl"}))})),
    ([("room-unused", TABLE, 5), ("dead-file", "tools/ui/a.hpp", 1)],
     dict(HOUSE, **{"tools/ui/a.hpp": HEADER + '#include "crypto/a.hpp"\n',
                    TABLE: rooms(**ROWS, tools_ui={"includes": ["crypto"]})})),
    ([], dict(HOUSE, **{"tools/ui/a.hpp": HEADER + '#include "crypto/a.hpp"\n',
                        "tools/cpl/main.cpp": '#include "registry/base/a.hpp"\n'
                                              '#include "tools/ui/a.hpp"\n',
                        TABLE: rooms(**dict(ROWS, tools_cpl=dict(ROWS["tools_cpl"],
                                                                 joins=["tools/ui"])),
                                     tools_ui={"includes": ["crypto"]})})),
    ([("dead-file", "crypto/b.hpp", 1)],
     dict(HOUSE, **{"crypto/b.hpp": HEADER, TABLE: rooms(**ROWS)})),
    ([("test-unknown", "notifier/SECURITY.md", 1)],
     {"notifier/SECURITY.md": 'Tests: "a: one",\n"a: two". Said "so".\n',
      "tests/crypto/a_test.cpp": 'TEST_CASE(\n    "a: one") {}\n'}),
]

PAPER = "# One thing\n```\n# not a heading\n```\n## `two` things: a [third](b.md)\n## Two\n## Two\n"
ROOM_ROWS = ("| `crypto` | octets |\n| `registry/base` | files |\n| `tools/cpl` | commands |\n"
             "| `tests/support` | fixtures |\n")
HELD = {"crypto": dict(ROWS["crypto"], holds="octets"),
        "registry_base": dict(ROWS["registry_base"], holds="files"),
        "tools_cpl": dict(ROWS["tools_cpl"], holds="commands")}
TREES += [
    ([], {"a/b.md": PAPER + "[x](../c.md#one-thing), [y](#two-1), [z](https://a.example/b#c)\n"
                    "`[no](link.md)`\n", "a/c.md": "", "c.md": PAPER, "b.md": ""}),
    ([], {"a.md": "[x](b.md#two-things-a-third) ![p](p.png) [folder](tools/)\n", "b.md": PAPER,
          "tools/run": ""}),
    ([("link-broken", "a.md", 2), ("link-broken", "a.md", 3), ("link-broken", "a.md", 3)],
     {"a.md": "[fine](a.md)\n[x](b.md)\n[a](a.md#not-a-heading) [b](#nothing)\n"}),
    ([("path-unknown", "a.md", 1), ("path-unknown", "a.md", 3), ("path-unknown", "a.md", 5),
      ("path-unknown", "a.md", 8)],
     {"a.md": "`tools/gone`\n```\n$ tools/gone --now\n```\nin `gone.cpp`, but `tools/run --once`,\n"
              "`registry/list/a`, `tests/registry/list`, `tools/r*`, `crypto/NAME`, `a.cpp` and\n"
              "tools/gone as words\n`cpl_gone 1`, `cpl_here{step=\"a\"}`\n",
      "tools/run": "", "tests/registry/list/a_test.cpp": "", "crypto/a.cpp": '// "cpl_here"\n'}),
    ([], dict(HOUSE, **{TABLE: rooms(**HELD), "registry/README.md": ROOM_ROWS.replace(
        "| `tests/support` | fixtures |\n", "")})),
    ([("path-unknown", "registry/README.md", 3), ("room-unshown", "registry/README.md", 2),
      ("room-unshown", "registry/README.md", 1), ("room-unshown", "registry/README.md", 3)],
     dict(HOUSE, **{TABLE: rooms(**HELD), "registry/README.md":
                    "| `crypto` | octets |\n| `registry/base` | folders |\n"
                    "| `tests/support` | fixtures |\n"})),
]


def run(lint):
    failures = []
    for rule, path, text in BAD:
        found = {breach[2] for breach in lint({path: text})}
        if found != {rule}:
            failures.append(f"{path}: {rule} expected, found {sorted(found)} in:\n{text[:200]}")
    for path, text in GOOD:
        found = list(lint({path: text}))
        if found:
            failures.append(f"nothing expected, found {found} in:\n{text[:200]}")
    for expected, files in TREES:
        found = [(rule, path, line) for path, line, rule, _ in lint(files)
                 if rule not in ("home-unused", "room-order")]
        if found != expected:
            failures.append(f"{expected} expected, found {found}")
    for failure in failures:
        print("lint self-test:", failure)
    print(f"lint self-test: {len(BAD) + len(GOOD) + len(TREES)} samples, {len(failures)} failures")
    return 1 if failures else 0
