"""A deduction rule as it was understood; what an item loses, and on which occasion."""

from dataclasses import dataclass
from decimal import Decimal

from scoring.engine import Kind


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of an item: its own words, its kind, and the points that it takes.

    `each`: it is the price of one missing requirement (每缺一项扣0.5-2分), which an item has at
    most one of; any other names an occasion of its own (未以文件形式发布的，扣1分). `kind` is None
    for words that were not understood and wait for a person. Figures are points lost, of one
    occurrence for PER_OCCURRENCE; LOSE_ITEM has none; LEVELS has its amounts in `levels`, with
    the smallest and the largest as minimum and maximum.
    """

    text: str
    kind: Kind | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    levels: tuple[Decimal, ...] = ()
    each: bool = False

    @property
    def understood(self) -> bool:
        return self.kind is not None
