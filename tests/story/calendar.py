"""Threads of events that run in the order of time, a day after the other."""

import heapq
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count

from django.utils import timezone

# Says when it goes on, is told when it does, and acts.
Thread = Generator[datetime, datetime, None]


def on(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A moment of a day in the company's zone."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


@dataclass
class Calendar:
    """What still has to happen, the earliest first."""

    waiting: list = field(default_factory=list)
    numbers: count = field(default_factory=count)

    def begin(self, thread: Thread) -> None:
        self.put(thread, next(thread, None))

    def put(self, thread: Thread, moment: datetime | None) -> None:
        if moment is not None:
            heapq.heappush(self.waiting, (moment, next(self.numbers), thread))

    def days(self, first: date, last: date) -> Iterator[date]:
        """Let each day happen, then give it to be looked at in the evening."""
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            self.happen(until=on(day, 20))
            yield day

    def happen(self, *, until: datetime) -> None:
        while self.waiting and self.waiting[0][0] <= until:
            moment, _number, thread = heapq.heappop(self.waiting)
            try:
                self.put(thread, thread.send(moment))
            except StopIteration:
                continue
