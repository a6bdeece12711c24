"""Exact figures and small sums as people write them. Pure: nothing is rounded here."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from organization.templatetags.ui import points

LONGEST, CUT = 6, 4  # decimals of a figure that ends; of one that is cut
MINUS = "−"


@lru_cache(maxsize=4096)
def exact(value: Fraction | Decimal) -> str:
    """22.625; where the decimals don't end soon they are cut, never rounded: 90.4166…"""
    units = Fraction(value) * 10**LONGEST
    if units.denominator == 1:
        return f"{(Decimal(units.numerator).scaleb(-LONGEST)).normalize():f}"
    cut = Decimal(int(Fraction(value) * 10**CUT)).scaleb(-CUT)
    return f"{cut:.{CUT}f}…"


def less(full: Decimal, taken: Iterable[Decimal], left: Decimal) -> str:
    """10 − 1.5 − 1.0 = 7.5, with max(0, …) around it where more was taken than there was."""
    losses = list(taken)
    terms = f" {MINUS} ".join([exact(full), *map(points, losses)])
    return f"{floored(terms, full - sum(losses))} = {points(left)}"


def added(figures: Iterable[Decimal], sum_: Decimal) -> str:
    """40.5 + 36.0 = 76.5; a negative figure is taken off, and a sum below zero is zero."""
    first, *others = list(figures)
    terms = signed(first) + "".join(
        f" {MINUS} {points(-each)}" if each < 0 else f" + {points(each)}" for each in others
    )
    return f"{floored(terms, first + sum(others, Decimal(0)))} = {points(sum_)}"


def signed(value: Decimal) -> str:
    return f"{MINUS}{points(-value)}" if value < 0 else points(value)


def floored(terms: str, value: Decimal) -> str:
    return f"max(0, {terms})" if value < 0 else terms


def largest(figures: Iterable[Decimal]) -> str:
    """max(1.0, 1.5) = 1.5; nothing where there is no choice."""
    listed = list(figures)
    if len(listed) < 2:
        return ""
    return f"max({', '.join(map(points, listed))}) = {points(max(listed))}"
