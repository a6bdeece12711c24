"""Runs a command beside real servers that are its own and end with it.

    bin/with_services.py [--postgresql] [--redis] COMMAND…

PostgreSQL gets a new cluster in a temporary folder and sets DATABASE_URL; Redis a free port and
BROKER_URL. Settings are read after that, so the command can't fall back to SQLite unnoticed.
"""

import argparse
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from portal.serving import die_with_parent

PATIENCE = 30


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--redis", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    # so that the folders and servers below go whichever way this ends
    signal.signal(signal.SIGTERM, lambda *args: sys.exit(143))
    with contextlib.ExitStack() as stack:
        environment = dict(os.environ)
        if options.postgresql:
            environment["DATABASE_URL"] = stack.enter_context(postgresql())
        if options.redis:
            environment["BROKER_URL"] = stack.enter_context(redis())
        sys.exit(stack.enter_context(running(options.command, env=environment)).wait())


def postgresql_program(name):
    """Debian keeps the servers' programs out of PATH, by version; take the newest."""
    found = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(found, key=lambda path: int(path.parts[4]), default=None)
    return str(newest) if newest else shutil.which(name)


@contextlib.contextmanager
def running(command, farewell=signal.SIGTERM, **more):
    process = subprocess.Popen(
        [str(part) for part in command], preexec_fn=lambda: die_with_parent(farewell), **more
    )
    try:
        yield process
    finally:
        process.send_signal(farewell)
        process.wait()


@contextlib.contextmanager
def postgresql(kept=None):
    """A cluster behind a socket in its own folder: a new one of which nothing survives a crash,
    or the one that is kept in a folder, which loses nothing that it acknowledged.
    """
    with tempfile.TemporaryDirectory(prefix="pinzhi-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        user = server_user(folder)
        data = folder / "data"
        if kept:
            kept.mkdir(parents=True, exist_ok=True)
            server_user(kept)
            data = kept / "data"
        quiet = user | {"stdout": subprocess.DEVNULL, "cwd": folder}
        if not data.exists():
            subprocess.run(
                [
                    postgresql_program("initdb"), "-D", data, "-U", "postgres",
                    "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
                ],
                check=True, **quiet,
            )  # fmt: skip
        options = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        if kept:
            options = {"shared_buffers": "1GB", "max_wal_size": "4GB"}
        # with statistics that are not there yet it compiles what takes a millisecond
        options |= {"jit": "off"}
        options |= {"listen_addresses": "", "unix_socket_directories": name}
        settings = [f"--{key}={value}" for key, value in options.items()]
        server = [postgresql_program("postgres"), "-D", data, *settings]
        log = (folder / "log").open("w")
        with log, running(server, signal.SIGINT, **quiet | {"stdout": log, "stderr": log}):
            wait_for(folder / ".s.PGSQL.5432", folder / "log")
            yield f"postgres://postgres@{quote(name, safe='')}/postgres"


def server_user(folder):
    """postgres refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def redis():
    with tempfile.TemporaryDirectory(prefix="pinzhi-redis-") as name:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        options = {"port": port, "bind": "127.0.0.1", "dir": name, "save": "", "appendonly": "no"}
        settings = [part for key, value in options.items() for part in (f"--{key}", value)]
        log = Path(name, "log")
        with log.open("w") as output, running(["redis-server", *settings], stdout=output):
            wait_for(("127.0.0.1", port), log)
            yield f"redis://127.0.0.1:{port}/0"


def wait_for(address, log):
    give_up = time.monotonic() + PATIENCE
    family = socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX
    while True:
        with socket.socket(family) as client:
            if client.connect_ex(address if family == socket.AF_INET else str(address)) == 0:
                return
        if time.monotonic() > give_up:
            sys.exit(f"no server at {address}:\n{log.read_text()}")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
