"""The product as its user starts it: `manage.py serve` in a data folder of its own."""

import itertools
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVE = [sys.executable, "manage.py", "serve"]
SECRETS = (
    "SECRET_KEY",
    "DATABASE_URL",
    "REPLICA_URL",
    "BROKER_URL",
    "EVIDENCE_KEYS",
    "BACKUP_KEYS",
    "METRICS_TOKEN",
    "ERROR_DSN",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "FILES_KEY_ID",
    "FILES_SECRET",
)
PRODUCTION_ONLY = (
    "ALLOWED_HOSTS", "SITE_URL", "TRANSACTION_POOLER", "FILES_REDIRECT", "FILES_BUCKET",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    *SECRETS,
    *(f"{name}_FILE" for name in SECRETS)
)  # fmt: skip
NUMBERS = itertools.count(1)


def environment(data_dir, **more):
    """The embedded defaults, whatever the tests themselves run on."""
    kept = {key: value for key, value in os.environ.items() if key not in PRODUCTION_ONLY}
    return kept | {"DATA_DIR": str(data_dir), "PORT": "0"} | more


def wait_until(done, seconds, what):
    give_up = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < give_up, f"not within {seconds} s: {what}"
        time.sleep(0.05)


class Server:
    """A server on a data folder; `patience` is for how many seconds it may take to answer."""

    def __init__(self, data_dir, command=SERVE, patience=120, **more):
        self.data_dir = data_dir
        self.patience = patience
        self.log = data_dir.parent / f"server-{next(NUMBERS)}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment(data_dir, **more), stdout=log, stderr=log
            )

    @property
    def output(self):
        return self.log.read_text()

    @property
    def address(self):
        """Where it answers, e.g. http://127.0.0.1:40123; waits until it does."""
        wait_until(
            lambda: self._address or self.process.poll() is not None, self.patience, self.output
        )
        assert self._address, self.output
        return self._address[1]

    @property
    def _address(self):
        return re.search(r"(http://[\w.:]+)/", self.output)

    def processes(self):
        """{process id: command line} of everything that works on this data folder."""
        mark = f"DATA_DIR={self.data_dir}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    found[int(folder.name)] = line
            except OSError:
                continue  # it has just ended, or is not ours to look at
        return {pid: line for pid, line in found.items() if line}

    def find(self, word):
        return [pid for pid, line in self.processes().items() if word in line]

    def wait_for(self, *words):
        """Wait until a process with each word in its command line runs."""
        for word in words:
            wait_until(lambda word=word: self.find(word), 60, f"{word} runs: {self.output}")

    def stop(self, signum=signal.SIGINT):
        self.process.send_signal(signum)
        return self.process.wait(timeout=60)

    def clean_up(self):
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        self.process.wait()
