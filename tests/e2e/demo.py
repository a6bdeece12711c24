"""The demo for tests that only look at it: built once, then put back as it was."""

import sqlite3
from contextlib import closing

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from portal.demo import build


@pytest.fixture(scope="session")
def kept_demo(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "demo.sqlite3"


@pytest.fixture
def demo(live_server, kept_demo):
    """The database of the live server holds the demo of today; a file is kept of SQLite's alone."""
    connection.ensure_connection()
    if connection.vendor != "sqlite":
        build(at=timezone.now())
        return
    with closing(sqlite3.connect(kept_demo)) as kept:
        if kept.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            kept.backup(connection.connection)
        else:
            build(at=timezone.now())
            connection.connection.backup(kept)
    ContentType.objects.clear_cache()
