"""Appeals that nobody has decided yet, as something owed (campaign.registry.DUE_SOURCES)."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaign.models import Campaign
from campaign.owed import holders, ids_in, owed_rows, thing_named
from campaign.registry import DueSource, Line
from inspections.models import Appeal
from organization.roles import Role


def owed_appeals(campaign: Campaign, at: datetime) -> Iterator[QuerySet]:
    """By the last day of the window, for settlements wait: from the center, but not from who saw
    the fault; from the executives where nobody is left of the center.
    """
    undecided = Appeal.objects.undecided().filter(sheet__campaign=campaign)
    for person in holders(Role.MANAGEMENT_CENTER):
        yield rows(undecided.decidable_by(person), person)
    left = undecided.left_by_center()
    for person in holders(Role.EXECUTIVE):
        yield rows(left.decidable_by(person), person)


def rows(appeals: QuerySet[Appeal], person: int) -> QuerySet:
    thing = thing_named("appeal", "pk")
    return owed_rows(appeals, thing=thing, due="due", person=person, project="sheet__project")


def named_appeals(campaign: Campaign, things: Collection[str]) -> dict[str, Line]:
    ids = [int(key) for (key,) in ids_in(things).values()]
    found = Appeal.objects.filter(sheet__campaign=campaign, pk__in=ids)
    lines = {}
    for appeal in found.select_related("sheet__project", "sheet__specialty", "item"):
        appeal.sheet.campaign = campaign
        title = _("决定申诉：%(appeal)s") % {"appeal": appeal}
        lines[f"appeal:{appeal.pk}"] = Line(title, appeal.get_absolute_url())
    return lines


APPEALS = DueSource("appeal", owed_appeals, named_appeals)
