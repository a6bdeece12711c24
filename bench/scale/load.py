"""Many people at once against two web processes and a worker; what became of what they wrote."""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.field import p95
from bench.scale.databases import ROOT, Database
from bench.scale.people import CARRY, ENTER, READ, Auditor, Diary, Manager, Person
from bench.server import Server, family, serving

MARK = 500  # milliseconds that 95 of 100 clicks may take
SAMPLE = 5  # seconds between two looks at the memory
SETTINGS = {"DJANGO_SETTINGS_MODULE": "bench.settings"}


@dataclass(frozen=True)
class Terms:
    people: int
    seconds: float
    pause: tuple[float, float]
    password: str


@dataclass
class Memory:
    """What each process holds, in MB, and when, until it is told to stop."""

    processes: dict[str, int]
    seen: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def watch(self, stop: threading.Event) -> None:
        began = time.monotonic()
        while not stop.wait(SAMPLE):
            for name, pid in self.processes.items():
                self.seen[name].append((time.monotonic() - began, resident(pid)))


def resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0


def loaded(database: Database, terms: Terms) -> int:
    """Prints the tables; 1 where somebody saw an error, or a write is gone."""
    cast = database.asked("bench.scale.cast", str(terms.people))
    environment = database.environment | SETTINGS
    database.count()
    with (
        serving(database.folder, workers=2, threads=8, **environment) as server,
        working(environment) as worker,
    ):
        diary = Diary()
        people = people_of(cast, server.port, diary)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda each: each.sign_in(terms.password), people))
        processes = {f"web process {n}": pid for n, pid in enumerate(family(server.pid)[1:], 1)}
        memory = Memory(processes | {"worker": worker})
        before, began = (server.cpu(), cpu(worker)), time.monotonic()
        run(people, terms, memory)
        spent = time.monotonic() - began
        worked = (server.cpu() - before[0]) / 1000, (cpu(worker) - before[1]) / 1000
    found = checked(database, diary)
    report(diary, found, memory, len(people), spent, worked)
    return 1 if diary.errors or found["lost"] else 0


def people_of(cast: dict, port: int, diary: Diary) -> list[Person]:
    auditors = [Auditor(port, each, diary, n) for n, each in enumerate(cast["auditors"])]
    return auditors + [
        Manager(port, each, diary, 1000 + n) for n, each in enumerate(cast["managers"])
    ]


def run(people: list[Person], terms: Terms, memory: Memory) -> None:
    stop, until = threading.Event(), time.monotonic() + terms.seconds
    watching = threading.Thread(target=memory.watch, args=[stop])
    watching.start()
    threads = [
        threading.Thread(target=each.work, args=[until, terms.pause, stop]) for each in people
    ]
    try:
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    finally:
        stop.set()
        watching.join()


@contextmanager
def working(environment: dict[str, str]) -> Iterator[int]:
    """A task worker beside; its process id."""
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-P", "threads"]
    command += ["--concurrency", "4", "-l", "ERROR"]
    env = os.environ | environment
    with subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            yield process.pid
        finally:
            process.terminate()


def cpu(pid: int) -> float:
    return Server(0, pid).cpu()


def checked(database: Database, diary: Diary) -> dict:
    command = [sys.executable, "-m", "bench.scale.written"]
    done = subprocess.run(  # noqa: S603 our own command
        command, env=os.environ | database.environment, cwd=ROOT, check=True,
        input=json.dumps(diary.written).encode(), stdout=subprocess.PIPE,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


# --- the tables ----------------------------------------------------------------------------------


def report(diary: Diary, found: dict, memory: Memory, people: int, spent: float, worked) -> None:
    clicks = len(diary.spent) + diary.errors.total()
    asked = ", ".join(f"{number:,} of {kind}s" for kind, number in found["asked"].items())
    every = [seconds for _kind, _name, seconds in diary.spent]
    lines = [
        ("people", f"{people}", ""),
        ("clicks", f"{clicks:,} in {spent:.0f} s, {clicks / spent:.1f} a second", ""),
        ("errors", f"{diary.errors.total()}", "none"),
        ("writes acknowledged", f"{sum(found['asked'].values()):,} ({asked})", ""),
        ("of these not found afterwards", f"{len(found['lost'])}", "none"),
        ("p95 of all clicks", f"{p95(every) * 1000:.0f} ms", f"≤ {MARK} ms"),
        (
            "processor of both web processes",
            f"{worked[0]:.0f} s, {worked[0] / spent:.2f} cores",
            "",
        ),
        ("a click of that", f"{worked[0] / clicks * 1000:.0f} ms", ""),
        ("processor of the worker", f"{worked[1]:.0f} s", ""),
        ("load of the machine at the end", f"{os.getloadavg()[0]:.1f}", ""),
    ]
    print("| what | figure | mark |\n| --- | ---: | ---: |")
    for line in lines:
        print(f"| {' | '.join(line)} |")
    print_clicks(diary)
    print_memory(memory)
    for error, number in diary.errors.most_common(20):
        print(f"- {number} × {error}")
    for kind, key in found["lost"][:20]:
        print(f"- lost: {kind} {key}")
    sys.stdout.flush()


def print_clicks(diary: Diary) -> None:
    print("\n| click | number | median | p95 | longest |\n| --- | ---: | ---: | ---: | ---: |")
    for kind in (READ, ENTER, CARRY):
        of = [(name, seconds) for each, name, seconds in diary.spent if each == kind]
        print_row(f"**{kind}**", [seconds for _name, seconds in of])
        for word in sorted({name for name, _seconds in of}):
            print_row(word, [seconds for name, seconds in of if name == word])


def print_row(name: str, seconds: list[float]) -> None:
    if seconds:
        found = statistics.median(seconds), p95(seconds), max(seconds)
        print(f"| {name} | {len(seconds):,} | {' | '.join(f'{x * 1000:.0f} ms' for x in found)} |")


def print_memory(memory: Memory) -> None:
    """A straight line through the second half says whether it still grows."""
    print(
        "\n| process | after a quarter | at half | at the end | most | growth in the second half |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, seen in memory.seen.items():
        size = [megabytes for _moment, megabytes in seen]
        places = [size[len(size) // 4], size[len(size) // 2], size[-1], max(size)]
        half = seen[len(seen) // 2 :]
        slope = statistics.linear_regression(*zip(*half, strict=True)).slope if len(half) > 1 else 0
        cells = " | ".join(f"{each:.0f} MB" for each in places)
        print(f"| {name} | {cells} | {slope * 60:+.2f} MB a minute |")
