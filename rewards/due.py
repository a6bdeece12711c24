"""A settlement that waits for the president, as something owed (registry.DUE_SOURCES)."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.models import Campaign
from campaign.owed import holders, ids_in, owed_rows, thing_named
from campaign.registry import DueSource, Line
from organization.roles import Role


def owed_settlements(campaign: Campaign, at: datetime) -> Iterator[QuerySet]:
    """The plan names no day for its approval: it is due on the campaign's last."""
    last_day = campaign.phases.aggregate(last=Max("end"))["last"]
    waiting = campaign.settlements.filter(submitted_at__isnull=False, approved_at__isnull=True)
    if last_day is None:
        return
    for person in holders(Role.PRESIDENT):
        thing = thing_named("settlement", "pk")
        yield owed_rows(waiting, thing=thing, due=last_day, person=person)


def named_settlements(campaign: Campaign, things: Collection[str]) -> dict[str, Line]:
    url = reverse("settlement", args=[campaign.code])
    ids = [int(key) for (key,) in ids_in(things).values()]
    return {
        f"settlement:{each.pk}": Line(_("审批奖惩结算：%(campaign)s") % {"campaign": campaign}, url)
        for each in campaign.settlements.filter(pk__in=ids)
    }


SETTLEMENTS = DueSource("settlement", owed_settlements, named_settlements)
