"""On-site support in one's work: visits to confirm, visits that a project objects to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign, SupportVisit
from organization import states
from organization.models import User
from portal.queues import led_by
from portal.work.campaigns import Campaigns
from portal.work.rows import Row, waited


@dataclass(frozen=True)
class Pile:
    """How many visits of a campaign, and since when the first of them."""

    campaign: Campaign
    number: int
    oldest: datetime


def visits_to_confirm(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """For a project's leaders: one line for all visits that wait for their word."""
    mine = SupportVisit.objects.confirmable_by(person)
    for pile in piles(mine, "logged_at", campaigns):
        words = ngettext("%(count)d 次现场督导待确认", "%(count)d 次现场督导待确认", pile.number)
        yield row(pile, words, _("确认"), state=states.WAITING_CONFIRM, shown="to_confirm", at=at)


def visits_objected_to(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """For a specialty's lead: what projects object to has to be corrected or withdrawn."""
    mine = SupportVisit.objects.disputed().filter(obligation__specialty__in=led_by(person))
    for pile in piles(mine, "disputed_at", campaigns):
        words = ngettext("%(count)d 次现场督导有异议", "%(count)d 次现场督导有异议", pile.number)
        yield row(pile, words, _("处理"), state=states.DISPUTED, shown="disputed", at=at)


def piles(visits: QuerySet, since: str, campaigns: Campaigns) -> Iterator[Pile]:
    """Of each running campaign."""
    found = visits.order_by().values_list("obligation__campaign")
    for key, number, oldest in found.annotate(Count("pk"), Min(since)):
        if campaign := campaigns.running.get(key):
            yield Pile(campaign, number, oldest)


def row(pile: Pile, words: str, action: str, *, state, shown: str, at: datetime) -> Row:
    return Row(
        title=words % {"count": pile.number},
        meta=str(pile.campaign),
        state=state,
        url=reverse("visits", args=[pile.campaign.code]) + f"?state={shown}",
        action=action,
        since=pile.oldest,
        count=pile.number,
        note=waited(pile.oldest, at),
    )
