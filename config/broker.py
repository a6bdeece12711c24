"""The embedded task broker: queues as folders of files in DATA_DIR, for exactly one worker.

Kombu's own filesystem transport looks for work once a second and loses a task whose worker is
killed. Here a message is a file that changes its folder and is removed only once the task is
acknowledged, so whatever a dead worker held is queued again when the next one starts.
"""

import contextlib
import fcntl
import json
import os
import time
from pathlib import Path
from queue import Empty
from typing import ClassVar
from urllib.parse import quote

from celery.signals import worker_init
from kombu.transport import TRANSPORT_ALIASES, virtual

SCHEME = "embedded"
HOUR = 3600
LONGEST_WAIT = 0.3
READY, TAKEN, DRAFTS = "ready", "taken", "drafts"

# The lock's file has to stay open as long as the worker lives.
_held_locks: list = []


def transport_options(url: str, data_dir: Path) -> dict:
    """What Celery has to tell the broker at `url` (Kombu's transport options)."""
    if url.startswith(SCHEME):
        return {"folder": str(data_dir / "broker"), "polling_interval": 0.1}
    if url.startswith("redis"):
        # Redis hands a task out again after this time, even while it still runs: stay far
        # above the longest task. The next two make it look every 10 seconds, not every 100; the
        # last lets others look when a worker was killed just then, not only after 5 minutes.
        return {
            "visibility_timeout": 6 * HOUR,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "unacked_mutex_expire": 10,
        }
    return {}


class QoS(virtual.QoS):
    """Keeps the file of a message until the message is acknowledged or rejected."""

    # A message that is not acknowledged still has its file; restoring would double it.
    restore_at_shutdown = False

    def ack(self, delivery_tag):
        super().ack(delivery_tag)
        self.channel.drop(delivery_tag)

    def reject(self, delivery_tag, requeue=False):
        super().reject(delivery_tag, requeue=requeue)
        self.channel.drop(delivery_tag)


class Channel(virtual.Channel):
    """One connection's view of the folders."""

    QoS = QoS

    def __init__(self, connection, **kwargs):
        super().__init__(connection, **kwargs)
        self.root = Path(connection.client.transport_options["folder"])
        self._taken: dict[str, Path] = {}
        self._unacknowledged_queues: set[str] = set()

    def _folder(self, state, queue):
        folder = self.root / state / quote(queue, safe="@")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _put(self, queue, message, **kwargs):
        tag = message["properties"]["delivery_tag"]
        # names sort by time, so the oldest message is the first
        name = f"{time.time_ns():020d}-{tag}"
        draft = self._folder(DRAFTS, queue) / name
        draft.write_text(json.dumps(message))
        # a reader never sees half a message
        draft.rename(self._folder(READY, queue) / name)

    def _get(self, queue):
        taken_folder = self._folder(TAKEN, queue)
        for path in sorted(self._folder(READY, queue).iterdir()):
            taken = taken_folder / path.name
            try:
                path.rename(taken)
            except FileNotFoundError:
                continue  # purged in the meantime
            return self._read(queue, taken)
        raise Empty

    def _read(self, queue, taken):
        message = json.loads(taken.read_text())
        if queue in self._unacknowledged_queues:
            taken.unlink()
        else:
            self._taken[message["properties"]["delivery_tag"]] = taken
        return message

    def drop(self, delivery_tag):
        """Remove the file of a message that is done with."""
        path = self._taken.pop(delivery_tag, None)
        if path:
            path.unlink(missing_ok=True)

    def basic_consume(self, queue, no_ack, *args, **kwargs):
        if no_ack:
            self._unacknowledged_queues.add(queue)
        return super().basic_consume(queue, no_ack, *args, **kwargs)

    def _size(self, queue):
        return len(os.listdir(self._folder(READY, queue)))

    def _purge(self, queue):
        purged = 0
        for path in self._folder(READY, queue).iterdir():
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
                purged += 1
        return purged


class Transport(virtual.Transport):
    """Registered with Kombu as `embedded://`."""

    Channel = Channel
    # Queues are shared through the folders; bindings are each process's own.
    global_state = virtual.BrokerState()
    driver_type = driver_name = SCHEME
    default_connection_params: ClassVar = {}  # there is no host

    def __init__(self, client, **kwargs):
        super().__init__(client, **kwargs)
        self.state = self.global_state

    def drain_events(self, connection, timeout=None):
        # a worker that is told to stop notices between two of these waits
        return super().drain_events(connection, timeout and min(timeout, LONGEST_WAIT))

    def driver_version(self):
        return "1"


TRANSPORT_ALIASES[SCHEME] = "config.broker:Transport"
for scheme in ("redis", "rediss"):
    TRANSPORT_ALIASES[scheme] = "config.redis_broker:Transport"


class AlreadyRunning(SystemExit):
    """A second worker would run what the first one is still running."""


@worker_init.connect
def take_over(sender, **kwargs):
    """Queue again what an earlier worker took and did not finish; refuse a second worker."""
    conf = sender.app.conf
    if not conf.broker_url.startswith(SCHEME):
        return
    root = Path(conf.broker_transport_options["folder"])
    root.mkdir(parents=True, exist_ok=True)
    _lock(root / "worker.lock")
    for taken in sorted((root / TAKEN).glob("*/*")):
        ready = root / READY / taken.parent.name
        ready.mkdir(parents=True, exist_ok=True)
        taken.rename(ready / taken.name)


def _lock(path):
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise AlreadyRunning(f"another worker holds {path}; embedded:// allows one") from None
    _held_locks.append(file)
