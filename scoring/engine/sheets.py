"""From standing observations to the score of an item and of a sheet.

Callers pass what *stands*: withdrawn observations are left out before, and what an
appeal decided has replaced the observations of its requirement (ruling 14).
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple, Self

from scoring.engine.figures import (
    FULL,
    ZERO,
    half_up,
    ratio,
    refuse_negative,
    refuse_twice,
    total,
)
from scoring.engine.rules import EXTRA, LOSE_ITEM, RANGE, Deduction, Item, ItemScore, Kind


class _Sight(NamedTuple):
    item: str
    requirement: str | None
    points: Decimal
    id: Hashable
    kind: Kind
    rule: str


class Seen(_Sight):
    """One standing observation: what it is about, the points it costs, its id.

    `requirement` is None for an observation on the whole item (an imported form)
    and for a rule that belongs to no single requirement; the rule is named then.
    """

    __slots__ = ()

    def __new__(
        cls,
        item: str,
        requirement: str | None,
        points: Decimal,
        id: Hashable,
        kind: Kind = RANGE,
        rule: str = "",
    ) -> Self:
        if points < ZERO:
            refuse_negative(points, "points of observation", id)
        return tuple.__new__(cls, (item, requirement, points, id, kind, rule))


class SheetScore(NamedTuple):
    """A sheet's points. The two are what is stored; the percent is derived.

    `zeroed`: a critical requirement took all points, whatever the items kept.
    `capped`: a critical requirement caps the project's band (see `band`).
    """

    kept: Decimal
    possible: Decimal
    items: tuple[ItemScore, ...] = ()
    lines: tuple[Deduction, ...] = ()
    zeroed: bool = False
    capped: bool = False

    @property
    def percent(self) -> Fraction | None:
        """Kept of possible, exact; None when there is nothing to score (ruling 5)."""
        if not self.possible:
            return None
        return ratio(self.kept, self.possible, FULL)

    @property
    def shown(self) -> Decimal | None:
        """The percent as pages show it; never calculated with (ruling 7)."""
        return shown(self.kept, self.possible) if self.possible else None


@lru_cache(maxsize=4096)  # forty thousand sheets have a few hundred
def shown(kept: Decimal, possible: Decimal) -> Decimal:
    """Kept of possible in percent, as pages show it."""
    return half_up(ratio(kept, possible, FULL))


class Critical(StrEnum):
    """What a critical requirement does when it is missing (ruling 4)."""

    ZERO = "zero"  # the sheet scores nothing
    CAP = "cap"  # the composite stays, the band is capped


ZEROES, CAPS = Critical.ZERO, Critical.CAP
APART = (LOSE_ITEM, EXTRA)  # not just so many points of the item
Where = tuple[str, str | None]  # item and requirement


def deductions(seen: Iterable[Seen]) -> list[Deduction]:
    """The largest standing observation per requirement (ruling 2) or rule (ruling 4).

    The result does not depend on the order of the observations: of equal ones the
    one whose id sorts last counts, and the list is sorted.
    """
    listed = list(seen)
    counting: dict[tuple[str, bool, bool, str], Seen] = {}
    for sight in listed:
        about = account(sight)
        if about not in counting or _weight(sight) > _weight(counting[about]):
            counting[about] = sight
    return [_deduction(counting[about]) for about in sorted(counting)]


def account(sight: Seen | Deduction) -> tuple[str, bool, bool, str]:
    """What costs only once. An extra comes on top of its requirement's deduction."""
    ruled = sight.requirement is None
    about = sight.rule if sight.requirement is None else sight.requirement
    return sight.item, sight.kind == EXTRA, ruled, about


def _weight(sight: Seen) -> tuple[bool, Decimal, str]:
    # Losing the item outweighs any amount, whatever points it was stored with.
    return sight.kind == LOSE_ITEM, sight.points, str(sight.id)


def _deduction(sight: Seen) -> Deduction:
    return Deduction._make(sight)  # the same columns


def score_item(
    item: Item,
    seen: Iterable[Seen],
    not_applicable: bool = False,
    allow_extra: bool = False,
) -> ItemScore:
    """What an item keeps: never below zero (ruling 2); not applicable, it leaves both
    the points kept and the points possible (ruling 5). Other items' observations
    are passed over.
    """
    if not_applicable:
        return ItemScore(item.code, ZERO, ZERO, ZERO, not_applicable=True)
    return _scored(item, [s for s in seen if s.item == item.code], allow_extra)


def _scored(item: Item, own: list[Seen], allow_extra: bool) -> ItemScore:
    """An item's score from what was seen of it and of no other."""
    if len(own) == 1 and own[0].kind not in APART:  # as nearly always
        line = _deduction(own[0])
        lost = min(item.points, line.points)
        return ItemScore(item.code, item.points, item.points - lost, lost, (line,))
    if not allow_extra:
        own = [s for s in own if s.kind != EXTRA]
    if not own:
        return item.untouched
    lines, taken, extra = _settled(item, deductions(own)), ZERO, ZERO
    for line in lines:
        if line.kind == EXTRA:
            extra += line.points
        else:
            taken += line.points
    lost = min(item.points, taken)
    return ItemScore(item.code, item.points, item.points - lost, lost, lines, extra)


def _settled(item: Item, found: list[Deduction]) -> tuple[Deduction, ...]:
    """The item's lines, a lost item costing what the others leave (ruling 4)."""
    if all(line.kind != LOSE_ITEM for line in found):
        return tuple(found)
    taken = total(line.points for line in found if line.kind not in APART)
    left = max(ZERO, item.points - taken)
    lines = []
    for line in found:
        if line.kind == LOSE_ITEM:
            line, left = line._replace(points=left), ZERO
        lines.append(line)
    return tuple(lines)


def score_sheet(
    items: Iterable[Item],
    seen: Iterable[Seen],
    not_applicable: Collection[str] = (),
    allow_extra: bool = False,
    critical: Mapping[Where, Critical] | None = None,
) -> SheetScore:
    """One project on one rubric: kept and possible points with their lines.

    `not_applicable` holds item codes (ruling 5). Extras count only where the
    campaign allows them and stop at zero; `critical` says what it does when that
    requirement of that item is missing (ruling 4). `ValueError` for an observation
    or a mark on an item that the sheet lacks: dropping it could raise the score.
    """
    rows, by_item = tuple(items), _by_item(seen)
    _refuse_strangers(rows, [*by_item, *not_applicable])
    scores = tuple(
        [
            score_item(row, (), not_applicable=True)
            if row.code in not_applicable
            else _scored(row, by_item[row.code], allow_extra)
            if row.code in by_item
            else row.untouched
            for row in rows
        ]
    )
    done = _triggered(by_item, not_applicable, critical) if critical else ()
    touched = [score for score in scores if score.lines]
    possible = total([score.possible for score in scores])
    kept = possible - total([score.lost + score.extra for score in touched])
    return SheetScore(
        kept=ZERO if ZEROES in done else max(ZERO, kept),
        possible=possible,
        items=scores,
        lines=tuple([line for score in touched for line in score.lines]),
        zeroed=ZEROES in done,
        capped=CAPS in done,
    )


def _by_item(seen: Iterable[Seen]) -> dict[str, list[Seen]]:
    groups: dict[str, list[Seen]] = {}
    for sight in seen:
        groups.setdefault(sight.item, []).append(sight)
    return groups


def _refuse_strangers(items: tuple[Item, ...], named: list[str]) -> None:
    codes = {item.code for item in items}
    if len(codes) < len(items):
        refuse_twice((item.code for item in items), "item")
    if strangers := set(named).difference(codes):
        raise ValueError(f"not on this sheet: {', '.join(sorted(strangers))}")


def _triggered(
    by_item: Mapping[str, list[Seen]],
    not_applicable: Collection[str],
    critical: Mapping[Where, Critical],
) -> set[Critical]:
    # Being missing is enough: an amount of zero, or an extra that the campaign does
    # not count, makes the requirement no less critical.
    missing = {(s.item, s.requirement) for group in by_item.values() for s in group}
    hit = [where for where in critical if where in missing and where[0] not in not_applicable]
    return {critical[where] for where in hit}
