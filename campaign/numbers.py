"""How many rows of a campaign there are, as a column of a query."""

from django.db.models import (
    Case,
    Exists,
    Func,
    IntegerField,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from campaign.models import KeptCount


def number_of(found: QuerySet, column: str = "campaign") -> Subquery:
    """Of rows that all have something in the column: counted along an index where one holds just
    them.
    """
    # no Count: Django groups by something then, which takes as long again
    number = Func(column, function="COUNT", output_field=IntegerField())
    return Subquery(found.order_by().annotate(number=number).values("number"))


def number_kept(
    found: QuerySet, moment: str, kept: QuerySet[KeptCount], column: str = "campaign"
) -> Case:
    """Of rows that only become more: what is kept (`campaign.kept`; one row or none, with
    `figures` {"number": n}) and those since, by the moment's name; else all of them.
    """
    number = Cast(KT("figures__number"), IntegerField())
    before = Subquery(kept.annotate(number=number).values("number"))
    since = found.filter(**{f"{moment}__gt": Subquery(kept.values("counted_at"))})
    return Case(
        When(Exists(kept), then=before + number_of(since, column)),
        default=number_of(found, column),
        output_field=IntegerField(),
    )
