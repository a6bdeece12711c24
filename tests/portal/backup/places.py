"""Empty places of their own for what is restored, on the database that the tests run on."""

import base64
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager

import psycopg
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from tests.server import ROOT, environment

KEY, OTHER_KEY = (base64.urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2))


class Place:
    """An installation's environment; `manage` runs its commands in processes of their own."""

    def __init__(self, folder, url=None):
        self.folder, self.url = folder, url

    def manage(self, *arguments, **more):
        more = {"BACKUP_KEYS": KEY} | ({"DATABASE_URL": self.url} if self.url else {}) | more
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            env=environment(self.folder, **more),
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def count(self, table):
        open_it = psycopg.connect if self.url else sqlite3.connect
        with closing(open_it(self.url or self.folder / "pinzhi.sqlite3")) as database:
            return database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]  # noqa: S608


@contextmanager
def empty_place(folder):
    """Of the same kind as the tests' own database."""
    if connection.vendor == "sqlite":
        yield Place(folder)
        return
    with new_database("restored") as url:
        yield Place(folder, url)


@contextmanager
def new_database(name):
    """A database in the cluster that DATABASE_URL names, gone afterwards."""
    here = os.environ["DATABASE_URL"]
    with psycopg.connect(here, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield re.sub(r"/[^/?]*$", f"/{name}", here)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def as_if_migrated():
    """Tables made without migrations say so: what is restored goes on being migrated."""
    with override_settings(MIGRATION_MODULES={}):
        recorder, loader = MigrationRecorder(connection), MigrationLoader(None)
        recorder.ensure_schema()
        for key in loader.disk_migrations.keys() - recorder.applied_migrations().keys():
            recorder.record_applied(*key)
