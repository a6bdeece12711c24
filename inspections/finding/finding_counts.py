"""How many findings there are of each state, in a campaign that has a hundred thousand."""

from datetime import datetime

from django.db.models import Q, QuerySet, Subquery

from campaign.kept import LONGEST
from campaign.models import Campaign, KeptCount
from campaign.numbers import number_kept, number_of, to_keep
from inspections.finding.extension_counts import KEPT, count_waiting
from inspections.finding.finding_filters import OPEN, SOON, conditions
from inspections.models import Finding
from organization.clock import local_day
from organization.prepared import prepared

COUNTED = ("today", "soon", "overdue", "reopened", "waiting")


def count_kept(campaign: Campaign, at: datetime) -> dict[str, dict]:
    """What the scheduler keeps (`campaign.kept`): how many were verified until then, and how many
    requests for a later date waited.
    """
    found = Finding.objects.opened().filter(campaign=campaign)
    return {"verified": to_keep(found, "verified_at", at)} | count_waiting(campaign, at)


def counts_of_all(
    campaign: Campaign, at: datetime, crowd: tuple[str, int] | None = None
) -> tuple[dict[str, int], tuple]:
    """Tab -> number of all findings in force of a campaign at a moment; one query.

    With a tab and a number (`crowd`) also the first day that something of it is due, and the day
    of what comes so many later; else nothing beside the numbers.

    Several counts, each along an index that holds nothing else: most findings are over, and
    one that looks at all of them for each state takes four times as long. Of those that are over,
    only what was verified since the scheduler's last count is looked at: nothing takes that back
    but a revision of the plan, which the next count in two minutes will know.
    """
    today = local_day(at)
    about = {"campaign": campaign.pk, "today": today, "soon": today + SOON}
    [row] = counted(**about, oldest=at - LONGEST, crowd=crowd)
    names = (*COUNTED, "verified", "dated", "undated")
    counts = dict(zip(names, row[: len(names)], strict=True))
    counts["later"] = counts.pop("dated") + counts.pop("undated")
    counts["open"] = counts["overdue"] + counts["soon"] + counts["later"]
    counts["all"] = counts["open"] + counts["waiting"] + counts["verified"]
    return counts, row[len(names) :]


def by_state(*, campaign, today, soon, oldest, crowd: tuple[str, int] | None) -> QuerySet:
    found = Finding.objects.opened().filter(campaign=campaign)
    known = conditions(today, soon)
    numbers = [number_of(found.filter(known[code])) for code in COUNTED]
    kept = KeptCount.objects.filter(campaign=campaign, name=KEPT, part="verified")
    kept = kept.filter(counted_at__gt=oldest)
    numbers.append(number_kept(found.filter(known["verified"]), "verified_at", kept))
    numbers += [number_of(found.filter(OPEN, part)) for part in (Q(due__gt=soon), Q(due=None))]
    if crowd:
        tab, later = crowd
        days = found.filter(known[tab]).order_by("due").values("due")
        numbers += [Subquery(days[:1]), Subquery(days[later : later + 1])]
    numbers = {f"count{place}": number for place, number in enumerate(numbers)}
    # plain: for a model with words in two languages the order of columns is not kept
    campaigns = Campaign.objects.rewrite(False).filter(pk=campaign).order_by()
    return campaigns.annotate(**numbers).values_list(*numbers)


DAY = Finding._meta.get_field("due")
counted = prepared(
    by_state,
    {
        "campaign": Campaign._meta.pk,
        "today": DAY,
        "soon": DAY,
        "oldest": KeptCount._meta.get_field("counted_at"),
    },
)
