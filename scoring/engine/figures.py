"""Rounding, and every constant that moves a figure."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

ZERO = Decimal(0)
FULL = 100  # the scale of percents, weights and composites
PLACES = 2  # decimals of a composite and of a shown sheet score
STEP = Decimal("0.1")  # an auditor's amounts go in tenths (ruling 2)
HALF_UP, FLOOR = "half_up", "floor"  # from composite to whole points (ruling 1)
Quotient = tuple[int, int]  # whole numbers, above and below the line
_MODES = {HALF_UP: ROUND_HALF_UP, FLOOR: ROUND_FLOOR}
_REACH = {HALF_UP: Decimal("0.5"), FLOOR: ZERO}  # this far below still makes the point


@dataclass(frozen=True, slots=True)
class Problem:
    """Why weights or bands can't be used: a code for the page to put into words,
    the band or rubric it is about, and the figures that belong in the sentence.
    """

    code: str
    subject: str = ""
    figures: tuple[Decimal | int, ...] = ()


def half_up(value: Fraction | Decimal | Quotient, places: int = PLACES) -> Decimal:
    """An exact figure, not negative, rounded half up to so many decimals (ruling 7)."""
    # in whole numbers: a page of all projects rounds thousands of figures
    above, below = value if isinstance(value, tuple) else value.as_integer_ratio()
    units = (2 * above * 10**places + below) // (2 * below)
    return Decimal(units).scaleb(-places)


def sum_of(quotients: Iterable[tuple[Decimal, Decimal]]) -> Quotient:
    """Parts of wholes together, exact and not reduced: to be rounded, as happens ten thousand
    times over.
    """
    above, below = 0, 1
    for part, whole in quotients:
        (over, under), (count, share) = part.as_integer_ratio(), whole.as_integer_ratio()
        above, below = above * under * count + over * share * below, below * under * count
    return above, below


def ratio(part: Decimal, whole: Decimal, scale: int = 1) -> Fraction:
    """The exact part of the whole; one fraction made instead of three or four."""
    (above, below), (over, under) = part.as_integer_ratio(), whole.as_integer_ratio()
    return Fraction(above * under * scale, below * over)


def rounded(value: Decimal, rounding: str = HALF_UP) -> int:
    """The whole points that band and team reward go by (ruling 1)."""
    refuse_rounding(rounding)
    return int(value.to_integral_value(_MODES[rounding]))


def least(points: int, rounding: str = HALF_UP) -> Decimal:
    """The lowest composite that rounds to at least so many whole points."""
    refuse_rounding(rounding)
    return max(ZERO, points - _REACH[rounding])


def total(values: Iterable[Decimal]) -> Decimal:
    return sum(values, ZERO)


def refuse_rounding(rounding: str) -> None:
    if rounding not in _MODES:
        raise ValueError(f"unknown rounding {rounding!r}")


def refuse_negative(value: Decimal, what: str, of: Hashable) -> None:
    # A negative deduction would raise a score.
    if value < ZERO:
        raise ValueError(f"{what} {of}: {value} is negative")


def refuse_twice(codes: Iterable[str], what: str) -> None:
    listed = list(codes)
    if len(set(listed)) != len(listed):
        raise ValueError(f"the same {what} twice: {', '.join(sorted(listed))}")
