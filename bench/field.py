"""Audit in the field: one observation by a device, then 20 devices that come back at once.

    python -m bench.field [--devices 20] [--observations 2000] [--photos 300] [--rounds 60]

Devices are threads with a connection and a token each, against a real server of two workers; each
sends its batches of 50 in order and then its photos. Afterwards the database is asked what it
has. Prints a Markdown table; docs/performance.md keeps the last one.
"""

import argparse
import hashlib
import http.client
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from PIL import Image

from bench.server import Server, serving

ROOT = Path(__file__).parent.parent
BATCH = 50
BARE, ONE = "bare authenticated view", "one observation by a device"
BOUNDARY = "pinzhi-bench"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.field", description=__doc__)
    parser.add_argument("--devices", type=int, default=20)
    parser.add_argument("--observations", type=int, default=2000)
    parser.add_argument("--photos", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
        facts = asked(folder, "bench.fill_field", str(options.devices))
        with serving(folder, workers=2) as server:
            single = one_by_one(server, facts, options.rounds)
            devices = [Device(server.port, **each) for each in facts["devices"]]
            each = options.observations // len(devices), options.photos // len(devices)
            began = time.perf_counter()
            with ThreadPoolExecutor(len(devices)) as pool:
                list(pool.map(lambda device: device.come_back(*each), devices))
            spent = time.perf_counter() - began
        kept = asked(folder, "bench.count_field")
    print_figures(single, devices, spent, kept)
    return 0 if nothing_lost(devices, kept) else 1


def asked(folder: str, module: str, *more: str) -> dict:
    """What a process of its own says about the database."""
    env = os.environ | {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
    command = [sys.executable, "-m", module, *more]
    done = subprocess.run(  # noqa: S603 our own command
        command, env=env, check=True, stdout=subprocess.PIPE, cwd=ROOT
    )
    return json.loads(done.stdout.splitlines()[-1])


@dataclass
class Device:
    """A phone with a full queue: what it entered on its own sheet, and how the server took it."""

    port: int
    token: str
    sheet: int
    taps: list[tuple[int, int]]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    sequence: int = 0
    photos_at: float = 0  # the server asks to keep photos until then, as the app does
    entered: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    batches: list[float] = field(default_factory=list)
    shots: list[float] = field(default_factory=list)
    outcomes: Counter = field(default_factory=Counter)

    def __post_init__(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)

    def ask(self, method: str, path: str, body: bytes = b"", mime: str = "application/json"):
        if "photos" in path:
            time.sleep(max(0, self.photos_at - time.perf_counter()))
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": mime}
        start = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        said = response.read()
        if response.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{method} {path} answered {response.status}: {said[:300]!r}")
        spent = time.perf_counter() - start
        self.photos_at = time.perf_counter() + json.loads(said)["photos_after"]
        return spent, said

    def come_back(self, observations: int, photos: int) -> None:
        events = [self.event() for _ in range(observations)]
        for first in range(0, observations, BATCH):
            spent, said = self.send(events[first : first + BATCH])
            self.batches.append(spent)
            self.outcomes.update(each["outcome"] for each in json.loads(said)["receipts"])
        for number in range(photos):
            self.shots.append(self.shoot(events[number % observations]["id"]))

    def event(self) -> dict:
        self.sequence += 1
        item, requirement = self.taps[self.sequence % len(self.taps)]
        made = {
            "id": str(uuid.uuid4()), "sequence": self.sequence, "sheet": self.sheet,
            "do": "observe", "observed_at": now(), "item": item, "requirement": requirement,
            "points": "0.5", "count": 1, "method": "open", "note": "地面有积水，未设警示",
        }  # fmt: skip
        self.entered.append(made["id"])
        return made

    def send(self, events: list[dict]):
        body = {"device": self.id, "sent_at": now(), "events": events}
        return self.ask("POST", "/api/v1/events", json.dumps(body).encode())

    def shoot(self, observation: str) -> float:
        data = picture()
        self.sequence += 1
        digest = hashlib.sha256(data).hexdigest()
        fields = {
            "id": str(uuid.uuid4()), "sha256": digest, "original_sha256": digest,
            "taken_at": now(), "sent_at": now(), "device": self.id, "sequence": self.sequence,
        }  # fmt: skip
        self.pictures.append(fields["id"])
        mime = f"multipart/form-data; boundary={BOUNDARY}"
        path = f"/api/v1/observations/{observation}/photos"
        spent, said = self.ask("POST", path, multipart(fields, data), mime)
        self.outcomes.update([f"photo {json.loads(said)['outcome']}"])
        return spent

    def one(self) -> float:
        return self.send([self.event()])[0]


def now() -> str:
    return datetime.now(UTC).isoformat()


@cache
def taken() -> bytes:
    """As a phone sends it: 1,600 px, some 400 KB."""
    out = io.BytesIO()
    image = Image.effect_noise((400, 300), 40).resize((1600, 1200))
    image.convert("RGB").save(out, "JPEG", quality=70)
    return out.getvalue()


def picture() -> bytes:
    """No two alike, without making each anew: what follows a JPEG's end is no part of it."""
    return taken() + uuid.uuid4().bytes


def multipart(fields: dict, data: bytes, name="file", called="a.jpg", mime="image/jpeg") -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{word}"\r\n\r\n{value}\r\n'
        for word, value in fields.items()
    ]
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n'
        f"Content-Type: {mime}\r\n\r\n"
    )
    return "".join([*parts, head]).encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()


def one_by_one(server: Server, facts: dict, rounds: int) -> dict[str, tuple[float, float]]:
    """Median round trip and least processor time, in milliseconds, in turn."""
    from bench.__main__ import Measured, signed_in

    device, person = Device(server.port, **facts["single"]), signed_in(server.port, "center")
    found = Measured()
    tasks = {BARE: partial(person.timed, "GET", "/bench/bare/"), ONE: device.one}
    found.run(server, tasks, rounds)
    return {name: (found.round_trips[name], found.processor[name]) for name in tasks}


def nothing_lost(devices: list[Device], kept: dict) -> bool:
    """None lost and none doubled: exactly the ids that were entered, each once."""
    entered = sorted(id for device in devices for id in device.entered)
    pictures = sorted(id for device in devices for id in device.pictures)
    return (entered, pictures) == (
        sorted(id for id in kept["observations"] if id in set(entered)),
        sorted(kept["photos"]),
    )


def print_figures(single: dict, devices: list[Device], spent: float, kept: dict) -> None:
    bare, one = single[BARE], single[ONE]
    batches = [each for device in devices for each in device.batches]
    shots = [each for device in devices for each in device.shots]
    outcomes = sum((device.outcomes for device in devices), Counter())
    rows = [
        ("one observation / bare view, round trip", f"{one[0] / bare[0]:.1f}x", "4x"),
        ("the same in processor time", f"{one[1] / bare[1]:.1f}x", ""),
        ("batches of 50, median", f"{statistics.median(batches):.2f} s", ""),
        ("batches of 50, p95", f"{p95(batches):.2f} s", "1 s"),
        ("a photo, median", f"{statistics.median(shots):.2f} s", ""),
        ("a photo, p95", f"{p95(shots):.2f} s", ""),
        ("everything from all devices", f"{spent:.1f} s", ""),
        ("lost or doubled", "none" if nothing_lost(devices, kept) else "SOME", "none"),
    ]
    print(f"{len(devices)} devices, {dict(outcomes)}\n")
    print("| what | figure | mark |\n| --- | ---: | ---: |")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]


if __name__ == "__main__":
    sys.exit(main())
