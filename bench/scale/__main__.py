"""Ten thousand projects: every page, and two hundred people at once.

    python -m bench.scale [--kept FOLDER] [--projects 10000] [--few 100] [--rounds 20]
    python -m bench.scale --load [--kept FOLDER] [--people 200] [--minutes 10]

On SQLite; with bin/with_services.py --postgresql in front, or DATABASE_URL of an empty database,
on PostgreSQL. Filling takes half an hour: with --kept SQLite's database is filled once in that
folder and copied for each run. docs/scale.md keeps the last tables.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.scale.pages import Asking, Page, pages_of, report
from bench.server import serving

ROOT = Path(__file__).resolve().parent.parent.parent
SETTINGS = "bench.scale.settings"
PASSWORD = "pinzhi-demo"  # noqa: S105 of the demo
FACTS = "facts.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--few", type=int, default=100, help="projects to compare queries with")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--files", type=int, default=3, help="rounds over exports")
    parser.add_argument("--only", default="", help="pages whose name has this word")
    options = parser.parse_args()
    found = {}
    for projects in dict.fromkeys((options.few, options.projects)):
        few = projects != options.projects
        with filled(projects, options.kept) as (folder, facts):
            print(f"{facts['size']}", flush=True)
            rounds = (3, 1) if few else (options.rounds, options.files)
            found[projects] = measured(folder, facts, *rounds, options.only)
    pages, bare = found[options.projects]
    less = {(page.name, page.state): page.queries for page in found[options.few][0] if page.queries}
    print("\n".join(report(pages, bare, less)))
    return 0


def measured(folder: Path, facts: dict, rounds: int, files: int, only: str) -> tuple:
    pages = [page for page in pages_of(facts) if only in page.name]
    with serving(folder, DJANGO_SETTINGS_MODULE=SETTINGS) as server:
        asking = Asking(server.port, PASSWORD)
        asking.measure(pages, rounds, files)
    return pages, asking.bare


@contextmanager
def filled(projects: int, kept: Path | None) -> Iterator[tuple[Path, dict]]:
    """A folder with a database of its own, copied from the kept one where there is one."""
    with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as name:
        folder = Path(name, "data")
        source = kept / str(projects) if kept else folder
        if not (source / FACTS).exists():
            fill(source, projects)
        if source != folder:
            shutil.copytree(source, folder)
        yield folder, json.loads((folder / FACTS).read_text())


def fill(folder: Path, projects: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    env = os.environ | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": SETTINGS}
    command = [sys.executable, "-m", "bench.scale.fill", str(projects)]
    done = subprocess.run(  # noqa: S603 our own command
        command, env=env, check=True, stdout=subprocess.PIPE, cwd=ROOT
    )
    (folder / FACTS).write_bytes(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
