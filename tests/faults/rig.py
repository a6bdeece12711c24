"""A campaign's reminders on their way, and everything at hand that may break meanwhile."""

import json
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count

from celery import Celery
from django.utils import timezone

from campaign.models import Reminder
from campaign.models.reminders import Delivery
from tests.faults.diary import Diary
from tests.faults.house import House, Part, wait_for

TICK = "campaign.tasks.tick"
WORKER = ["worker", "-P", "threads", "--without-gossip", "--without-mingle"]
UNDER_WAY = [Delivery.WANTED, Delivery.SENDING]
# Longer than what the product waits before it gives up on a delivery, or tries again.
A_WHILE = timedelta(minutes=11)
# The last minute of each half hour, in which the digest of no robot waits for its own.
HALF_HOUR, LAST_MINUTE = 30, 28
MOST_WHILES = 20
SETTLING_SECONDS = 0.2


class Rig:
    def __init__(self, house: House):
        self.house = house
        self.parts: list[Part] = []
        self.numbers = count(1)
        self.mails = Diary(house.folder / "mails")
        self.messages = Diary(house.folder / "messages")
        self.tasks = Diary(house.folder / "tasks")
        house.redis.ensure()
        house.redis.wipe()
        house.mailbox.ensure()
        house.gateway.ensure()
        self.mail_server()
        self.gateway("ok")
        for diary in (self.mails, self.messages, self.tasks):
            diary.clear()
        for left in (*house.folder.glob("worker-*"), *house.folder.glob("beat-*")):
            left.unlink()
        self.broker = Celery(broker=house.redis.url)
        self.began = time.monotonic()

    def close(self) -> None:
        for part in self.parts:
            part.close()
        self.broker.close()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    # --- the clock -----------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        offset = float(self.house.folder.joinpath("clock").read_text())
        return timezone.now() + timedelta(seconds=offset)

    def set_clock(self, moment: datetime) -> None:
        """Of all processes at once, those that run and those that will."""
        offset = (moment - timezone.now()).total_seconds()
        self.house.write("clock", str(offset))
        time.sleep(SETTLING_SECONDS)

    def pass_time(self, span: timedelta) -> None:
        self.set_clock(self.now + span)

    # --- workers and schedulers ----------------------------------------------------------

    def start_worker(self, *, threads: int = 1, **changes) -> Part:
        """Like one of production; `changes` are settings that it has differently."""
        name = f"worker-{next(self.numbers)}"
        return self.bear(name, *WORKER, "--concurrency", str(threads), **changes)

    def start_beat(self) -> Part:
        name = f"beat-{next(self.numbers)}"
        schedule = str(self.house.folder / f"{name}.schedule")
        return self.bear(name, "beat", "-s", schedule)

    def bear(self, name: str, *arguments: str, **changes) -> Part:
        part = self.house.nursery.bear(name, *arguments, **changes)
        self.parts.append(part)
        return part

    @property
    def workers(self) -> list[Part]:
        return [part for part in self.parts if part.name.startswith("worker") and part.is_alive]

    def stop_beats(self) -> None:
        for part in self.parts:
            if part.name.startswith("beat"):
                part.stop()

    # --- mail server and gateway -----------------------------------------------------------------

    def mail_server(self, **mood) -> None:
        """How it behaves from now on; without anything, well (tests.faults.mailbox)."""
        self.house.write("moods", json.dumps(mood))

    def gateway(self, answer: str) -> None:
        """What robots are answered from now on (tests.faults.gateway)."""
        self.house.write("answer", answer)

    # --- waiting -------------------------------------------------------------------------

    def ring(self) -> str:
        """One tick, as the scheduler rings it; returns the task's id."""
        return self.broker.send_task(TICK).id

    def wait_until(self, done: Callable, what: str, *, every: float = 0.05):
        def is_done():
            for part in self.parts:
                assert part.is_alive or part.is_told_to_end, part.log.read_text()
            return done()

        return wait_for(is_done, what, every=every)

    def wait(self, seconds: float) -> None:
        """However long it takes, everything has to live meanwhile."""
        over = time.monotonic() + seconds
        self.wait_until(lambda: time.monotonic() > over, f"{seconds} s pass")

    def wait_for_mails(self, number: int) -> None:
        self.wait_until(lambda: len(self.mails) >= number, f"{number} mails", every=0.005)

    def wait_for_task_of(self, part: Part) -> None:
        """Until this worker has begun something that it has not begun yet, or a beat rung."""
        event = "queued" if part.name.startswith("beat") else "begun"

        def number():
            return sum(each["pid"] == part.pid and each["event"] == event for each in self.tasks)

        before = number()
        self.wait_until(lambda: number() > before, f"{part.name} goes on", every=0.005)

    def play(self) -> None:
        """One tick and all that it rings for, to the end; workers that are dead end nothing."""
        since = len(self.tasks)
        mine = self.ring()

        def is_over():
            # a task may end before whoever rang for it has written so
            events = list(self.tasks)[since:]
            rung = {each["task"] for each in events if each["event"] == "queued"}
            ended = {each["task"] for each in events if each["event"] == "ended"}
            return {mine, *rung} <= ended

        self.wait_until(is_over, "a tick and its deliveries end")

    def settle(self) -> None:
        """Let everything come to its end, hours later if need be: no scheduler, one worker."""
        self.stop_beats()
        if not self.workers:
            self.start_worker()
        self.finish_what_runs()
        for _ in range(MOST_WHILES):
            self.play()
            if not under_way(self.now):
                return
            self.set_clock(last_minute(self.now + A_WHILE))
        raise AssertionError(f"still under way: {list(under_way(self.now).values()[:5])}")

    def finish_what_runs(self) -> None:
        """Wait for the tasks that living workers have begun."""
        self.wait_until(lambda: not self.running(), "what runs ends")

    def running(self) -> set[str]:
        living = {part.pid for part in self.parts if part.is_alive}
        found = set()
        for each in self.tasks:
            if each["event"] == "begun" and each["pid"] in living:
                found.add(each["task"])
            elif each["event"] == "ended":
                found.discard(each["task"])
        return found

    @contextmanager
    def beating(self, number: int = 1):
        """Schedulers for as long as this lasts."""
        for _ in range(number):
            self.start_beat()
        yield
        self.stop_beats()


def last_minute(moment: datetime) -> datetime:
    """The one of this half hour or, where it has begun, this moment."""
    return moment + timedelta(minutes=max(LAST_MINUTE - moment.minute % HALF_HOUR, 0))


def under_way(now: datetime):
    """What the ledger still wants today, or has begun."""
    tonight = timezone.localtime(now).replace(hour=21, minute=0)
    rows = Reminder.objects.filter(delivery__in=UNDER_WAY)
    return rows.exclude(not_before__gt=tonight)
