"""Writes the demo as a database dump, for upgrade tests: fixtures/dumps/demo-<version>.

`.sql.gz` is the whole SQLite database, which later releases migrate; `.json.gz` its rows alone.
Always the same demo: the plan's own days (today is its second day of inspection), seed 1. Only
ids of files differ from one run to the next; files themselves are not in the dump.
"""

import gzip
import os
import sqlite3
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# made by migrations and sessions, or belonging to this run
LEFT_OUT = ["contenttypes", "auth", "sessions", "admin"]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="pinzhi-dump-") as folder:
        set_up(Path(folder))
        for target in (dump(), dump_sql(Path(folder) / "pinzhi.sqlite3")):
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} KB")
    return 0


def set_up(folder: Path) -> None:
    """The embedded settings on an empty folder, whatever the environment says."""
    for name in ("SECRET_KEY", "DATABASE_URL"):
        os.environ.pop(name, None)
    os.environ |= {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


def dump() -> Path:
    from django.core.management import call_command

    from organization.clock import read_moment
    from portal.demo import build

    call_command("migrate", verbosity=0)
    build(at=read_moment("2011-11-27T15:00"), seed=1)
    target = named("json.gz")
    target.parent.mkdir(exist_ok=True)
    call_command(
        "dumpdata", exclude=LEFT_OUT, use_natural_foreign_keys=True, output=str(target), verbosity=0
    )
    return target


def dump_sql(database: Path) -> Path:
    target = named("sql.gz")
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM django_session")
        text = "\n".join(connection.iterdump())
    with gzip.GzipFile(target, "wb", mtime=0) as out:
        out.write(text.encode())
    return target


def named(ending: str) -> Path:
    return ROOT / "fixtures" / "dumps" / f"demo-{version()}.{ending}"


def version() -> str:
    """Major and minor of the product: a dump stands for all its patches."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return ".".join(project["version"].split(".")[:2])


if __name__ == "__main__":
    sys.exit(main())
