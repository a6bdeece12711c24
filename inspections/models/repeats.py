"""The same requirement opened again in the same project, whatever version of its rubric it is of.

A requirement's identity is what outlives versions and campaigns: its specialty, its item's code
(`scoring.codes` keeps it), and in the item its text; or its number, where the text was reworded.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from scoring.models import Requirement

# The company's own words, also for a reader of another language.
TEXT = "requirement__text_zh_hans"
Values = Callable[[str], Any]


def earlier_than(openings: QuerySet, value: Values) -> QuerySet:
    """Those of `openings` that came before one finding; `value` gives its fields.

    `value` is a reference (`OuterRef`) in a subquery of many findings, or reads one finding's.
    What was opened at the same moment, in one plan, is no repeat.
    """
    return openings.filter(
        project=value("project"),
        requirement__in=the_same(inner(value)).values("pk"),
        opened_at__lt=value("opened_at"),
    )


def the_same(value: Values) -> QuerySet[Requirement]:
    """A finding's requirement in all versions: found by rubric, item and line, a few at most."""
    return Requirement.objects.filter(
        Q(text_zh_hans=value(TEXT)) | reworded(value),
        item__rubric__specialty=value("requirement__item__rubric__specialty"),
        item__code=value("requirement__item__code"),
    )


def reworded(value: Values) -> Q:
    """The same number with other words; not where lines were only put in another order."""
    deeper = inner(value)
    theirs_moved = Requirement.objects.filter(
        item=deeper("requirement__item"), text_zh_hans=OuterRef("text_zh_hans")
    )
    mine_moved = Requirement.objects.filter(item=OuterRef("item"), text_zh_hans=deeper(TEXT))
    return Q(number=value("requirement__number")) & ~Exists(theirs_moved) & ~Exists(mine_moved)


def inner(value: Values) -> Values:
    """The same fields as a subquery of the subquery calls them."""

    def named(name: str) -> Any:
        found = value(name)
        return OuterRef(found) if isinstance(found, OuterRef) else found

    return named


def count_of_earlier(openings: QuerySet) -> Coalesce:
    counted = earlier_than(openings, OuterRef).order_by().values("project")
    return Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0)
