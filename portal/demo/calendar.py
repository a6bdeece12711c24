"""The plan's days moved to the demo's, and the hours in which its people work."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from organization.clock import local_day

OPENS, CLOSES = time(8, 30), time(18)
# Today's place in the three days of the inspection, whatever the hour is: how far the sheets have
# come must not depend on when somebody looks at the demo.
SO_FAR = 0.55


class Calendar:
    """Days as the plan writes them ("10-18") become days of the demo; `now` is its present."""

    def __init__(self, *, now: datetime, phase: str, plan: dict):
        self.now = now
        self.year = plan["plan"]["year"]
        self.phases = {line["code"]: (line["start"], line["end"]) for line in plan["phases"]}
        self.shift = local_day(now) - middle(*self.phases[phase])

    def day(self, text: str) -> date:
        return date.fromisoformat(f"{self.year}-{text}") + self.shift

    def moment(self, day: date, rng: Random) -> datetime:
        """Some minute of a working day."""
        opened, minutes = at(day, OPENS), (at(day, CLOSES) - at(day, OPENS)).seconds // 60
        return opened + timedelta(minutes=rng.randrange(minutes))

    def inspection(self, share: float) -> datetime:
        """A moment in the inspection phase's working hours; now is at SO_FAR of it.

        Before and after the phase the whole of it is to scale.
        """
        first, last = (day + self.shift for day in self.phases["inspect"])
        begin, end = at(first, OPENS), at(last, CLOSES)
        if not begin < self.now < end:
            return between(begin, end, share)
        if share <= SO_FAR:
            return between(begin, self.now, share / SO_FAR)
        return between(self.now, end, (share - SO_FAR) / (1 - SO_FAR))


def middle(start: date, end: date) -> date:
    """The middle day of a phase: the second of three."""
    return start + (end - start) // 2


def at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


def between(begin: datetime, end: datetime, share: float) -> datetime:
    """The moment at which a share of the working time from `begin` to `end` is over."""
    spells = [
        (max(begin, at(day, OPENS)), min(end, at(day, CLOSES)))
        for day in days(local_day(begin), local_day(end))
    ]
    spells = [(start, stop) for start, stop in spells if start < stop] or [(begin, end)]
    left = share * sum((stop - start for start, stop in spells), timedelta())
    for start, stop in spells:
        if left <= stop - start:
            break
        left -= stop - start
    return min(start + left, stop).replace(microsecond=0)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
