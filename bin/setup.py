"""Makes .venv/ and the browser assets; quick when nothing changed.

Runs on the system's Python with nothing installed. `--runtime` leaves out what only tests and
linters need.
"""

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import assets

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "setup.json"
RUNTIME, DEVELOPMENT, NODE = "requirements.txt", "requirements-dev.txt", "requirements-node.txt"
OLDEST_NODE = 20


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runtime", action="store_true")
    options = parser.parse_args()
    if sys.version_info < (3, 11):  # noqa: UP036 - the system's Python may be older
        sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 …")
    with only_one_at_a_time():
        make_environment()
        stamps = Stamps()
        install_packages(stamps, options.runtime)
        install_browser_packages(stamps)
        build_assets(stamps)
        compile_catalogs(stamps)


def only_one_at_a_time():
    """Two `make` in one tree take turns."""
    folder = os.fdopen(os.open(ROOT / "bin" / "setup.py", os.O_RDONLY))
    fcntl.flock(folder, fcntl.LOCK_EX)
    return folder


class Stamps:
    """What was set up from what: a name and the digest of its sources."""

    def __init__(self):
        self.known = json.loads(STAMPS.read_text()) if STAMPS.exists() else {}

    def fresh(self, name, digest):
        return self.known.get(name) == digest

    def set(self, name, digest):
        self.known[name] = digest
        draft = STAMPS.with_suffix(".new")
        draft.write_text(json.dumps(self.known, indent=1))
        draft.replace(STAMPS)


def digest(*paths):
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.name}\0".encode() + path.read_bytes())
    return total.hexdigest()


def say(text):
    print(f"setup: {text}", flush=True)


def run(*command, **more):
    try:
        subprocess.run([str(part) for part in command], check=True, **more)
    except subprocess.CalledProcessError as error:
        sys.exit(f"setup: failed ({error.returncode}): {' '.join(map(str, command[:6]))}")


def make_environment():
    if PYTHON.exists():
        return
    say("making .venv")
    try:
        import ensurepip  # noqa: F401 - Debian ships it apart
    except ImportError:
        install_venv_module()
    run(sys.executable, "-m", "venv", "--clear", VENV)


def install_venv_module():
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit("setup: Python's venv module is missing; on Debian install python3-venv")
    say("installing python3-venv")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", "python3-venv"]):
        run("apt-get", "-qq", *command, stdout=subprocess.DEVNULL, env=environment)


def install_packages(stamps, runtime_only):
    """The development lock holds the runtime lock, so installing it stamps both."""
    wanted = [RUNTIME] if runtime_only else [RUNTIME, DEVELOPMENT]
    digests = {name: digest(ROOT / name) for name in wanted}
    if all(stamps.fresh(name, value) for name, value in digests.items()):
        return
    say(f"installing the packages of {wanted[-1]}")
    pip_install(wanted[-1])
    for name, value in digests.items():
        stamps.set(name, value)


def pip_install(lock):
    run(
        PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input",
        "--require-hashes", "-r", ROOT / lock,
    )  # fmt: skip


def install_browser_packages(stamps):
    lock = digest(ROOT / "package-lock.json")
    if stamps.fresh("node_modules", lock) and assets.ICONS.exists():
        return
    environment = node_environment(stamps)
    say("installing the browser packages of package-lock.json")
    run(
        "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error",
        cwd=ROOT, stdout=subprocess.DEVNULL, env=environment,
    )  # fmt: skip
    stamps.set("node_modules", lock)


def node_environment(stamps):
    """An environment whose PATH has a Node.js that is new enough, from PyPI if need be."""
    if node_version() >= OLDEST_NODE and shutil.which("npm"):
        return dict(os.environ)
    lock = digest(ROOT / NODE)
    if not stamps.fresh(NODE, lock):
        say("installing Node.js into .venv")
        pip_install(NODE)
        stamps.set(NODE, lock)
    return os.environ | {"PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def node_version():
    try:
        answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
        return int(answer.stdout.lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return 0


def build_assets(stamps):
    state = digest(*assets.sources())
    if stamps.fresh("assets", state) and assets.complete():
        return
    names = assets.icon_names()
    say(f"copying browser files, making the stylesheet, drawing {len(names)} icons")
    assets.build(names, node_environment(stamps))
    stamps.set("assets", state)


def compile_catalogs(stamps):
    catalogs = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    state = digest(*catalogs)
    if stamps.fresh("catalogs", state) and all(po.with_suffix(".mo").exists() for po in catalogs):
        return
    if catalogs:
        say("compiling the message catalogs")
        run(PYTHON, ROOT / "bin" / "catalogs.py", *catalogs)
    stamps.set("catalogs", state)


if __name__ == "__main__":
    main()
