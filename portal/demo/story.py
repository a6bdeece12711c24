"""Who is in the demo, and what they do: threads of events that run in the order of time."""

import heapq
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from campaign.models import Campaign
from portal.demo.album import Album
from portal.demo.calendar import Calendar
from portal.demo.company import Cast

# Waits for a moment, is told which one it became, and acts.
Thread = Generator[datetime, datetime, None]
A_MOMENT = timedelta(minutes=4)


@dataclass
class Story:
    """One build: everything that is told happened before `calendar.now`, the rest has not yet."""

    seed: int
    campaign: Campaign
    calendar: Calendar
    cast: Cast
    album: Album
    waiting: list[tuple[datetime, int, Thread]] = field(default_factory=list)
    numbers: count = field(default_factory=count)
    told: Counter = field(default_factory=Counter)  # how often a problem was told already

    def rng(self, *key) -> Random:
        """Its own chance for everything with a name: no thread disturbs what another draws."""
        return Random(f"{self.seed}/{'/'.join(map(str, key))}")  # noqa: S311 - invented content

    def on(self, day, rng: Random) -> datetime:
        """A working moment on a day: a date, or a day of the plan such as "10-18"."""
        day = self.calendar.day(day) if isinstance(day, str) else day
        return self.calendar.moment(day, rng)

    def begin(self, thread: Thread) -> None:
        self.wait(thread, next(thread, None))

    def wait(self, thread: Thread, until: datetime | None) -> None:
        """What would happen after now is never told."""
        if until and until < self.calendar.now:
            heapq.heappush(self.waiting, (until, next(self.numbers), thread))

    def tell(self) -> None:
        """Let everything happen that happened until now, the earliest first."""
        while self.waiting:
            moment, _number, thread = heapq.heappop(self.waiting)
            try:
                until = thread.send(moment)
            except StopIteration:
                continue
            self.wait(thread, max(until, moment + A_MOMENT))
