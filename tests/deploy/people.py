"""People who read pages and enter what they see, and write down what they were answered.

As a phone does, each sends an entry again, with its id, until it is acknowledged.
"""

import hashlib
import io
import random
import re
import threading
import time
import uuid
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import requests
from PIL import Image

from tests.deploy.world import PASSWORD

ACKNOWLEDGED = {"recorded", "known"}
PAGES = "/", "/c/c11/", "/c/c11/sheets/", "/c/c11/league/"
SHORT, AGAIN = 0.1, 0.2  # seconds between two requests, and before the same one again
PATIENCE = 90


@dataclass
class Tally:
    """What was asked, what went wrong in somebody's eyes, what was said to be on record."""

    requests: int = 0
    errors: Counter = field(default_factory=Counter)
    events: set = field(default_factory=set)
    photos: set = field(default_factory=set)
    slowest: float = 0


class Person:
    def __init__(self, site, *, username, sheet, items, page, dice):
        self.site, self.username, self.sheet = site, username, sheet
        self.items, self.page, self.dice = items, page, dice
        self.browser = browser_of(site)
        self.device, self.sequence = str(uuid.uuid4()), 0
        self.observation = None
        self.tally = Tally()

    # --- one request ---------------------------------------------------------------------

    def ask(self, method, path, **more):
        """The answer, or None; whatever is not one counts as an error that somebody saw."""
        began = time.monotonic()
        self.tally.requests += 1
        headers = {"Referer": f"{self.site.address}/"} | more.pop("headers", {})
        try:
            answer = self.browser.request(
                method, self.site.address + path, headers=headers, timeout=PATIENCE, **more
            )
        except requests.RequestException as error:
            self.tally.errors[type(error).__name__] += 1
            return None
        finally:
            self.tally.slowest = max(self.tally.slowest, time.monotonic() - began)
        if answer.status_code >= 400:
            self.tally.errors[str(answer.status_code)] += 1
        return answer

    def sign_in(self):
        form = self.ask("GET", "/accounts/login/").text
        hidden = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
        said = {"username": self.username, "password": PASSWORD}
        said |= {"csrfmiddlewaretoken": hidden, "next": "/"}
        return self.ask("POST", "/accounts/login/", data=said)

    def send(self, path, **more):
        token = {"X-CSRFToken": self.browser.cookies.get("csrftoken", "")}
        answer = self.ask("POST", f"/api/v1/{path}", headers=token, **more)
        return answer.json() if answer is not None and answer.status_code == 200 else None

    # --- what they do --------------------------------------------------------------------

    def read(self):
        self.ask("GET", self.dice.choice((*PAGES, self.page)))

    def event(self, item):
        self.sequence += 1
        return {
            "id": str(uuid.uuid4()), "sequence": self.sequence, "sheet": self.sheet,
            "do": "observe", "observed_at": now(), "item": item, "points": "1", "method": "open",
        }  # fmt: skip

    def note(self, until=None):
        """Something missing; returns its id once that is acknowledged."""
        event = self.event(self.dice.choice(self.items))

        def attempt():
            said = {"device": self.device, "sent_at": now(), "events": [event]}
            answer = self.send("events", json=said)
            return answer and answer["receipts"][0]["outcome"]

        if self.repeat(attempt, until):
            self.tally.events.add(event["id"])
            self.observation = event["id"]
        return self.observation

    def photograph(self, until=None):
        """A picture of the observation before."""
        data = picture(self.dice)
        said = {
            "id": str(uuid.uuid4()), "sha256": hashlib.sha256(data).hexdigest(),
            "taken_at": now(), "sent_at": now(), "device": self.device, "sequence": self.sequence,
        }  # fmt: skip

        def attempt():
            file = {"file": ("a.jpg", data, "image/jpeg")}
            path = f"observations/{self.observation}/photos"
            answer = self.send(path, data=said, files=file)
            return answer and answer["outcome"]

        if self.repeat(attempt, until):
            self.tally.photos.add(said["id"])

    def repeat(self, attempt, until):
        """Until it is acknowledged, or `until` says that it is given up."""
        give_up = time.monotonic() + PATIENCE
        while (outcome := attempt()) not in ACKNOWLEDGED:
            assert outcome in (None, "later"), outcome
            if until and until():
                return False
            assert time.monotonic() < give_up, (self.username, self.tally.errors)
            time.sleep(AGAIN)
        return True

    def work(self, over: threading.Event):
        """Seven readings to three entries, of which one has a picture."""
        while not over.is_set():
            chance = self.dice.random()
            if chance < 0.7 or not self.observation:
                self.read()
            if chance > 0.7 or not self.observation:
                self.note()
            if chance > 0.9:
                self.photograph()
            time.sleep(SHORT)


class Crowd:
    """Everybody at once, for as long as something breaks."""

    def __init__(self, people):
        self.people = people

    @contextmanager
    def at_work(self):
        """Afterwards all that they sent is acknowledged."""
        over, failures = threading.Event(), []

        def work(person):
            try:
                person.work(over)
            except Exception as failure:
                failures.append(failure)

        for person in self.people:
            person.tally = Tally(events=person.tally.events, photos=person.tally.photos)
        threads = [threading.Thread(target=work, args=[each]) for each in self.people]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()
        assert failures == []

    def wait_for_requests(self, number):
        """So many more of them, however fast the machine is."""
        goal = self.requests + number
        give_up = time.monotonic() + PATIENCE
        while self.requests < goal:
            assert time.monotonic() < give_up, self.errors
            time.sleep(0.05)

    @property
    def requests(self):
        return sum(each.tally.requests for each in self.people)

    @property
    def errors(self) -> Counter:
        return sum((each.tally.errors for each in self.people), Counter())

    @property
    def slowest(self):
        return max(each.tally.slowest for each in self.people)

    def acknowledged(self, kind) -> set:
        return set().union(*(getattr(each.tally, kind) for each in self.people))


def browser_of(site) -> requests.Session:
    """A stranger's, who trusts the site's certificate and asks it without a proxy."""
    browser = requests.Session()
    browser.trust_env = False  # it may name other certificates
    browser.verify = str(site.certificate)
    return browser


def now() -> str:
    return datetime.now(UTC).isoformat()


def picture(dice: random.Random) -> bytes:
    """No two alike, and more than a kilobyte."""
    noise = Image.frombytes("RGB", (64, 48), dice.randbytes(64 * 48 * 3))
    file = io.BytesIO()
    noise.save(file, "JPEG")
    return file.getvalue()
