"""How many requests for a later date wait, in campaigns that have thousands of them.

To count them all, a database joins them with every finding that is not over. So the scheduler keeps
their number (`campaign.kept`), and only what has changed since is looked at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, Min, OuterRef, QuerySet, Value

from campaign.kept import LONGEST
from campaign.models import Campaign, KeptCount
from inspections.models import Extension, Finding
from organization.models import User
from organization.prepared import Unforeseen, prepared

KEPT, PART = "findings", "extensions"


@dataclass
class Waiting:
    number: int
    oldest: datetime | None = None


def count_waiting(campaign: Campaign, at: datetime) -> dict[str, dict]:
    """What the scheduler keeps: how many that were asked for until then waited, the first of them
    and the first that somebody else asked for.
    """
    waiting = Extension.objects.waiting().filter(finding__campaign=campaign, asked_at__lte=at)
    in_order = waiting.order_by("asked_at", "pk").values_list("asked_at", "asked_by")
    first = list(in_order[:1])
    first += list(in_order.exclude(asked_by=first[0][1])[:1]) if first else []
    oldest = [[asked_at.isoformat(), asked_by] for asked_at, asked_by in first]
    return {PART: {"number": waiting.count(), "oldest": oldest}}


def in_campaigns(waiting: QuerySet[Extension], campaigns: Iterable) -> QuerySet:
    """(campaign, how many, since when), by a campaign that is reckoned: by its own, SQLite would
    go through all findings in order.
    """
    found = waiting.filter(finding__campaign__pk__in=campaigns)
    return by_campaign(found, "finding__campaign", "asked_at")


def by_campaign(found: QuerySet, campaign: str, since: str) -> QuerySet:
    found = found.annotate(held=F(campaign) + 0).order_by().values("held")
    return found.annotate(number=Count("*"), oldest=Min(since))


def all_of(*, person, campaigns) -> QuerySet:
    waiting = in_campaigns(Extension.objects.waiting().exclude(asked_by=person), campaigns)
    return waiting.values_list("held", "number", "oldest")


def changes(*, person, campaigns, since, at) -> QuerySet:
    """(campaign, how many, +1 or -1, since when): what to add to what waited then, and take away.

    What a revision of a plan withdrew is left to the next count, in two minutes.
    """
    undecided, asked_before = Extension.objects.undecided(), {"asked_at__lte": since}
    lately = Unforeseen(since), Unforeseen(at)
    decided = Extension.objects.filter(**asked_before)
    here = {"finding__verified_at": None, "finding__withdrawn_at": None}
    # from the findings, which are few: SQLite would look at all requests
    lapsed = undecided.filter(finding=OuterRef("pk"), **asked_before)
    verified = Finding.objects.filter(Exists(lapsed), campaign__pk__in=campaigns)
    parts = (
        (in_campaigns(between(undecided, "asked_at", *lately).filter(**here), campaigns), 1),
        (in_campaigns(between(decided, "decided_at", *lately), campaigns), -1),
        (in_campaigns(undecided.filter(asked_by=person, **here), campaigns), -1),
        (by_campaign(between(verified, "verified_at", *lately), "campaign", "verified_at"), -1),
    )
    first, *rest = (
        found.annotate(sign=Value(sign)).values_list("held", "number", "sign", "oldest")
        for found, sign in parts
    )
    return first.union(*rest, all=True)


def between(found: QuerySet, moment: str, since, at) -> QuerySet:
    return found.filter(**{f"{moment}__gt": since, f"{moment}__lte": at})


def kept_of(*, campaigns, oldest) -> QuerySet[KeptCount]:
    kept = KeptCount.objects.filter(campaign__pk__in=campaigns, name=KEPT, part=PART)
    return kept.filter(counted_at__gt=oldest).order_by()


FOR = {"person": User._meta.pk, "campaigns": Campaign._meta.pk}
COUNTED = KeptCount._meta.get_field("counted_at")
counted, changed = prepared(all_of, FOR), prepared(changes, FOR | {"since": COUNTED, "at": COUNTED})
kept = prepared(kept_of, {"campaigns": Campaign._meta.pk, "oldest": COUNTED})


def waiting_for(person: int, campaigns: Sequence[int], *, at: datetime) -> dict[int, Waiting]:
    """By running campaign what others than this person (an id) asked for; two queries."""
    found: dict[int, Waiting] = {}
    since = None
    for each in kept(campaigns=campaigns, oldest=at - LONGEST):
        first = (asked for asked, by in each.figures["oldest"] if by != person)
        oldest = next(map(datetime.fromisoformat, first), None)
        found[each.campaign_id] = Waiting(each.figures["number"], oldest)
        since = since or each.counted_at
    if since:  # one task counts all of them
        rows = changed(person=person, campaigns=[*found], since=since, at=at)
        for campaign, number, sign, oldest in rows:
            found[campaign].number += sign * number
            if sign > 0:
                found[campaign].oldest = found[campaign].oldest or oldest
    if left := [pk for pk in campaigns if pk not in found]:
        for campaign, number, oldest in counted(person=person, campaigns=left):
            found[campaign] = Waiting(number, oldest)
    return {pk: each for pk, each in found.items() if each.number > 0}
