"""From composite to band. Bands go by whole points, as the plan gives them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.figures import FULL, HALF_UP, Problem, least, rounded


@dataclass(frozen=True, slots=True)
class Band:
    """A band's whole points, both ends inclusive."""

    code: str
    lowest: int
    highest: int


Bands = Sequence[Band]


def band(value: Decimal, bands: Bands, rounding: str = HALF_UP, cap: str | None = None) -> str:
    """The code of the band that a composite falls in (ruling 1).

    `cap` is the highest band that a critical requirement leaves (ruling 4).
    `ValueError` when no band holds the value or bears the cap's code.
    """
    points, ascending = rounded(value, rounding), _ascending(bands)
    reached = [b.code for b in ascending if b.lowest <= points <= b.highest]
    codes = [b.code for b in ascending]
    if not reached:
        raise ValueError(f"no band for {points} points")
    return reached[0] if cap is None else min(reached[0], cap, key=codes.index)


def _ascending(bands: Bands) -> list[Band]:
    return sorted(bands, key=lambda b: (b.lowest, b.highest))


def thresholds(bands: Bands, rounding: str = HALF_UP) -> dict[str, tuple[Decimal, Decimal | None]]:
    """Each band's composites, lowest inclusive and upper exclusive (None: no upper),
    so that a query can select a band that `band` would give (without a cap).
    """
    ascending = _ascending(bands)
    lows = [least(b.lowest, rounding) for b in ascending]
    uppers = [*lows[1:], None][: len(lows)]
    ends = zip(lows, uppers, strict=True)
    return dict(zip((b.code for b in ascending), ends, strict=True))


def check_bands(bands: Bands) -> list[Problem]:
    """What keeps bands from covering 0 to 100 exactly once.

    `duplicate`, `reversed` and `outside` name a band (with its two ends); `gap` and
    `overlap` give the first and last whole point, an overlap also the later band.
    """
    ascending = _ascending(bands)
    return _broken(ascending) or _uneven(ascending)


def _broken(bands: list[Band]) -> list[Problem]:
    problems, codes = [], [b.code for b in bands]
    for b in bands:
        if codes.count(b.code) > 1:
            problems.append(Problem("duplicate", b.code, (b.lowest, b.highest)))
        if b.lowest > b.highest:
            problems.append(Problem("reversed", b.code, (b.lowest, b.highest)))
        elif b.lowest < 0 or b.highest > FULL:
            problems.append(Problem("outside", b.code, (b.lowest, b.highest)))
    return problems


def _uneven(ascending: list[Band]) -> list[Problem]:
    problems, reached = [], -1
    for b in ascending:
        if b.lowest > reached + 1:
            problems.append(Problem("gap", figures=(reached + 1, b.lowest - 1)))
        if b.lowest <= reached:
            problems.append(Problem("overlap", b.code, (b.lowest, min(b.highest, reached))))
        reached = max(reached, b.highest)
    if reached < FULL:
        problems.append(Problem("gap", figures=(reached + 1, FULL)))
    return problems
