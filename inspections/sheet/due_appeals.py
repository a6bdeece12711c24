"""Objections that nobody has decided yet, as something owed (campaign.registry.DUE_SOURCES)."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.models import Campaign
from campaign.owed import holders, ids_in, local_day_of, owed_rows, thing_named
from campaign.registry import DueSource, Line
from organization.roles import Role
from scoring.models import Score


def owed_appeals(campaign: Campaign, at: datetime) -> Iterator[QuerySet]:
    """Decided by the end of the window in which the project may object: settlements wait."""
    undecided = Score.objects.audits().filter(
        campaign=campaign, open_objections__gt=0, objections_until__isnull=False
    )
    # the window ends with the first moment after its last day
    last = ExpressionWrapper(F("objections_until") - timedelta(seconds=1), DateTimeField())
    for person in holders(Role.MANAGEMENT_CENTER):
        yield owed_rows(
            undecided,
            thing=thing_named("appeal", "pk"),
            due=local_day_of(last),
            person=person,
            project="project",
        )


def named_appeals(campaign: Campaign, things: Collection[str]) -> dict[str, Line]:
    scores = Score.objects.filter(
        campaign=campaign, pk__in=[int(key) for (key,) in ids_in(things).values()]
    )
    return {
        f"appeal:{score.pk}": Line(
            _("处理申诉：%(score)s") % {"score": score},
            reverse("project_result", args=[campaign.code, score.project.code]),
        )
        for score in scores.select_related("project", "specialty")
    }


APPEALS = DueSource("appeal", owed_appeals, named_appeals)
