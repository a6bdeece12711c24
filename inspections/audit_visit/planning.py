"""Who goes where on which day: pure, and the same for the same seed.

Every project is to be seen once, some of them by two auditors together. Auditors take on
projects one at a time along the cheapest exchange of those that they have (an optimal
semi-matching, Harvey et al. 2006): as many projects as possible are seen, and nobody goes out
twice more than somebody who could take one over. Only then are pairs made, and only then days.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from types import MappingProxyType

NOBODY, NO_TIME, ALONE, NO_COMMON_DAY = "nobody", "no_time", "alone", "no_common_day"


@dataclass(frozen=True)
class Planned:
    """One visit: a project, its day, and the one or two who go there."""

    project: int
    day: date
    auditors: tuple[int, ...]


@dataclass(frozen=True)
class Shortfall:
    """What could not be met: NOBODY may go there, NO_TIME is left to go there, a project that
    two were to see has only one who may go (ALONE), or no day on which both can (NO_COMMON_DAY).
    """

    code: str
    project: int


@dataclass(frozen=True)
class Plan:
    visits: list[Planned]
    shortfalls: list[Shortfall]


def make_plan(
    *,
    projects: Sequence[int],
    auditors: Sequence[int],
    barred: Mapping[int, Collection[int]],
    days: Sequence[date],
    doubles: int,
    per_day: int,
    seed: int,
    taken: Mapping[tuple[int, date], int] = MappingProxyType({}),
) -> Plan:
    """A schedule of visits. `barred` are the projects that an auditor keeps away from, `doubles`
    the percent of projects (rounded half up) that two are to see, `per_day` how many visits one
    auditor makes on a day at most, `taken` how many each makes on a day already.
    """
    rng = Random(seed)  # noqa: S311 - no secret, only without favour
    order, people = shuffled(projects, rng), shuffled(auditors, rng)
    deal = Deal(people, barred, most=len(days) * per_day)
    short = [Shortfall(code, project) for project in order if (code := deal.give(project))]
    wanted = (len(projects) * doubles + 50) // 100
    seen = [project for project in order if deal.going[project]]
    for project in sorted(seen, key=lambda each: len(deal.may_go(each)) < 2)[:wanted]:
        if code := deal.give(project):
            short.append(Shortfall(ALONE if code == NOBODY else code, project))
    diary = Diary(days, per_day, short, dict(taken))
    return Plan(sorted(diary.enter(deal.going, order), key=by_day), short)


def shuffled(things: Sequence[int], rng: Random) -> list[int]:
    return rng.sample(sorted(things), len(things))


def by_day(visit: Planned) -> tuple:
    return visit.day, visit.project


class Deal:
    """Who goes to which projects, dealt out one after the other; nobody to more than `most`."""

    def __init__(self, people: Sequence[int], barred: Mapping[int, Collection[int]], most: int):
        self.people, self.barred, self.most = people, barred, most
        self.going: dict[int, list[int]] = {}
        self.load: dict[int, list[int]] = {person: [] for person in people}

    def may_go(self, project: int) -> list[int]:
        return [who for who in self.people if project not in self.barred.get(who, ())]

    def give(self, project: int) -> str:
        """Send one more auditor to a project; what is in the way, or "" when it is done.

        Whoever has least to do among those that can be reached takes one on; along the way
        there each hands one of theirs to the next.
        """
        here = self.going.setdefault(project, [])
        first = [who for who in self.may_go(project) if who not in here]
        if not first:
            return NOBODY
        handed = self.reached(project, first)
        last = min(handed, key=lambda who: len(self.load[who]))
        if len(self.load[last]) >= self.most:
            return NO_TIME
        self.hand_on(last, handed)
        return ""

    def idle(self, first: Sequence[int]) -> list[int]:
        """Of these who has as little to do as anybody: no exchange could do better."""
        least = min(map(len, self.load.values()))
        return next(([who] for who in first if len(self.load[who]) == least), [])

    def reached(self, project: int, first: Sequence[int]) -> dict[int, tuple[int, int | None]]:
        """Who can be reached: what each would take over, and from whom (None: it is new)."""
        if idle := self.idle(first):
            return {idle[0]: (project, None)}
        handed: dict[int, tuple[int, int | None]] = dict.fromkeys(first, (project, None))
        queue = list(first)
        for giver in queue:
            for theirs in self.load[giver]:
                for who in self.may_go(theirs):
                    if who not in handed and who not in self.going[theirs] and theirs != project:
                        handed[who] = (theirs, giver)
                        queue.append(who)
        return handed

    def hand_on(self, who: int, handed: Mapping[int, tuple[int, int | None]]) -> None:
        taker: int | None = who
        while taker is not None:
            project, giver = handed[taker]
            if giver is not None:
                self.going[project].remove(giver)
                self.load[giver].remove(project)
            self.going[project].append(taker)
            self.load[taker].append(project)
            taker = giver


@dataclass
class Diary:
    """The days, each auditor's as even as can be. Pairs come first: both have to be free."""

    days: Sequence[date]
    per_day: int
    short: list[Shortfall]
    taken: dict[tuple[int, date], int] = field(default_factory=dict)
    total: dict[date, int] = field(default_factory=dict)

    def enter(self, going: Mapping[int, list[int]], order: Sequence[int]) -> Iterator[Planned]:
        for project in sorted(order, key=lambda each: -len(going[each])):
            people = going[project]
            day = self.free_day(people)
            if day is None and len(people) > 1:
                self.short.append(Shortfall(NO_COMMON_DAY, project))
                people = [self.least_busy(people)]
                day = self.free_day(people)
            if day is not None and people:
                yield self.put(project, day, people)
            elif people:
                self.short.append(Shortfall(NO_TIME, project))

    def free_day(self, people: Sequence[int]) -> date | None:
        free = [day for day in self.days if all(self.at(who, day) < self.per_day for who in people)]
        return min(free, key=lambda day: self.burden(people, day), default=None)

    def burden(self, people: Sequence[int], day: date) -> tuple:
        return sum(self.at(who, day) for who in people), self.total.get(day, 0), day

    def at(self, who: int, day: date) -> int:
        return self.taken.get((who, day), 0)

    def least_busy(self, people: Sequence[int]) -> int:
        return min(people, key=lambda who: sum(self.at(who, day) for day in self.days))

    def put(self, project: int, day: date, people: Sequence[int]) -> Planned:
        for who in people:
            self.taken[who, day] = self.at(who, day) + 1
        self.total[day] = self.total.get(day, 0) + 1
        return Planned(project, day, tuple(sorted(people)))
