"""How an item loses points (ruling 4), and what it is left with."""

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from scoring.engine.figures import STEP, ZERO, refuse_negative


class Kind(StrEnum):
    """The kinds of deduction rule; the plan has only ranges."""

    RANGE = "range"  # an amount between two figures per missing requirement
    FIXED = "fixed"  # always the same amount
    PER_OCCURRENCE = "per_occurrence"  # an amount times a count
    LOSE_ITEM = "lose_item"  # whatever the item has left
    LEVELS = "levels"  # one of a few amounts
    EXTRA = "extra"  # beyond the item, where the campaign allows it


RANGE, LOSE_ITEM, EXTRA = Kind.RANGE, Kind.LOSE_ITEM, Kind.EXTRA  # asked for millions of times


@dataclass(frozen=True, slots=True)
class Rule:
    """One deduction rule, in points lost; the plan's, the only one of its item, needs no code.

    A fixed amount has `minimum == maximum`. `levels` are the amounts of a LEVELS
    rule: 符合 2.0, 基本符合 1.0, 不符合 0 on an item of 2 points is 0, 1 and 2.
    """

    kind: Kind
    minimum: Decimal = ZERO
    maximum: Decimal = ZERO
    levels: tuple[Decimal, ...] = ()
    code: str = ""


class Deduction(NamedTuple):
    """What one requirement (or one rule) costs, and the observation that counts.

    Points are the observation's own, before the item's floor at zero; for a lost
    item they are what the other deductions leave of it.
    """

    item: str
    requirement: str | None
    points: Decimal
    observation: Hashable
    kind: Kind = Kind.RANGE
    rule: str = ""


class ItemScore(NamedTuple):
    """An item's points: `kept + lost == possible`; `extra` is lost beyond the item."""

    code: str
    possible: Decimal
    kept: Decimal
    lost: Decimal
    lines: tuple[Deduction, ...] = ()
    extra: Decimal = ZERO
    not_applicable: bool = False


@dataclass(frozen=True)
class Item:
    """One line of a rubric: the points it is worth and how they are lost."""

    code: str
    points: Decimal
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        refuse_negative(self.points, "points of item", self.code)

    @cached_property
    def untouched(self) -> ItemScore:
        """What it keeps where nothing was seen of it: made once, for most items of most sheets
        have nothing, and all results made again have millions.
        """
        return ItemScore(self.code, self.points, self.points, ZERO)

    def rule(self, code: str = "") -> Rule:
        """The rule with this code; `ValueError` when the item has none such."""
        for rule in self.rules:
            if rule.code == code:
                return rule
        raise ValueError(f"item {self.code} has no rule {code!r}")


def amount_problem(rule: Rule, amount: Decimal) -> str | None:
    """Why a rule does not allow this amount: below, above, step, level, or None.

    For a rule per occurrence it is the amount of one occurrence. An amount that a
    person chooses goes in tenths (ruling 2); one that the rubric fixes is as it is.
    Losing the item takes no amount, so any will do.
    """
    if rule.kind == Kind.LOSE_ITEM:
        return None
    if rule.kind == Kind.LEVELS:
        return None if amount in rule.levels else "level"
    if amount < rule.minimum:
        return "below"
    if amount > rule.maximum:
        return "above"
    return "step" if rule.minimum != rule.maximum and amount % STEP else None


def points_lost(item: Item, *, rule: str = "", amount: Decimal, count: int = 1) -> Decimal:
    """What one observation costs, in points, before the item's floor at zero.

    `amount` is what the auditor chose, of one occurrence; `rule` the code of the
    item's rule. `ValueError` when the rule does not allow the amount or the count.
    """
    applied = item.rule(rule)
    if applied.kind == Kind.LOSE_ITEM:
        return item.points
    if problem := amount_problem(applied, amount):
        raise ValueError(f"item {item.code} does not allow {amount} ({problem})")
    if count < 1 or (count > 1 and applied.kind != Kind.PER_OCCURRENCE):
        raise ValueError(f"item {item.code} does not allow a count of {count}")
    return amount * count
