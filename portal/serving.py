"""Runs several processes as one: starts them, restarts what dies, and leaves nothing behind."""

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 8
STEADY_SECONDS = 60
LONGEST_WAIT = 30
PAUSE = 0.1


class CannotServe(Exception):
    """Why the server can't start, in words for the person who started it."""


def die_with_parent(signum: int) -> None:
    """Let the kernel send this process `signum` when its parent ends, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signum)


def hold(folder: Path):
    """Keep a second server out of this data folder; free again when this process ends."""
    file = (folder / "serve.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise CannotServe(f"another server already runs on {folder}") from None
    return file


def listen(host: str, port: int, patience: float = 5) -> socket.socket:
    """Open the web server's socket; port 0 takes a free one.

    The processes of a server that was just killed need a moment to let go of the port.
    """
    give_up = time.monotonic() + patience
    while True:
        try:
            return socket.create_server((host, port), backlog=512)
        except OSError as error:
            if time.monotonic() > give_up:
                raise CannotServe(f"can't listen on {host}:{port}: {error.strerror}") from None
            time.sleep(PAUSE)


@dataclass
class Child:
    """One process. `farewell` is the signal it gets when the parent was killed."""

    name: str
    command: list[str]
    farewell: int = signal.SIGTERM
    environment: dict[str, str] = field(default_factory=dict)
    inherited: tuple[int, ...] = ()
    process: subprocess.Popen | None = None
    started: float = 0
    failures: int = 0

    def start(self):
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            env=os.environ | self.environment,
            pass_fds=self.inherited,
            # its own session: Ctrl-C reaches the parent alone, which then ends all in order
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(self.farewell),
        )

    @property
    def wait_before_restart(self) -> float:
        return min(2 ** (self.failures - 1), LONGEST_WAIT) if self.failures else 0

    def look(self):
        """Start it if it should run and does not; the more it fails, the later."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.started + self.wait_before_restart:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.failures = 1 if now - self.started > STEADY_SECONDS else self.failures + 1
        self.process, self.started = None, now
        print(
            f"{self.name} ended ({code}), starts again in {self.wait_before_restart} s",
            file=sys.stderr,
        )

    def signal(self, signum: int):
        """Reach the process and whatever it started itself."""
        if self.process and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signum)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Keeps its children running until the process is told to stop."""

    def __init__(self):
        self.children: list[Child] = []
        self.stopping = False
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, self._ask_to_stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup ignores it
            signal.signal(signal.SIGHUP, self._ask_to_stop)

    def _ask_to_stop(self, *args):
        self.stopping = True

    def add(self, *children: Child):
        self.children.extend(children)

    def run_until(self, done) -> bool:
        """Look after the children until `done()` (True) or until told to stop (False)."""
        while not self.stopping:
            for child in self.children:
                child.look()
            if done():
                return True
            time.sleep(PAUSE)
        return False

    def stop(self):
        """End all children: politely first, and after a few seconds not."""
        for child in self.children:
            if child.alive:
                child.process.terminate()
        give_up = time.monotonic() + GRACE_SECONDS
        while any(child.alive for child in self.children) and time.monotonic() < give_up:
            time.sleep(PAUSE)
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process:
                child.process.wait()


def answers(url: str) -> bool:
    """Whether a web server answers there, with whatever status."""
    try:
        urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own address
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
