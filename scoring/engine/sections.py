"""A score section by section, from the deductions that count: no need to fold a sheet again."""

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from scoring.engine.figures import ZERO


@dataclass(frozen=True, slots=True)
class Place:
    """An item, the section that it stands in, and its points."""

    item: Hashable
    section: Hashable
    points: Decimal


@dataclass(frozen=True, slots=True)
class Loss:
    """Points that a deduction took of an item; `beyond` it where an extra did (ruling 4)."""

    item: Hashable
    points: Decimal
    beyond: bool = False


class SectionPoints(NamedTuple):
    """A section's points: those kept of those possible."""

    kept: Decimal = ZERO
    possible: Decimal = ZERO


def section_points(
    places: Iterable[Place], losses: Iterable[Loss], left_out: Collection[Hashable] = ()
) -> dict[Hashable, SectionPoints]:
    """What each section keeps, in the order of the items.

    An item never falls below zero (ruling 2), what was lost beyond it comes off its section;
    items left out as not applicable leave both figures (ruling 5).
    """
    return Ground(places).points(losses, left_out)


class Ground:
    """Items with their sections, for scores of many: only what was lost is gone through again."""

    def __init__(self, places: Iterable[Place]):
        self.places = {place.item: place for place in places}
        self.whole: dict[Hashable, Decimal] = {}
        for place in self.places.values():
            self.whole[place.section] = self.whole.get(place.section, ZERO) + place.points

    def points(
        self, losses: Iterable[Loss], left_out: Collection[Hashable] = ()
    ) -> dict[Hashable, SectionPoints]:
        """As `section_points` has it."""
        possible = dict(self.whole)
        gone = {item for item in left_out if item in self.places}
        for item in gone:
            possible[self.places[item].section] -= self.places[item].points
        kept = dict(possible)
        lost: dict[Hashable, Decimal] = {}
        for loss in losses:
            if loss.item not in self.places or loss.item in gone:
                continue
            if loss.beyond:
                kept[self.places[loss.item].section] -= loss.points
            else:
                lost[loss.item] = lost.get(loss.item, ZERO) + loss.points
        for item, points in lost.items():
            kept[self.places[item].section] -= min(self.places[item].points, points)
        return {section: SectionPoints(kept[section], possible[section]) for section in kept}
