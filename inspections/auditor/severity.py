"""How severe auditors are beside the others on the same items, and how often two agree (pure).

For people to talk about; no score is ever adjusted by it. An auditor looked at an item of a sheet
when one of their standing records says that it conforms or that something is missing. What they
saw is compared as they saw it, before any appeal.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import combinations, groupby
from operator import attrgetter

from scoring import engine

# of hundredths of a point: as near as this to where rounding turns, the figure is worked out
# exactly; floating figures of as many items as a rubric has are never as far off
DOUBT = 1e-6


@dataclass(frozen=True, slots=True)
class Look:
    """One auditor at one item of one sheet: the points taken there, none where it conforms."""

    auditor: int
    sheet: int
    item: int
    points: Decimal


@dataclass(slots=True)
class Beside:
    """One item as one auditor saw it and all others together: looks and hundredths taken."""

    looks: int
    taken: int
    other_looks: int
    other_taken: int


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
    sheets: int = 0
    shared: int = 0
    agreed: int = 0
    items: list[Beside] = field(default_factory=list)  # those that are compared

    @cached_property
    def compared(self) -> int:
        return sum(item.looks for item in self.items)

    @cached_property
    def own(self) -> Decimal | None:
        taken = sum(item.taken for item in self.items)
        return engine.half_up(Fraction(taken, 100 * self.compared)) if self.compared else None

    @cached_property
    def others(self) -> Decimal | None:
        if not self.compared:
            return None
        near = sum(x.looks * x.other_taken / x.other_looks for x in self.items) / self.compared
        if abs(near % 1 - 0.5) > DOUBT:
            return Decimal(int(near + 0.5)).scaleb(-2)
        exact = sum(Fraction(x.looks * x.other_taken, x.other_looks) for x in self.items)
        return engine.half_up(exact / (100 * self.compared))

    @property
    def difference(self) -> Decimal | None:
        """Points more (severer) or less than the others per look, of the figures as shown."""
        return self.own - self.others if self.compared else None

    @property
    def agreement(self) -> Decimal | None:
        """Percent of the shared items; None where nobody else looked at the same."""
        return engine.half_up(Fraction(100 * self.agreed, self.shared), 0) if self.shared else None


class Tally:
    """What many sheets come to: of auditor and item looks and hundredths, of each auditor sheets,
    shared and agreed.
    """

    def __init__(self):
        self.looks: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        self.people: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])

    def add_sheet(self, seen: Mapping[tuple[int, int], int], times: int = 1) -> None:
        """One sheet: hundredths by item and auditor; with `times` -1 it is taken out."""
        by_item: dict[int, dict[int, int]] = defaultdict(dict)
        for (item, auditor), hundredths in seen.items():
            by_item[item][auditor] = hundredths
            self.add_looks(auditor, item, times, times * hundredths)
        for auditor in {auditor for _item, auditor in seen}:
            self.people[auditor][0] += times
        for costs in by_item.values():
            for pair in combinations(costs, 2):
                agree = bool(costs[pair[0]]) == bool(costs[pair[1]])
                for auditor in pair:
                    self.add_person(auditor, 0, times, times * agree)

    def add_looks(self, auditor: int, item: int, looks: int, hundredths: int) -> None:
        kept = self.looks[auditor, item]
        kept[0] += looks
        kept[1] += hundredths

    def add_person(self, auditor: int, sheets: int, shared: int, agreed: int) -> None:
        kept = self.people[auditor]
        kept[:] = kept[0] + sheets, kept[1] + shared, kept[2] + agreed

    def severities(self) -> dict[int, Severity]:
        """Each auditor beside all others, by id."""
        everything: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for (_auditor, item), (looks, taken) in self.looks.items():
            kept = everything[item]
            kept[0] += looks
            kept[1] += taken
        found: dict[int, Severity] = {}
        for (auditor, item), (looks, taken) in self.looks.items():
            if not looks:
                continue
            severity = found.get(auditor) or found.setdefault(
                auditor, Severity(auditor, 0, *self.people[auditor])
            )
            severity.looks += looks
            all_looks, all_taken = everything[item]
            if others := all_looks - looks:
                severity.items.append(Beside(looks, taken, others, all_taken - taken))
        return found


def severities(looks: Iterable[Look]) -> dict[int, Severity]:
    """Each auditor beside all others, by id, of looks in any order."""
    tally = Tally()
    for _sheet, own in groupby(sorted(looks, key=attrgetter("sheet")), attrgetter("sheet")):
        tally.add_sheet({(x.item, x.auditor): int(x.points.scaleb(2)) for x in own})
    return tally.severities()
