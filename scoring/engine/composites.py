"""From sheet scores to a project's composite, and from composites to ranks."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from scoring.engine.figures import (
    FULL,
    ZERO,
    Problem,
    half_up,
    ratio,
    refuse_negative,
    refuse_twice,
    sum_of,
    total,
)

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Part:
    """One rubric's part in a project's composite: weight in percent, points.

    `finished`: its audit sheet was submitted. `absent`: the project does not have
    the specialty. `capped`: a critical requirement is missing that caps the band.
    """

    code: str
    weight: Decimal
    kept: Decimal = ZERO
    possible: Decimal = ZERO
    finished: bool = True
    absent: bool = False
    capped: bool = False

    def __post_init__(self) -> None:
        if self.weight < ZERO:
            refuse_negative(self.weight, "weight of", self.code)
        if not ZERO <= self.kept <= self.possible:
            raise ValueError(f"{self.code} keeps {self.kept} of {self.possible} points")


@dataclass(frozen=True)
class Composite:
    """A project's weighted score out of 100.

    `value` is the figure to store: two decimals, None when nothing counts. `counted` has the
    parts that did not leave: by rubric code the weight, the points kept and those possible.
    `capped`: one of them caps the band, the value stays (ruling 4).
    """

    value: Decimal | None
    provisional: bool
    counted: dict[str, tuple[Decimal, Decimal, Decimal]] = field(default_factory=dict)
    capped: bool = False

    @cached_property
    def weights(self) -> dict[str, Fraction]:
        """Each rubric's percent after scaling, by its code."""
        return {
            code: ratio(weight, self._weight, FULL) for code, (weight, *_) in self.counted.items()
        }

    @cached_property
    def shares(self) -> dict[str, Fraction]:
        """The exact points that each rubric brings; they add up to the value before rounding."""
        return {
            code: ratio(weight * kept, self._weight * possible, FULL)
            for code, (weight, kept, possible) in self.counted.items()
        }

    @property
    def _weight(self) -> Decimal:
        return total(weight for weight, _kept, _possible in self.counted.values())


def composite(parts: Iterable[Part]) -> Composite:
    """Weighs unrounded sheet scores and rounds once (rulings 5 to 8).

    An absent specialty, and a finished sheet that is not applicable throughout,
    leave with their weight. An unfinished sheet leaves too and makes the composite
    provisional: no rank, band or reward.
    """
    present = [part for part in parts if not part.absent]
    counted = [part for part in present if part.finished and part.possible]
    refuse_twice((part.code for part in counted), "rubric")
    provisional = not all(part.finished for part in present)
    weight = total(part.weight for part in counted)
    if not weight:
        return Composite(None, provisional)
    above, below = sum_of((part.weight * part.kept, part.possible) for part in counted)
    over, under = weight.as_integer_ratio()
    value = half_up((FULL * above * under, below * over))
    capped = any(part.capped for part in counted)
    weighed = {part.code: (part.weight, part.kept, part.possible) for part in counted}
    return Composite(value, provisional, weighed, capped)


def rank(composites: Mapping[Key, Decimal]) -> dict[Key, int]:
    """The place of each, best first; ties share one: 1, 2, 2, 4 (ruling 9)."""
    places: dict[Decimal, int] = {}
    for place, value in enumerate(sorted(composites.values(), reverse=True), start=1):
        places.setdefault(value, place)
    return {key: places[value] for key, value in composites.items()}


def check_weights(weights: Mapping[str, Decimal]) -> list[Problem]:
    """What keeps weights (percent by rubric) from use (ruling 6): `negative` with the
    rubric and its weight, `sum` with what they add up to instead of 100.
    """
    problems = [Problem("negative", code, (w,)) for code, w in weights.items() if w < ZERO]
    added = total(weights.values())
    return problems if added == FULL else [*problems, Problem("sum", figures=(added,))]
