#!/usr/bin/env python3
"""Prints a program's bill of materials as CycloneDX: tools/debian/bill.py BUILD PROGRAM.

It says what is really in the program that was built in the folder BUILD: the shared libraries that
it is linked with, those that these are linked with, and each package whose headers were read to
compile it; and for the page that judges in a browser the packages of npm. Debian knows of each file
which package it is of, at which version and under which licences.
"""

import datetime
import hashlib
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import uuid

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
RELEASE = platform.freedesktop_os_release()["VERSION_CODENAME"]
PAGE_LOCK = TREE / "tools" / "verifier" / "package-lock.json"


def output(*command, cwd=None):
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


def shared_libraries(program):
    """Those of the program and, in turn, of its libraries, as the loader finds them."""
    return set(re.findall(r"=> (/\S+) \(0x", output("ldd", program)))


def read_headers(build, program):
    """The system's files that were read to compile what the program is made of."""
    inputs = set(output("ninja", "-t", "inputs", program, cwd=build).splitlines())
    found, wanted = set(), False
    for line in output("ninja", "-t", "deps", cwd=build).splitlines():
        if not line.startswith(" "):
            wanted = line.partition(":")[0] in inputs
        elif wanted and (path := os.path.normpath(build / line.strip())).startswith("/usr/"):
            found.add(path)
    return found


def resolved(path):
    """The names under which dpkg may know a file: folders of /lib are links into /usr/lib."""
    real = os.path.realpath(path)
    return {path, real, real.removeprefix("/usr")}


def packages_of(paths):
    """Each package that one of the files is of, as dpkg names it."""
    names = sorted(set().union(*map(resolved, paths)))
    # A name that it does not know is another name of a file that it knows.
    said = subprocess.run(["dpkg-query", "--search", *names], capture_output=True, text=True,
                          check=False).stdout
    packages, known = set(), set()
    for line in said.splitlines():
        package, _, path = line.partition(": ")
        packages.update(package.split(", "))
        known.add(path)
    for path in paths:
        if not resolved(path) & known:
            raise SystemExit(f"bill: {path} is of no Debian package: install it from one")
    return packages


def licences_of(package):
    """The short names of licences in the package's copyright file; else where the text stands."""
    paper = pathlib.Path("/usr/share/doc") / package.partition(":")[0] / "copyright"
    text = paper.read_text(errors="replace")
    names = re.findall(r"^License:[ \t]+(\S[^\n]*)$", text, re.M)
    names = names or sorted(set(re.findall(r"/usr/share/common-licenses/([\w.-]*\w)", text)))
    return list(dict.fromkeys(name.strip() for name in names)) or [f"as {paper} says"]


def component_of(package, how):
    name, version, source, architecture = output(
        "dpkg-query", "--show", "--showformat",
        "${Package}\t${Version}\t${source:Package}\t${Architecture}", package).split("\t")
    reference = (f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}"
                 f"?arch={architecture}&distro={RELEASE}")
    return {
        "type": "library", "bom-ref": reference, "name": name, "version": version,
        "licenses": [{"license": {"name": licence}} for licence in licences_of(package)],
        "purl": reference,
        "properties": [{"name": "cpl:debian-source", "value": source},
                       {"name": "cpl:used-as", "value": how}],
    }


def page_components():
    """What stands in the page that judges in a browser, beside the judge itself."""
    packages = json.loads(PAGE_LOCK.read_text())["packages"]
    for path, package in packages.items():
        if not path or package.get("dev") or package.get("optional"):
            continue
        name = path.rpartition("node_modules/")[2]
        reference = f"pkg:npm/{name.replace('@', '%40')}@{package['version']}"
        yield {"type": "library", "bom-ref": reference, "name": name,
               "version": package["version"],
               "licenses": [{"license": {"id": package["license"]}}], "purl": reference,
               "properties": [{"name": "cpl:used-as", "value": "script"}]}


def bill(build, program):
    binary = build / "tools" / program
    linked = packages_of(shared_libraries(binary))
    compiled = packages_of(read_headers(build, program)) - linked
    components = [component_of(package, "shared library") for package in linked]
    components += [component_of(package, "headers") for package in compiled]
    if (build / "api" / "verifier" / "check.html").exists():
        components += page_components()
    components.sort(key=lambda component: component["bom-ref"])
    version = output(binary, "--version").split()[1]
    own = f"pkg:deb/{program}@{version}"
    when = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")),
                                           datetime.timezone.utc)
    # The same program of the same parts has the same number.
    content = json.dumps(components, sort_keys=True).encode() + binary.read_bytes()
    number = uuid.UUID(bytes=hashlib.sha256(content).digest()[:16], version=4)
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        "metadata": {
            "timestamp": f"{when:%Y-%m-%dT%H:%M:%SZ}",
            "component": {"type": "application", "bom-ref": own, "name": program,
                          "version": version, "licenses": [{"license": {"id": "Apache-2.0"}}]},
        },
        "components": components,
        "dependencies": [{"ref": own, "dependsOn": [one["bom-ref"] for one in components]},
                         *({"ref": one["bom-ref"]} for one in components)],
    }


def main():
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    print(json.dumps(bill(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
