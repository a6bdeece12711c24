"""A rubric's items as the engine takes them."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from scoring import engine
from scoring.content import stored_rules
from scoring.forms import Rule
from scoring.models import Item, Requirement, Rubric

KEPT_IN_CACHE = 64  # a campaign has a handful


def engine_items(rubric: Rubric) -> tuple[engine.Item, ...]:
    """A rubric's items in order, each with the price of a missing requirement (code "") and its
    further rules (r1, r2 …).

    Those of a published rubric are kept in this process: they never change.
    """
    if rubric.published_at is None:
        return read_items(rubric.pk)
    return _published_items(rubric.pk, rubric.published_at)


@lru_cache(maxsize=KEPT_IN_CACHE)
def _published_items(pk: int, published_at: datetime) -> tuple[engine.Item, ...]:
    return read_items(pk)


def forget_published_items() -> None:
    """For tests, where a rolled back transaction gives the same id to another rubric."""
    _published_items.cache_clear()


def read_items(pk: int) -> tuple[engine.Item, ...]:
    """The same, always from the database."""
    items = Item.objects.filter(rubric=pk).order_by("order", "pk").prefetch_related("rules")
    return tuple(engine.Item(i.code, i.points or Decimal(0), tuple(_rules(i))) for i in items)


def _rules(item: Item) -> Iterable[engine.Rule]:
    rules = [rule for rule, _english in stored_rules(item)]
    yield from (_rule(rule, "") for rule in rules if rule.each)
    further = enumerate((rule for rule in rules if not rule.each), start=1)
    yield from (_rule(rule, f"r{number}") for number, rule in further if rule.kind)


def _rule(rule: Rule, code: str) -> engine.Rule:
    low, high = rule.minimum or Decimal(0), rule.maximum or Decimal(0)
    return engine.Rule(rule.kind, low, high, rule.levels, code)


def critical_requirements(rubric: Rubric) -> dict[tuple[str, str | None], engine.Critical]:
    """What a missing requirement does, by item code and number, where it is critical (ruling 4)."""
    rows = Requirement.objects.filter(item__rubric=rubric).exclude(critical="")
    rows = rows.values_list("item__code", "number", "critical")
    return {(code, str(number)): engine.Critical(mark) for code, number, mark in rows}
