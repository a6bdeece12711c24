"""What an answer earns and what a paper comes to: plain values in, Decimal out."""

from decimal import ROUND_HALF_UP, Decimal

from inspections.exam.words import QuestionKind

NOTHING = Decimal(0)
CENT = Decimal("0.01")


def earned(*, kind: str, right: str, chosen: str, points: Decimal, half: bool) -> Decimal:
    """Points of one answer, exact: all right is full, of several a part without a wrong one half.

    `right` and `chosen` are letters in any order; `half` is the exam's setting.
    """
    wanted, given = set(right), set(chosen)
    if given == wanted:
        return points
    if kind == QuestionKind.MULTIPLE and half and given and given < wanted:
        return points / 2
    return NOTHING


def result(*, points: Decimal, possible: Decimal, full: Decimal) -> Decimal:
    """Points earned of those that a paper has, to the exam's full marks; rounded here and once."""
    if not possible:
        return NOTHING.quantize(CENT)
    return (points * full / possible).quantize(CENT, ROUND_HALF_UP)


def percent(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """A rate out of 100 to one decimal; None where there is nothing to be a part of."""
    if not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def average(total: Decimal, count: int) -> Decimal | None:
    return (total / count).quantize(Decimal("0.1"), ROUND_HALF_UP) if count else None
