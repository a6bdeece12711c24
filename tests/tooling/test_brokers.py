"""The brokers with real workers that really get killed."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

pytestmark = pytest.mark.slow

WORKER = [sys.executable, "-m", "celery", "-A", "tests.tooling.probe", "--quiet", "worker"]
WORKER += ["-P", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle"]


class Bench:
    """A folder, a broker, and workers that end with the test."""

    def __init__(self, folder, url):
        self.folder = folder
        self.environment = os.environ | {"PROBE_FOLDER": str(folder), "PROBE_BROKER": url}
        self.workers = []

    def start_worker(self):
        worker = subprocess.Popen(WORKER, env=self.environment, start_new_session=True)
        self.workers.append(worker)
        return worker

    def queue(self, calls):
        """Send tasks from a process of their own, as a web server would."""
        code = f"from tests.tooling.probe import note, slow; {calls}"
        subprocess.run([sys.executable, "-c", code], env=self.environment, check=True, timeout=30)

    @property
    def diary(self):
        path = self.folder / "diary"
        return Counter(path.read_text().splitlines() if path.exists() else [])

    def wait_for(self, line, seconds=60):
        give_up = time.monotonic() + seconds
        while line not in self.diary:
            assert time.monotonic() < give_up, f"{line!r} never came: {self.diary}"
            time.sleep(0.05)

    def stop(self):
        for worker in self.workers:
            worker.kill()
            worker.wait()


@pytest.fixture(params=["embedded", pytest.param("redis", marks=pytest.mark.redis)])
def bench(request, tmp_path):
    url = "embedded://" if request.param == "embedded" else os.environ["BROKER_URL"]
    bench = Bench(tmp_path, url)
    yield bench
    bench.stop()


def kill(worker):
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def test_what_was_queued_without_a_worker_runs_when_one_starts(bench):
    """And no file of it stays behind once all is done; Redis has none."""
    bench.queue("[note.delay(n) for n in range(50)]")
    bench.start_worker()
    for number in range(50):
        bench.wait_for(f"done {number}")
    assert bench.diary == Counter({f"done {number}": 1 for number in range(50)})
    give_up = time.monotonic() + 5
    while left := [path for path in bench.folder.glob("broker/*/*/*") if path.is_file()]:
        assert time.monotonic() < give_up, left
        time.sleep(0.05)


def test_a_task_whose_worker_is_killed_runs_again(bench):
    worker = bench.start_worker()
    bench.queue("slow.delay(1, 2)")
    bench.wait_for("began 1")
    kill(worker)
    assert "done 1" not in bench.diary

    bench.start_worker()
    bench.wait_for("done 1")
    assert bench.diary["began 1"] == 2


def test_nothing_of_fifty_is_lost_when_the_worker_is_killed_halfway(bench):
    """In the middle of two tasks, with all places taken.

    A worker that dies in the very moment in which Redis hands a message out loses it: Redis lets go
    of it before anybody has noted who has it. That is for the ledger of reminders to find
    (tests/faults, Redis wiped), not for the broker.
    """
    worker = bench.start_worker()
    bench.queue("[slow.delay(n, 2 if n in (10, 11) else 0.05) for n in range(50)]")
    bench.wait_for("began 10")
    bench.wait_for("began 11")
    kill(worker)
    bench.start_worker()
    for number in range(50):
        bench.wait_for(f"done {number}")


def test_a_stopped_worker_finishes_what_it_does_and_leaves_the_rest(bench):
    worker = bench.start_worker()
    bench.queue("[slow.delay(n, 0.5) for n in range(6)]")
    bench.wait_for("began 0")
    worker.terminate()
    assert worker.wait(timeout=60) == 0
    assert "done 0" in bench.diary

    bench.start_worker()
    for number in range(6):
        bench.wait_for(f"done {number}")


@pytest.mark.parametrize("bench", ["embedded"], indirect=True)
def test_a_second_worker_is_refused_and_disturbs_nothing(bench):
    bench.start_worker()
    bench.queue("slow.delay(1, 3)")
    bench.wait_for("began 1")
    second = bench.start_worker()
    assert second.wait(timeout=60) != 0
    bench.wait_for("done 1")
    assert bench.diary["began 1"] == 1
