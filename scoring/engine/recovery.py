"""Which requirements, if met, would bring which composite: the way back up, by the fewest of them.

A fix is meeting one requirement (or removing the occasion of one rule): everything that was seen
of it is gone, also an extra that came on top. It never lowers a score.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import lcm

from scoring.engine.composites import Composite, Part, composite
from scoring.engine.figures import PLACES, half_up, ratio
from scoring.engine.rules import Item, ItemScore, Kind
from scoring.engine.sheets import Critical, Seen, SheetScore, Where, score_item
from scoring.engine.sheets import score_sheet as scored


@dataclass(frozen=True, slots=True, order=True)
class Fix:
    """What would be in order: a requirement of an item, one of its rules, or (with neither) the
    item as a whole; `sheet` is the code of the rubric.
    """

    sheet: str
    item: str
    requirement: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Finished:
    """A finished sheet with its weight in percent, and the arguments of its score."""

    code: str
    weight: Decimal
    items: Sequence[Item]
    seen: Sequence[Seen]
    not_applicable: Collection[str] = ()
    allow_extra: bool = False
    critical: Mapping[Where, Critical] = field(default_factory=dict)

    def score(self) -> SheetScore:
        return self._score

    @cached_property
    def _score(self) -> SheetScore:
        return scored(self.items, self.seen, self.not_applicable, self.allow_extra, self.critical)

    def without(self, fixes: Collection[Fix]) -> "Finished":
        return replace(self, seen=[s for s in self.seen if fix_of(self.code, s) not in fixes])

    def fixes(self) -> list[Fix]:
        """Everything that was seen of items that apply, in order."""
        seen = (s for s in self.seen if s.item not in self.not_applicable)
        return sorted({fix_of(self.code, s) for s in seen})

    def marked(self, mark: Critical) -> frozenset[Fix]:
        """The missing critical requirements that do this (ruling 4)."""
        seen = (s for s in self.seen if s.item not in self.not_applicable)
        hit = (s for s in seen if self.critical.get((s.item, s.requirement)) == mark)
        return frozenset(fix_of(self.code, s) for s in hit)


def fix_of(sheet: str, sight: Seen) -> Fix:
    if sight.requirement is not None:
        return Fix(sheet, sight.item, sight.requirement)
    return Fix(sheet, sight.item, rule=sight.rule)


def composite_with(sheets: Iterable[Finished], met: Collection[Fix] = ()) -> Composite:
    """The composite if these were met; every sheet counts as finished."""
    parts = []
    for sheet in sheets:
        made = sheet.without(met).score()
        parts.append(Part(sheet.code, sheet.weight, made.kept, made.possible, capped=made.capped))
    return composite(parts)


# A way is what a number of fixes brings at best, and which they are; None for a number with which
# there is none.
Way = tuple[Decimal | Fraction | int, tuple[Fix, ...]]


def fewest(
    sheets: Sequence[Finished], lowest: Decimal, *, uncapped: bool = False
) -> tuple[Fix, ...] | None:
    """The fewest fixes that bring the composite to `lowest` (two decimals, `thresholds`), of
    several as few the ones that bring most. None where all of them together don't.

    `uncapped`: no missing critical requirement may cap the band either.
    """
    return fewest_of(best_ways(sheets, uncapped=uncapped), lowest)


def best_ways(sheets: Sequence[Finished], *, uncapped: bool) -> list[Way | None]:
    """What any number of fixes adds to the composite at best; empty where no sheet counts."""
    counted = [sheet for sheet in sheets if sheet.score().possible]
    weights = sum((Fraction(sheet.weight) for sheet in counted), Fraction())
    if not weights:
        return []
    forced = {s.code: s.marked(Critical.CAP) if uncapped else frozenset() for s in counted}
    found: list[list[Way | None]] = []
    for sheet in counted:
        share = ratio(sheet.weight, sheet.score().possible, 100) / weights
        ways = [way and (share * Fraction(way[0]), way[1]) for way in ways_of(sheet, forced)]
        found.append(ways)
    # as whole numbers of the same parts: adding fractions takes ten times as long
    parts = lcm(*(way[0].denominator for ways in found for way in ways if way))
    best: list[Way | None] = [(0, ())]
    for ways in found:
        best = merged(best, [way and (in_parts(way[0], parts), way[1]) for way in ways])
    return [way and (Fraction(way[0], parts), way[1]) for way in best]


def in_parts(value: Fraction, parts: int) -> int:
    return value.numerator * (parts // value.denominator)


def fewest_of(best: Iterable[Way | None], lowest: Decimal) -> tuple[Fix, ...] | None:
    """The first of these ways that brings the composite to `lowest`."""
    for way in best:
        if way and half_up(way[0], PLACES) >= lowest:
            return tuple(sorted(way[1]))
    return None


def merged(one: Sequence[Way | None], other: Sequence[Way | None]) -> list[Way | None]:
    """The best ways of two things together, by the number of fixes in both."""
    found: list[Way | None] = [None] * (len(one) + len(other) - 1)
    for start, mine in enumerate(one):
        if mine is None:
            continue
        value, fixes = mine
        for number, theirs in enumerate(other, start):
            if theirs is None:
                continue
            brings, known = value + theirs[0], found[number]
            if known is None or brings > known[0]:
                found[number] = (brings, fixes + theirs[1])
    return found


def ways_of(sheet: Finished, forced: Mapping[str, frozenset[Fix]]) -> list[Way | None]:
    """The points that a sheet keeps at best, by the number of fixes that it takes."""
    must = forced[sheet.code]
    zero = sheet.marked(Critical.ZERO)
    ways = [way and (max(Decimal(0), way[0]), way[1]) for way in item_by_item(sheet, must | zero)]
    if zero:
        # until the last of them is met the sheet has nothing, whatever else is
        for number in range(len(must), len(must | zero)):
            chosen = (*sorted(must), *sorted(zero - must))[:number]
            ways[number] = (Decimal(0), chosen)
    return ways


def item_by_item(sheet: Finished, must: Collection[Fix]) -> list[Way | None]:
    """The items' points less what is beyond them, at best, with some fixes taken for certain."""
    by_item: dict[str, list[Seen]] = {}
    for sight in sheet.seen:
        by_item.setdefault(sight.item, []).append(sight)
    kept, found = Decimal(0), [(Decimal(0), ())]
    for item in sheet.items:
        if item.code in sheet.not_applicable:
            continue
        if seen := by_item.get(item.code):
            found = merged(found, ways_of_item(sheet, item, seen, must))
        else:
            kept += item.untouched.kept
    return [way and (kept + way[0], way[1]) for way in found]


def ways_of_item(sheet: Finished, item: Item, seen: list[Seen], must) -> list[Way | None]:
    """Two orders hold all that is best: by what lies beyond the item, where it keeps nothing
    anyway, and, once nothing loses it as a whole, by all that a fix takes away.
    """
    fixes = sorted({fix_of(sheet.code, sight) for sight in seen})
    if len(fixes) == 1:  # as nearly always
        met: Way = (item.untouched.kept, tuple(fixes))
        return [None if fixes[0] in must else (points_of(sheet, item, seen), ()), met]
    first = [fix for fix in fixes if fix in must]
    rest = [fix for fix in fixes if fix not in must]
    orders = (rest,)  # of one there is one
    if len(rest) > 1:
        taken = {fix: takes(sheet, item, seen, fix) for fix in rest}
        orders = (
            sorted(rest, key=lambda fix: -taken[fix][1]),
            sorted(rest, key=lambda fix: (not taken[fix][2], -taken[fix][0] - taken[fix][1])),
        )
    ways: list[Way | None] = [None] * (len(fixes) + 1)
    for order in orders:
        for number in range(len(order) + 1):
            chosen = (*first, *order[:number])
            brings = points_of(
                sheet, item, [s for s in seen if fix_of(sheet.code, s) not in chosen]
            )
            known = ways[len(chosen)]
            if known is None or brings > known[0]:
                ways[len(chosen)] = (brings, chosen)
    return ways


def takes(sheet: Finished, item: Item, seen, fix: Fix) -> tuple[Decimal, Decimal, bool]:
    """What a fix alone takes within the item and beyond it, and whether it loses the item."""
    made = score_of(sheet, item, [s for s in seen if fix_of(sheet.code, s) == fix])
    within = sum((x.points for x in made.lines if x.kind != Kind.EXTRA), Decimal(0))
    return within, made.extra, any(x.kind == Kind.LOSE_ITEM for x in made.lines)


def points_of(sheet: Finished, item: Item, seen) -> Decimal:
    made = score_of(sheet, item, seen)
    return made.kept - made.extra


def score_of(sheet: Finished, item: Item, seen) -> ItemScore:
    return score_item(item, seen, allow_extra=sheet.allow_extra)
