"""How many rows of a campaign there are, as a column of a query."""

from datetime import datetime, timedelta

from django.db.models import (
    Case,
    Exists,
    F,
    Func,
    IntegerField,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from campaign.models import KeptCount

UNDER_WAY = timedelta(minutes=1)  # longer than anything that is written takes to be committed


def number_of(found: QuerySet, column: str = "campaign") -> Subquery:
    """Of rows that all have something in the column: counted along an index where one holds just
    them.
    """
    # no Count: Django groups by something then, which takes as long again
    number = Func(column, function="COUNT", output_field=IntegerField())
    return Subquery(found.order_by().annotate(number=number).values("number"))


def to_keep(found: QuerySet, moment: str, at: datetime) -> dict[str, int]:
    """What `number_kept` takes for kept, counted at a moment: but for the last minute, of which
    somebody's work may not be committed yet.
    """
    return {"number": found.filter(**{f"{moment}__lte": at - UNDER_WAY}).count()}


def number_kept(
    found: QuerySet, moment: str, kept: QuerySet[KeptCount], column: str = "campaign"
) -> Case:
    """Of rows that only become more: what is kept (`campaign.kept`; one row or none, with the
    figures of `to_keep`) and those since, by the moment's name; else all of them.
    """
    number = Cast(KT("figures__number"), IntegerField())
    before = Subquery(kept.annotate(number=number).values("number"))
    until = kept.annotate(until=F("counted_at") - UNDER_WAY).values("until")
    since = found.filter(**{f"{moment}__gt": Subquery(until)})
    return Case(
        When(Exists(kept), then=before + number_of(since, column)),
        default=number_of(found, column),
        output_field=IntegerField(),
    )
