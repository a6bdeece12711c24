"""What was understood of a rubric's table: items, sums, and what is amiss."""

from dataclasses import dataclass, field
from decimal import Decimal

from .header import Header
from .messages import Message
from .rules import Rule


@dataclass(frozen=True)
class Item:
    """One item as it was understood; what is unknown is None or empty.

    `points` are points; `rule` is the cell's whole text and `rules` what it says. `critical` says
    for each requirement whether it is critical: "", "zero" or "cap". `cells` says for section,
    name, standard, requirements, points and rule which cell each was read from, or should have
    been. `rows` are the numbers of the item's rows on the sheet.
    """

    section: str
    name: str
    standard: str
    requirements: tuple[str, ...]
    points: Decimal | None
    rules: tuple[Rule, ...]
    rule: str
    cells: dict[str, str]
    requirement_cells: tuple[str, ...]
    rows: tuple[int, ...]
    code: str | None = None
    photo_required: bool = False
    critical: tuple[str, ...] = ()

    @property
    def price(self) -> Rule | None:
        """What a missing requirement costs, where the form says so."""
        return next((rule for rule in self.rules if rule.each), None)

    @property
    def deduct_min(self) -> Decimal | None:
        return self.price.minimum if self.price else None

    @property
    def deduct_max(self) -> Decimal | None:
        return self.price.maximum if self.price else None

    @property
    def settled(self) -> bool:
        """Whether there are rules and all of them are understood."""
        return bool(self.rules) and all(rule.understood for rule in self.rules)

    @property
    def complete(self) -> bool:
        return bool(self.points and self.settled and self.requirements)


@dataclass
class Understood:
    """A rubric as read from one table.

    `stated_total` are the points that the table's own 合计 claims, `weight_percent` what its 备注
    proposes; either may be None. `header` and `total_row` say where on the sheet they stand.
    """

    sheet: str | None = None
    title: str = ""
    items: list[Item] = field(default_factory=list)
    stated_total: Decimal | None = None
    weight_percent: Decimal | None = None
    header: Header | None = None
    total_row: int | None = None
    errors: list[Message] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)

    @property
    def total(self) -> Decimal | None:
        """The points of all items together; None while no item has any."""
        known = [item.points for item in self.items if item.points is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def sections(self) -> list[str]:
        """The sections' names in order, each once."""
        return list(dict.fromkeys(item.section for item in self.items))

    @property
    def complete(self) -> bool:
        """Whether nothing is amiss and nothing is missing that publishing needs."""
        return not self.errors and bool(self.items) and all(item.complete for item in self.items)
