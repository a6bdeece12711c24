"""What the rig's parts run in: one folder, one Redis, one mail server, a nursery of processes.

Made once for all tests; each test finds it empty (`Rig`).
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import redis
from cryptography.fernet import Fernet

from portal.serving import die_with_parent
from tests.server import PRODUCTION_ONLY, ROOT

PATIENCE = 300


def wait_for(done: Callable, what: str, *, seconds: float = PATIENCE, every: float = 0.05):
    """What `done` returns as soon as it is true; a test fails that would wait for too long."""
    give_up = time.monotonic() + seconds
    while not (found := done()):
        assert time.monotonic() < give_up, f"not within {seconds} s: {what}"
        time.sleep(every)
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def start(*command, log: Path, **more) -> subprocess.Popen:
    """A process that ends with this one, however this one ends."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            stderr=output,
            preexec_fn=lambda: die_with_parent(signal.SIGKILL),
            **{"stdout": output} | more,
        )


class Part:
    """A worker or a scheduler; held by its process, not by an id that another may have by now."""

    def __init__(self, name: str, pid: int, log: Path):
        self.name, self.pid, self.log = name, pid, log
        self.handle = os.pidfd_open(pid)
        self.is_told_to_end = False

    @property
    def is_alive(self) -> bool:
        has_ended, _, _ = select.select([self.handle], [], [], 0)
        return not has_ended

    def kill(self) -> None:
        """As when the machine loses its power."""
        self.end(signal.SIGKILL)

    def stop(self) -> None:
        """As an administrator does; it finishes what it is doing."""
        self.end(signal.SIGTERM)

    def end(self, signum: int) -> None:
        self.is_told_to_end = True
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signum)
        wait_for(lambda: not self.is_alive, f"{self.name} ends: {self.log.read_text()[-2000:]}")

    def close(self) -> None:
        self.kill()
        os.close(self.handle)


class Nursery:
    def __init__(self, folder: Path, environment: dict[str, str]):
        self.folder = folder
        self.process = start(
            sys.executable,
            "-m",
            "tests.faults.nursery",
            log=folder / "nursery.log",
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.is_ready = False

    def bear(self, name: str, *arguments: str, **changes) -> Part:
        """A new process that runs Celery with these arguments, and settings that differ."""
        if not self.is_ready:
            self.listen()
            self.is_ready = True
        log = self.folder / f"{name}.log"
        order = {"arguments": arguments, "log": str(log), "changes": changes}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return Part(name, int(self.listen()), log)

    def listen(self) -> str:
        line = self.process.stdout.readline()
        assert line, (self.folder / "nursery.log").read_text()
        return line

    def close(self) -> None:
        """It ends when it is told nothing any more; its children are dead by then."""
        self.process.stdin.close()
        self.process.wait()


class Server:
    """Something on a port of its own that can go away and come back."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen | None = None

    def command(self) -> list:
        raise NotImplementedError

    def start(self) -> None:
        log = self.folder / f"{type(self).__name__}.log"
        self.process = start(*self.command(), log=log)
        wait_for(self.answers, f"{log.name} answers")

    def answers(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def ensure(self) -> None:
        if self.process is None:
            self.start()


class Redis(Server):
    """With its log of writes, as in production; `wipe` is what remains without one."""

    def command(self):
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self.folder, "save": ""}
        options |= {"appendonly": "yes", "appendfsync": "everysec"}
        return ["redis-server", *(part for key in options for part in (f"--{key}", options[key]))]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self):
        return redis.Redis.from_url(self.url)

    def answers(self) -> bool:
        """Also done with reading its log."""
        try:
            with self.client as client:
                return client.ping()
        except redis.RedisError:
            return False

    def wipe(self) -> None:
        with self.client as client:
            client.flushall()


class Mailbox(Server):
    def command(self):
        return [sys.executable, "-m", "tests.faults.mailbox", self.port, self.folder]


class Gateway(Server):
    def command(self):
        return [sys.executable, "-m", "tests.faults.gateway", self.port, self.folder]


class House:
    """All of it, for one database."""

    def __init__(self, folder: Path, database_url: str):
        self.folder = folder
        self.redis, self.mailbox, self.gateway = Redis(folder), Mailbox(folder), Gateway(folder)
        self.key = Fernet.generate_key().decode()
        self.write("clock", "0")
        self.write("moods", "{}")
        self.write("answer", "ok")
        kept = {key: value for key, value in os.environ.items() if key not in PRODUCTION_ONLY}
        kept |= {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"}
        self.environment = kept | {
            "FAULT_FOLDER": str(folder),
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": database_url,
            "BROKER_URL": self.redis.url,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mailbox.port),
            "ROBOT_GATEWAY": f"http://127.0.0.1:{self.gateway.port}",
            "CHANNEL_KEYS": self.key,
        }
        self.nursery = Nursery(folder, self.environment)

    def write(self, name: str, text: str) -> None:
        """A file that processes read at any moment, so never half of it."""
        draft = self.folder / f".{name}"
        draft.write_text(text)
        draft.replace(self.folder / name)

    def close(self) -> None:
        self.nursery.close()
        for server in (self.redis, self.mailbox, self.gateway):
            server.kill()
