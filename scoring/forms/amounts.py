"""Points as people write them. They are exact decimals."""

import re
from decimal import Decimal

from .wording import folded

MOST_POINTS = 10_000
DASHES = re.compile(r"(?<=[\d分])[-‐‑–—―−~〜∼至到](?=\d)")
MINUS = re.compile(r"^[-‐‑–—―−](?=\d)")
POINTS = re.compile(
    r"(?:满分|标准分|共|计)?([+-]?\d{1,9}(?:\.\d{1,9})?)(?:分|points?|pts?|marks?)?"
)


def plain(value: Decimal) -> Decimal:
    """The same number with no zeros that say nothing: 5.0 → 5, 10 → 10."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def parse_points(value: str | Decimal) -> Decimal:
    """Points from `5`, `5分`, `５`, `5.0` or a number; ValueError if it is none.

    Negative points are returned as they are. More than two decimals or 10,000 points is no
    figure that a form can mean.
    """
    match = POINTS.fullmatch(MINUS.sub("-", folded(str(value))))
    points = Decimal(match[1]) if match else None
    if points is None or abs(points) > MOST_POINTS or points != round(points, 2):
        raise ValueError(str(value))
    return plain(points)
