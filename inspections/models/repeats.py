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


def earlier_than(openings: QuerySet, value: Callable[[str], Any]) -> QuerySet:
    """Those of `openings` that came before one finding; `value` gives its fields.

    `value` is a reference (`OuterRef`) in a subquery of many findings, or reads one finding's.
    What was opened at the same moment, in one plan, is no repeat.
    """
    same_line = Q(**{TEXT: value(TEXT)}) | reworded(value)
    return openings.filter(
        same_line,
        project=value("project"),
        opened_at__lt=value("opened_at"),
        requirement__item__code=value("requirement__item__code"),
        requirement__item__rubric__specialty=value("requirement__item__rubric__specialty"),
    )


def reworded(value: Callable[[str], Any]) -> Q:
    """The same number with other words; not where lines were only put in another order."""
    mine = [value(name) for name in ("requirement__item", TEXT)]
    item, text = (OuterRef(each) if isinstance(each, OuterRef) else each for each in mine)
    theirs_moved = Requirement.objects.filter(item=item, text_zh_hans=OuterRef(TEXT))
    mine_moved = Requirement.objects.filter(item=OuterRef("requirement__item"), text_zh_hans=text)
    return (
        Q(requirement__number=value("requirement__number"))
        & ~Exists(theirs_moved)
        & ~Exists(mine_moved)
    )


def count_of_earlier(openings: QuerySet) -> Coalesce:
    counted = earlier_than(openings, OuterRef).order_by().values("project")
    return Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0)
