"""How many visits there are of each state, in a campaign that has tens of thousands."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from campaign.kept import LONGEST
from campaign.models import Campaign, KeptCount, Obligation, SupportVisit
from campaign.numbers import number_kept, number_of, to_keep
from organization.prepared import prepared

KEPT, CONFIRMED = "visits", "confirmed"


@dataclass(frozen=True)
class VisitCounts:
    to_confirm: int = 0
    disputed: int = 0
    confirmed: int = 0

    @property
    def total(self) -> int:
        return self.to_confirm + self.disputed + self.confirmed


def count_visits(visits: QuerySet[SupportVisit]) -> VisitCounts:
    """Of standing visits, in one query."""
    return VisitCounts(**visits.order_by().aggregate(**numbers()))


def numbers() -> dict[str, Count]:
    """By the names of `VisitCounts`, in their order."""
    said = Q(confirmed_at__isnull=False)
    against = Q(disputed_at__isnull=False) & ~said
    return {
        "to_confirm": Count("pk", filter=~said & ~against),
        "disputed": Count("pk", filter=against),
        "confirmed": Count("pk", filter=said),
    }


def counts_of_one(obligation: Obligation) -> VisitCounts:
    """Of an obligation's standing visits."""
    return VisitCounts(*next(iter(of_obligation(obligation=obligation.pk)), ()))


def in_obligation(*, obligation) -> QuerySet:
    visits = SupportVisit.objects.standing().filter(obligation__pk=obligation).order_by()
    return visits.values("obligation").annotate(**numbers()).values_list(*numbers())


of_obligation = prepared(in_obligation, {"obligation": Obligation._meta.pk})


def count_kept(campaign: Campaign, at: datetime) -> dict[str, dict]:
    """What the scheduler keeps (`campaign.kept`): how many were confirmed until then."""
    return {CONFIRMED: to_keep(standing(campaign).confirmed(), "confirmed_at", at)}


def counts_of_all(campaign: Campaign, at: datetime) -> VisitCounts:
    """Of all standing visits of a campaign at a moment; one query.

    Most are confirmed, which is for good: of those only what came since the scheduler's last count
    is looked at, of the others each.
    """
    [row] = counted(campaign=campaign.pk, oldest=at - LONGEST)
    return VisitCounts(*row)


def standing(campaign) -> QuerySet[SupportVisit]:
    return SupportVisit.objects.standing().filter(obligation__campaign=campaign)


def by_state(*, campaign, oldest) -> QuerySet:
    found = standing(campaign)
    kept = KeptCount.objects.filter(campaign=campaign, name=KEPT, part=CONFIRMED)
    kept = kept.filter(counted_at__gt=oldest)
    numbers = {
        "to_confirm": number_of(found.to_confirm(), "obligation"),
        "disputed": number_of(found.disputed(), "obligation"),
        "confirmed": number_kept(found.confirmed(), "confirmed_at", kept, "obligation"),
    }
    # plain: for a model with words in two languages the order of columns is not kept
    campaigns = Campaign.objects.rewrite(False).filter(pk=campaign).order_by()
    return campaigns.annotate(**numbers).values_list(*numbers)


counted = prepared(
    by_state,
    {"campaign": Campaign._meta.pk, "oldest": KeptCount._meta.get_field("counted_at")},
)
