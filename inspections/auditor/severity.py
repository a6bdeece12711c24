"""How severe auditors are beside the others on the same items, and how often two agree (pure).

For people to talk about; no score is ever adjusted by it. An auditor looked at an item of a sheet
when one of their standing records says that it conforms or that something is missing. What they
saw is compared as they saw it, before any appeal.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from scoring import engine


@dataclass(frozen=True, slots=True)
class Look:
    """One auditor at one item of one sheet: the points taken there, none where it conforms."""

    auditor: int
    sheet: int
    item: int
    points: Decimal


@dataclass
class Severity:
    """An auditor beside the others.

    `looks` are items looked at, on so many `sheets`; `compared` are those of them that somebody
    else looked at too, on whatever sheet. `own` and `others` are points taken per look at the
    compared items: the auditor's, and what the others would have taken at the same ones. `shared`
    are items of a sheet that two looked at, counted for both; `agreed` where both or neither
    found something missing.
    """

    auditor: int
    looks: int = 0
    sheets: set[int] = field(default_factory=set)
    compared: int = 0
    own_points: Fraction = Fraction(0)
    others_points: Fraction = Fraction(0)
    shared: int = 0
    agreed: int = 0

    @property
    def own(self) -> Decimal | None:
        return engine.half_up(self.own_points / self.compared) if self.compared else None

    @property
    def others(self) -> Decimal | None:
        return engine.half_up(self.others_points / self.compared) if self.compared else None

    @property
    def difference(self) -> Decimal | None:
        """Points more (severer) or less than the others per look, of the figures as shown."""
        return self.own - self.others if self.compared else None

    @property
    def agreement(self) -> Decimal | None:
        """Percent of the shared items; None where nobody else looked at the same."""
        return engine.half_up(Fraction(100 * self.agreed, self.shared), 0) if self.shared else None


def severities(looks: Iterable[Look]) -> dict[int, Severity]:
    """Each auditor beside all others, by id."""
    by_item, by_place = grouped(looks)
    found: dict[int, Severity] = {}
    for seen in by_item.values():
        add_item(found, seen)
    for seen in by_place.values():
        add_pairs(found, seen)
    return found


def grouped(looks: Iterable[Look]) -> tuple[dict, dict]:
    """By item and auditor the looks, and by sheet and item who took how much."""
    by_item: dict = defaultdict(lambda: defaultdict(list))
    by_place: dict = defaultdict(dict)
    for look in looks:
        by_item[look.item][look.auditor].append(look)
        by_place[look.sheet, look.item][look.auditor] = look.points
    return by_item, by_place


def add_item(found: dict[int, Severity], seen: dict[int, list[Look]]) -> None:
    """One item: each auditor's points beside the mean of what all others took there."""
    taken = {
        auditor: sum((Fraction(look.points) for look in looks), Fraction(0))
        for auditor, looks in seen.items()
    }
    everything, number = sum(taken.values()), sum(map(len, seen.values()))
    for auditor, looks in seen.items():
        severity = found.setdefault(auditor, Severity(auditor))
        severity.looks += len(looks)
        severity.sheets.update(look.sheet for look in looks)
        if others := number - len(looks):
            mean = (everything - taken[auditor]) / others
            severity.compared += len(looks)
            severity.own_points += taken[auditor]
            severity.others_points += mean * len(looks)


def add_pairs(found: dict[int, Severity], seen: dict[int, Decimal]) -> None:
    """One item of one sheet: every two who looked at it agree on whether anything is missing."""
    for one, other in combinations(seen, 2):
        agree = bool(seen[one]) == bool(seen[other])
        for auditor in (one, other):
            found[auditor].shared += 1
            found[auditor].agreed += agree
