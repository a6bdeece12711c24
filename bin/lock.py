"""Writes the locks anew: requirements*.txt with hashes, package-lock.json without addresses."""

import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".venv" / "bin" / "uv"
COMPILE = "pip compile --quiet --generate-hashes --no-emit-index-url --universal"
LOCKS = {
    "requirements.txt": ["pyproject.toml"],
    "requirements-dev.txt": ["pyproject.toml", "--extra", "dev", "-c", "requirements.txt"],
    "requirements-node.txt": ["--group", "node"],
}


def main():
    for name, sources in LOCKS.items():
        run(UV, *COMPILE.split(), "--python-version", "3.11", *sources, "-o", name)
    run("npm", "install", "--package-lock-only", "--ignore-scripts")
    drop_funding(ROOT / "package-lock.json")


def run(*command):
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT)


def drop_funding(path):
    """Who asks for donations is no part of what gets installed."""
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    main()
