"""Databases filled once and kept, and a copy for each run, so that none is changed.

SQLite's is a file in the data folder. PostgreSQL's are in a cluster of their own beside it, which
keeps what it acknowledges like a real one does, and is copied inside the cluster.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

from bin.with_services import postgresql

ROOT = Path(__file__).resolve().parent.parent.parent
SETTINGS = "bench.scale.settings"
FACTS = "facts.json"
PATIENCE = 120  # seconds


@dataclass(frozen=True)
class Database:
    """A copy: its data folder, what was said when it was filled, and what its processes need."""

    folder: Path
    facts: dict
    environment: dict[str, str]

    def asked(self, module: str, *more: str) -> dict:
        """What a process of its own says about it, or does to it."""
        return json.loads(run(module, *more, **self.environment))

    def count(self) -> None:
        """What the scheduler's task keeps for pages; without it they count themselves."""
        self.asked("bench.scale.counting")


@contextmanager
def databases(kept: Path | None, vendor: str) -> Iterator["Kept"]:
    """Where filled databases are kept; without a folder until the end of this run."""
    with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as name:
        place = (kept or Path(name, "kept")).resolve() / vendor
        place.mkdir(parents=True, exist_ok=True)
        if vendor == "sqlite":
            yield Kept(place, "")
        else:
            with postgresql(place / "cluster") as url:
                yield Kept(place, url)


@dataclass(frozen=True)
class Kept:
    place: Path
    url: str

    def environment(self, folder: Path, name: str) -> dict[str, str]:
        found = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": SETTINGS}
        return found | ({"DATABASE_URL": self.named(name)} if self.url else {})

    def named(self, database: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{quote(database)}"))

    def execute(self, *statements: str) -> None:
        if self.url:
            with connected(self.named("postgres")) as connection:
                for each in statements:
                    connection.execute(each)

    def fill(self, projects: int) -> Path:
        folder, name = self.place / str(projects), f"filled{projects}"
        if not (folder / FACTS).exists():
            shutil.rmtree(folder, ignore_errors=True)
            self.execute(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
            environment = self.environment(folder, name)
            said = run("bench.scale.fill", str(projects), **environment)
            (folder / FACTS).write_bytes(said)
        return folder

    @contextmanager
    def copy(self, projects: int) -> Iterator[Database]:
        source, name = self.fill(projects), f"run{os.getpid()}"
        with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
            data = shutil.copytree(source, Path(folder, "data"))
            self.execute(f"CREATE DATABASE {name} TEMPLATE filled{projects}")
            try:
                facts = json.loads((data / FACTS).read_text())
                yield Database(data, facts, self.environment(data, name))
            finally:
                self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def connected(url: str) -> psycopg.Connection:
    """A cluster that was not stopped in order looks through its log first, and says so."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)


def run(module: str, *more: str, **environment: str) -> bytes:
    """The last line that a module of ours prints."""
    command = [sys.executable, "-m", module, *more]
    done = subprocess.run(  # noqa: S603 our own command
        command, env=os.environ | environment, check=True, stdout=subprocess.PIPE, cwd=ROOT
    )
    return done.stdout.splitlines()[-1]
