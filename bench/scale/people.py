"""What people do in the load: seventy of a hundred clicks read, twenty enter, ten carry files."""

import hashlib
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from bench.field import BOUNDARY, Device, multipart
from bench.server import Client

C = "/c/demo/"
READ, ENTER, CARRY = "read", "entry", "upload or export"
SHARES = {READ: 70, ENTER: 20, CARRY: 10}
BATCH = 5  # events that a phone sends at once


@dataclass
class Diary:
    """What everybody did, from all threads: seconds by kind and by click, errors, what counts as
    written because the server said so.
    """

    spent: list[tuple[str, str, float]] = field(default_factory=list)
    errors: Counter = field(default_factory=Counter)
    written: list[tuple[str, str]] = field(default_factory=list)


class Person:
    """Signs in, then clicks with pauses until told to stop."""

    def __init__(self, port: int, facts: dict, diary: Diary, number: int):
        self.port, self.facts, self.diary = port, facts, diary
        self.chance = random.Random(number)  # noqa: S311 who clicks what
        self.client = Client(port)

    def sign_in(self, password: str) -> None:
        self.client.sign_in(self.facts["username"], password)

    def work(self, until: float, pause: tuple[float, float], stop: threading.Event) -> None:
        time.sleep(self.chance.uniform(0, pause[1]))
        while time.monotonic() < until and not stop.is_set():
            kinds = self.chance.choices(list(SHARES), SHARES.values())
            name, click = self.chance.choice(self.clicks[kinds[0]])
            self.do(kinds[0], name, click)
            time.sleep(self.chance.uniform(*pause))

    def do(self, kind: str, name: str, click: Callable) -> None:
        began = time.perf_counter()
        try:
            written = click()
        except Exception as error:
            self.diary.errors[f"{name}: {type(error).__name__} {str(error)[:160]}"] += 1
            self.close()
        else:
            self.diary.spent.append((kind, name, time.perf_counter() - began))
            self.diary.written += written or ()

    def close(self) -> None:
        """What was half said is over; the next click connects again, as a browser would."""
        self.client.connection.close()

    clicks: dict[str, list[tuple[str, Callable]]]

    def page(self, path: str) -> Callable:
        return lambda: self.get(path)

    def get(self, path: str) -> None:
        status, body = self.client.request("GET", path)
        expect(status, body, 200)


class Auditor(Person):
    @cached_property
    def device(self) -> Device:
        facts = self.facts
        return Device(self.port, facts["token"], facts["sheet"], facts["taps"])

    def close(self) -> None:
        super().close()
        self.device.connection.close()

    @cached_property
    def clicks(self):
        sheet = f"{C}sheets/{self.facts['sheet']}/"
        pages = {
            "my work": "/", "league table": f"{C}league/", "dashboard": f"{C}dashboard/",
            "filing": f"{C}filing/", "findings": f"{C}findings/", "sheets": f"{C}sheets/",
            "own sheet": sheet, "review": f"{C}review/", "appeals": f"{C}appeals/",
        }  # fmt: skip
        return {
            READ: [(name, self.page(path)) for name, path in pages.items()]
            + [("a project's result", self.result)] * 2,
            ENTER: [("a tap", self.tap), ("a batch", self.send)],
            CARRY: [("a photo", self.shoot)] * 4
            + [("rubric as Excel", self.page(f"{C}rubrics/{self.facts['rubric']}/excel/"))],
        }

    def result(self) -> None:
        self.get(f"{C}results/{self.chance.choice(self.facts['projects'])}/")

    def tap(self):
        """By session, as the page does it."""
        self.device.sequence += 1
        item, requirement = self.facts["taps"][self.device.sequence % len(self.facts["taps"])]
        key = str(uuid.uuid4())
        asked = {
            "do": "observe", "id": key, "item": item, "requirement": requirement,
            "missing": "on", "points": "0.5", "method": "open", "note": "",
        }  # fmt: skip
        address = f"{C}sheets/{self.facts['sheet']}/entry/"
        expect(*self.client.request("POST", address, asked), 200)
        return [("observation", key)]

    def send(self):
        events = [self.device.event() for _ in range(BATCH)]
        self.device.send(events)
        return [("observation", each["id"]) for each in events]

    def shoot(self):
        """An observation, and a picture of it."""
        event = self.device.event()
        self.device.send([event])
        self.device.photos_at = 0
        self.device.shoot(event["id"])
        return [("observation", event["id"]), ("photo", self.device.pictures[-1])]


class Manager(Person):
    @cached_property
    def plan(self) -> str:
        found = f"{C}plans/{self.facts['project']}/"
        return found + (f"revisions/{self.facts['revision']}/" if self.facts["revision"] else "")

    @cached_property
    def clicks(self):
        facts = self.facts
        owed = f"{C}obligations/{facts['obligation']}/"
        pages = {
            "my work": "/", "timeline": f"{C}timeline/", "plan": self.plan,
            "findings": f"{C}findings/", "an obligation": owed, "messages": "/inbox/",
            "trainings": f"{C}trainings/", "visits": f"{C}inspection/",
            "own result": f"{C}results/{facts['project']}/",
        }  # fmt: skip
        reads = [(name, self.page(path)) for name, path in pages.items()]
        return {
            READ: reads,
            # where there are more managers than plans that are being written
            ENTER: [("a line of the plan", self.line)] if facts["revision"] else reads,
            CARRY: [("a file for an obligation", self.upload)] * 4
            + [("findings as Excel", self.page(f"{C}findings/excel/"))],
        }

    def line(self):
        key = str(uuid.uuid4())
        asked = {"do": "add", "new": "地下车库照明损坏", "new-id": key}
        expect(*self.client.request("POST", self.plan, asked), 200)
        return [("finding", key)]

    def upload(self):
        data = pdf()
        fields = {"move": "save", "kind": "minutes", "revision": "0", "note": self.facts["note"]}
        body = multipart(fields, data, "files", "minutes.pdf", "application/pdf")
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        address = f"{C}obligations/{self.facts['obligation']}/"
        expect(*self.client.send("POST", address, body, **headers), 302)
        return [("file", hashlib.sha256(data).hexdigest())]


def expect(status: int, body: bytes, wanted: int) -> None:
    if status != wanted:
        raise RuntimeError(f"answered {status}")


def pdf() -> bytes:
    """200 KB, no two alike."""
    filling = b"%" + uuid.uuid4().hex.encode() * 32 + b"\n"
    return b"%PDF-1.4\n1 0 obj<<>>endobj\n" + filling * 195 + b"trailer<<>>\n%%EOF\n"
