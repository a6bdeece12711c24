"""A hot standby of the cluster that the tests run on, by PostgreSQL's own streaming.

Where they run on SQLite there is nothing to follow, and these tests are left out.
"""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections

from organization import replica
from tests.server import ROOT

sys.path.insert(0, str(ROOT / "bin"))
from with_services import postgresql_program, running, server_user, wait_for

HERE = Path(__file__).parent
SOCKET = ".s.PGSQL.5432"


def pytest_collection_modifyitems(config, items):
    if connection.vendor == "postgresql":
        return
    left_out = [item for item in items if HERE in item.path.parents]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


class Follower:
    """A copy of the cluster and the server that keeps it up."""

    def __init__(self, folder: Path):
        self.folder, self.data, self.user = folder, folder / "data", server_user(folder)
        known = connection.settings_dict
        self.primary = {
            name: known[name.upper()] for name in ("host", "port", "user") if known[name.upper()]
        }

    def copy(self):
        whence = [f"--{name}={said}" for name, said in self.primary.items()]
        command = [postgresql_program("pg_basebackup"), *whence, "-D", self.data, "-R"]
        command += ["-X", "stream", "-c", "fast", "--no-sync"]
        subprocess.run(command, check=True, cwd=self.folder, capture_output=True, **self.user)

    def start(self):
        self.server = ExitStack()
        self.server.enter_context(self.following())

    def stop(self):
        self.server.close()

    @contextmanager
    def following(self):
        options = {"listen_addresses": "", "unix_socket_directories": self.folder, "fsync": "off"}
        settings = [f"--{key}={value}" for key, value in options.items()]
        command = [postgresql_program("postgres"), "-D", self.data, *settings]
        with (self.folder / "log").open("w") as log:
            more = self.user | {"cwd": self.folder, "stdout": log, "stderr": log}
            with running(command, signal.SIGINT, **more):
                wait_for(self.folder / SOCKET, self.folder / "log")
                yield

    @contextmanager
    def frozen(self):
        """None of its processes goes on, and no connection is closed: a guest that is halted."""
        server = int((self.data / "postmaster.pid").read_text().split()[0])
        whole = [
            server,
            *map(int, Path(f"/proc/{server}/task/{server}/children").read_text().split()),
        ]
        for process in whole:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in whole:
                os.kill(process, signal.SIGCONT)

    def told(self, sql: str):
        """Past the product, as who looks after the server."""
        about = {"user": self.primary.get("user"), "dbname": connection.settings_dict["NAME"]}
        with psycopg.connect(host=str(self.folder), autocommit=True, **about) as server:
            return server.execute(sql).fetchone()

    @contextmanager
    def standing_still(self):
        """It gets the log and plays nothing of it, as while a long query holds it up."""
        self.told("SELECT pg_wal_replay_pause()")
        try:
            yield
        finally:
            self.told("SELECT pg_wal_replay_resume()")


@pytest.fixture(scope="package")
def follower(django_db_setup, django_db_blocker):
    with tempfile.TemporaryDirectory(prefix="pinzhi-standby-") as name:
        made = Follower(Path(name))
        made.copy()
        made.start()
        yield made
        made.stop()


@pytest.fixture
def looked():
    """What a process knows of the standby, with a clock that tests move on."""
    return replica.Standby(Clock())


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def on(follower, transactional_db, settings, monkeypatch, looked):
    """The product with REPLICA_URL, as config/settings.py has it then."""
    about = connection.settings_dict | {"HOST": str(follower.folder)}
    about["OPTIONS"] = {"connect_timeout": 2}
    # by hand: of databases in the settings a test may use those alone that it also empties
    connections[replica.ALIAS] = type(connections["default"])(about, replica.ALIAS)
    settings.REPLICA_URL = "postgres://standby/"
    settings.DATABASE_ROUTERS = ["organization.replica.Router"]
    settings.MIDDLEWARE = ["organization.replica.ReplicaMiddleware", *settings.MIDDLEWARE]
    monkeypatch.setattr(replica, "standby", looked)
    yield follower
    connections[replica.ALIAS].close()
    del connections[replica.ALIAS]
