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
    lost: dict[Hashable, Decimal] = {}
    beyond: dict[Hashable, Decimal] = {}
    for loss in losses:
        account = beyond if loss.beyond else lost
        account[loss.item] = account.get(loss.item, ZERO) + loss.points
    sections: dict[Hashable, SectionPoints] = {}
    for place in places:
        kept, possible = sections.setdefault(place.section, SectionPoints())
        if place.item not in left_out:
            taken = min(place.points, lost.get(place.item, ZERO)) + beyond.get(place.item, ZERO)
            points = SectionPoints(kept + place.points - taken, possible + place.points)
            sections[place.section] = points
    return sections
