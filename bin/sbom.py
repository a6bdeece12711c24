"""Prints a bill of materials (CycloneDX 1.5) of what the locks install to run Pinzhi.

The same locks give the same text, so that two releases' can be compared.
"""

import base64
import json
import re
import tomllib
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]+\])?==(\S+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill() -> dict:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    application = {"type": "application", "name": project["name"], "version": project["version"]}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": application},
        "components": [*python_packages(), *browser_packages()],
    }


def python_packages():
    """A lock names the digest of each file that a release comes in; one of them is installed."""
    for block in re.split(r"\n(?=[A-Za-z0-9])", (ROOT / "requirements.txt").read_text()):
        if pinned := PINNED.match(block):
            digests = [{"alg": "SHA-256", "content": found} for found in HASH.findall(block)]
            yield component(pinned[1], pinned[2], f"pkg:pypi/{pinned[1]}@{pinned[2]}", digests)


def browser_packages():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    for path, package in lock["packages"].items():
        if path:
            name = path.rpartition("node_modules/")[2]
            kind, digest = package["integrity"].split("-", 1)
            digests = [{"alg": "SHA-" + kind[3:], "content": base64.b64decode(digest).hex()}]
            purl = f"pkg:npm/{quote(name)}@{package['version']}"
            found = component(name, package["version"], purl, digests)
            yield found | {"licenses": [{"expression": package["license"]}]}


def component(name, version, purl, digests):
    what = {"type": "library", "bom-ref": purl, "name": name, "version": version}
    return what | {"purl": purl, "hashes": digests}


def main():
    print(json.dumps(bill(), indent=1))


if __name__ == "__main__":
    main()
