"""The database as it is at one moment, as a file, and a database from such a file."""

import fcntl
import gzip
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import models, transaction
from django.db.backends.postgresql.client import DatabaseClient

from portal.backup import CannotBackUp

APPLIED = "SELECT app || '.' || name FROM django_migrations ORDER BY app, name"


@dataclass(frozen=True)
class Snapshot:
    """`dump` is the database, `names` a line for each file that it knows, both of one moment."""

    dump: Path
    names: Path
    migrations: list[str]

    def file_names(self) -> Iterator[str]:
        with self.names.open() as lines:
            yield from (line.rstrip("\n") for line in lines)


def snapshot(connection, folder: Path) -> Snapshot:
    """The database in `folder` as it is now, while people work."""
    take = {"sqlite": of_sqlite, "postgresql": of_postgresql}[connection.vendor]
    return take(connection, folder)


def of_sqlite(connection, folder: Path) -> Snapshot:
    """By SQLite's own way to copy what is in use: nobody waits for it."""
    copy, dump = folder / "copy.sqlite3", folder / "dump"
    # a connection of its own, as one with a transaction begun would wait for itself
    here = closing(sqlite3.connect(connection.settings_dict["NAME"]))
    with here as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, whatever is beside it
        found = contents(target.cursor(), dump, folder)
    with copy.open("rb") as plain, gzip.open(dump, "wb", compresslevel=1) as packed:
        shutil.copyfileobj(plain, packed, 2**20)
    copy.unlink()
    return found


def of_postgresql(connection, folder: Path) -> Snapshot:
    """By pg_dump, in the snapshot of the transaction that names the files."""
    dump = folder / "dump"
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (name,) = cursor.fetchone()
        options = ["--format=custom", f"--snapshot={name}", f"--file={dump}"]
        run_client("pg_dump", connection, *options)
        return contents(cursor, dump, folder)


def contents(cursor, dump: Path, folder: Path) -> Snapshot:
    names = folder / "names"
    with names.open("w") as lines:
        for table, column in file_columns():
            cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" <> \'\'')  # noqa: S608
            while rows := cursor.fetchmany(2000):
                lines.writelines(f"{name}\n" for (name,) in rows)
    cursor.execute(APPLIED)
    return Snapshot(dump, names, [row[0] for row in cursor.fetchall()])


def file_columns() -> list[tuple[str, str]]:
    return [
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.FileField)
    ]


def is_empty(connection) -> bool:
    return not connection.introspection.table_names()


def load(connection, dump: Path):
    """Fill an empty database from a dump of the same kind."""
    if connection.vendor == "postgresql":
        options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
        run_client("pg_restore", connection, *options, after=[str(dump)])
        return
    path = Path(connection.settings_dict["NAME"])
    connection.close()
    with gzip.open(dump) as packed, path.open("wb") as plain:
        shutil.copyfileobj(packed, plain, 2**20)
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)


def run_client(program: str, connection, *options: str, after: list[str] | None = None):
    """Run one of PostgreSQL's programs on this database; the password goes by the environment."""
    # Django gives psql's arguments, which end with the name
    parameters = [*options, "--dbname"]
    arguments, more = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, parameters)
    command = [program, *arguments[1:], *(after or [])]
    try:
        subprocess.run(  # noqa: S603 - a program of PostgreSQL's
            command, env=os.environ | (more or {}), check=True, capture_output=True
        )
    except FileNotFoundError:
        raise CannotBackUp(
            f"找不到 {program}，请安装 PostgreSQL 客户端 / "
            f"{program} is missing, install PostgreSQL's client (postgresql-client)"
        ) from None
    except subprocess.CalledProcessError as error:
        words = error.stderr.decode(errors="replace").strip()
        raise CannotBackUp(f"{program}: {words}") from None


@contextmanager
def room(folder: Path, name: str) -> Iterator[Path]:
    """A folder for the time of one run, which only its owner reads; one run at a time.

    Raises CannotBackUp while another one is at work. What a killed one left goes first.
    """
    path = folder / name
    with (folder / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotBackUp("另一个正在进行 / another one is at work") from None
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(mode=0o700)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)
