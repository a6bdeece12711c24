"""Points lost → item → sheet → composite → band → rank, as pure arithmetic.

Plain values in, plain values out: the engine knows neither Django nor the
database, so pages, commands, the rebuild and `verify` all get the same figures.
Points, weights and composites are `Decimal`; between them everything is an exact
`Fraction`, and each figure is rounded once (ruling 7). Numbered rulings are those
of the domain page. A `ValueError` means that the caller handed in what no rubric,
sheet or campaign can hold.

Rooms: `figures` (rounding, every constant that moves a figure), `rules` (how an
item loses points), `sheets` (observations to sheet score), `composites` (sheets to
composite and rank), `bands` (composite to band), `recovery` (what would bring which band).
"""

from scoring.engine.bands import Band, Bands, band, check_bands, thresholds
from scoring.engine.composites import Composite, Part, check_weights, composite, rank
from scoring.engine.figures import (
    FLOOR,
    FULL,
    HALF_UP,
    STEP,
    Problem,
    half_up,
    least,
    ratio,
    rounded,
)
from scoring.engine.recovery import (
    Finished,
    Fix,
    best_ways,
    composite_with,
    fewest,
    fewest_of,
    fix_of,
)
from scoring.engine.rules import (
    Deduction,
    Item,
    ItemScore,
    Kind,
    Rule,
    amount_problem,
    points_lost,
)
from scoring.engine.sections import SectionPoints
from scoring.engine.sheets import (
    Critical,
    Seen,
    SheetScore,
    account,
    deductions,
    score_item,
    score_sheet,
    shown,
)

__all__ = [
    "FLOOR",
    "FULL",
    "HALF_UP",
    "STEP",
    "Band",
    "Bands",
    "Composite",
    "Critical",
    "Deduction",
    "Finished",
    "Fix",
    "Item",
    "ItemScore",
    "Kind",
    "Part",
    "Problem",
    "Rule",
    "SectionPoints",
    "Seen",
    "SheetScore",
    "account",
    "amount_problem",
    "band",
    "best_ways",
    "check_bands",
    "check_weights",
    "composite",
    "composite_with",
    "deductions",
    "fewest",
    "fewest_of",
    "fix_of",
    "half_up",
    "least",
    "points_lost",
    "rank",
    "ratio",
    "rounded",
    "score_item",
    "score_sheet",
    "shown",
    "thresholds",
]
