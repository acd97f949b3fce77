#!/usr/bin/env python3
"""The alerts and the dashboard, against what the service really tells: tests/kit/figures.py BIN.

A registry is set up, and its service started once more with a witness in its policy, so that every
figure is there. Each figure that tools/cpld/alerts.yml or dashboard.json names is one of them; each
alert has a paragraph in the operator's paper, a test at which it fires and one at which it is
silent; promtool judges the figures, the alerts and the dashboard's expressions.
"""

import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
ALERTS = TREE / "tools" / "cpld" / "alerts.yml"
BOARD = TREE / "tools" / "cpld" / "dashboard.json"
PAPER = TREE / "tools" / "cpld" / "README.md"
TESTS = TREE / "tests" / "kit" / "alerts_test.yml"
NAME = re.compile(r"\bcpl_\w+")
WITNESSES = """
[witnesses]
policy_file = "witnesses.txt"
fail = "open"
"""


def require(holds, otherwise):
    if not holds:
        raise SystemExit(f"figures: {otherwise}")


def run(*command, **more):
    return subprocess.run([str(word) for word in command], check=True, text=True, **more)


class Service:
    """A registry of its own, whose service is the one that was asked for."""

    def __init__(self, programs, folder):
        work = folder / "registry"
        run(TREE / "tests" / "interop" / "setup_registry", programs, work, 20,
            stdout=subprocess.DEVNULL)
        known = json.loads((work / "registry.json").read_text())
        self.token = known["operator_token"]
        first = known["service"]
        with subprocess.Popen(["tail", f"--pid={first}", "-f", "/dev/null"]) as end:
            run("kill", "-TERM", first)
            end.wait()
        # Nobody listens there: that the witness fails is told, too.
        run(programs / "cpl", "key", "create", "--algorithm", "witness", "--name", "w.example",
            "--out", work / "w.key", stdout=subprocess.DEVNULL)
        log, witness = (work / "log.key.pub").read_text(), (work / "w.key.pub").read_text()
        (work / "witnesses.txt").write_text(f"log {log.strip()}\nwitness w {witness.strip()} "
                                            "http://127.0.0.1:9\nquorum w\n")
        with (work / "cpld.toml").open("a") as configuration:
            configuration.write(WITNESSES)
        self.process = subprocess.Popen(
            [programs / "cpld", "--config", work / "cpld.toml", "--port", "0", "--port-file",
             work / "port"], stderr=subprocess.PIPE, text=True)
        said = ""
        for line in self.process.stderr:
            said += line
            if "listening on" in line:
                break
        else:
            raise SystemExit("figures: the service did not start:\n" + said)
        self.address = f"http://127.0.0.1:{(work / 'port').read_text().strip()}"

    def metrics(self):
        request = urllib.request.Request(self.address + "/metrics",
                                         headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read().decode()

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate()
        require(self.process.returncode == 0, f"the service ended with {self.process.returncode}")


def check_names(where, names, told):
    unknown = sorted(names - told)
    require(not unknown, f"{where} names what /metrics does not tell: {', '.join(unknown)}")


def judged_both_ways(tests):
    """The alerts that a test sees fire, and those that one sees silent."""
    fires, silent = set(), set()
    for alert, _, expected in re.findall(
            r"- alertname: (\w+)\n +eval_time: (\w+)\n +exp_alerts:( \[\])?", tests):
        (silent if expected else fires).add(alert)
    return fires, silent


def check_alerts(told):
    text = ALERTS.read_text()
    expressions = "\n".join(re.findall(r"expr: ((?:.|\n)*?)\n {8}(?:for|labels):", text))
    check_names(ALERTS.name, set(NAME.findall(expressions)), told)
    alerts = re.findall(r"- alert: (\w+)", text)
    paper = PAPER.read_text()
    fires, silent = judged_both_ways(TESTS.read_text())
    for alert in alerts:
        require(f"#{alert.lower()}\n" in text, f"{alert} leads to no paragraph of its own")
        require(re.search(rf"^### {alert}\n\n\w|^### {alert}\n\n`", paper, re.M),
                f"{PAPER.name} has no paragraph on {alert}")
        require(alert in fires, f"no test sees {alert} fire")
        require(alert in silent, f"no test sees {alert} silent")
    run("promtool", "check", "rules", ALERTS, stdout=subprocess.DEVNULL)
    run("promtool", "test", "rules", TESTS, stdout=subprocess.DEVNULL)
    return alerts


def check_board(told, folder):
    panels = json.loads(BOARD.read_text())["panels"]
    require(len({panel["id"] for panel in panels}) == len(panels), "two panels have one id")
    places = set()
    expressions = []
    for panel in panels:
        at = panel["gridPos"]
        covers = {(x, y) for x in range(at["x"], at["x"] + at["w"])
                  for y in range(at["y"], at["y"] + at["h"])}
        require(at["x"] + at["w"] <= 24 and not covers & places, f"{panel['title']} overlaps")
        places |= covers
        expressions += [target["expr"] for target in panel["targets"]]
    check_names(BOARD.name, set(NAME.findall("\n".join(expressions))), told)
    # promtool reads expressions as rules only.
    rules = [{"record": f"panel:{number}", "expr": expression}
             for number, expression in enumerate(expressions)]
    made = folder / "board.yml"
    made.write_text(json.dumps({"groups": [{"name": "board", "rules": rules}]}))
    run("promtool", "check", "rules", "--lint=none", made, stdout=subprocess.DEVNULL)
    return panels


def main():
    if len(sys.argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="cpl-kit-") as name:
        folder = pathlib.Path(name)
        service = Service(pathlib.Path(sys.argv[1]).resolve(), folder)
        try:
            text = service.metrics()
        finally:
            service.end()
        run("promtool", "check", "metrics", input=text)
        told = {re.match(r"\w+", line)[0] for line in text.splitlines() if line[:1] != "#"}
        alerts = check_alerts(told)
        panels = check_board(told, folder)
    print(f"  ok  {len(told)} figures, {len(alerts)} alerts, {len(panels)} panels")
    return 0


if __name__ == "__main__":
    sys.exit(main())
