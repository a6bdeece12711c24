"""Whether what the ledger wants to be said still holds: asked once more before it is said."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain, groupby

from django.db.models import QuerySet, Value

from campaign.models import Campaign, Reminder
from campaign.models.reminders import NOTICE
from campaign.registry import kind_of, owed
from campaign.reminders.escalation import told_above_now
from campaign.reminders.lost import REPEAT
from campaign.reminders.rules import is_escalation
from campaign.reminders.speaking import KEY, PHASE, Key, phases_speaking, speaking
from campaign.reminders.terms import terms_of


def key_of(row: Reminder) -> Key:
    """What the ledger tells a row apart by, beside its channel; a repeat is of the same."""
    return row.person_id, row.thing, row.rule, row.occurrence.replace(REPEAT, "")


def still_owed(rows: Iterable[Reminder], *, at: datetime) -> set[Key]:
    """Those keys of the rows that hold at a moment: still open, on this day, by this rule.

    For a batch of nudges: notices are facts, nothing is asked of them. Asks the sources about
    the people and things of the rows only, so it stays quick however much a campaign owes; a
    fixed number of queries per campaign and kind of thing.
    """
    nudges = sorted((row for row in rows if row.rule != NOTICE), key=lambda row: row.campaign_id)
    campaigns = Campaign.objects.running().in_bulk({row.campaign_id for row in nudges})
    found: set[Key] = set()
    for pk, some in groupby(nudges, key=lambda row: row.campaign_id):
        if pk in campaigns:
            found |= holding_in(campaigns[pk], list(some), at=at)
    return found


def holding_in(campaign: Campaign, rows: list[Reminder], *, at: datetime) -> set[Key]:
    terms = terms_of(campaign)
    above = {row.thing for row in rows if is_escalation(row.rule)}
    own = [row for row in rows if not is_escalation(row.rule)]
    people, things = {row.person_id for row in own}, {row.thing for row in own}
    found = told_above_now(campaign, above, terms, at=at)
    kinds = {kind_of(thing) for thing in things}
    said = [*speaking(campaign, owed(campaign, at=at, kinds=kinds), terms, at=at)]
    if PHASE in kinds:
        said.append(phases_speaking(campaign, terms, at=at))
    for rows in chain.from_iterable(said):
        if concerns(rows, people):
            mine = rows.filter(person__in=people, thing__in=things)
            found.update(mine.values_list(*KEY))
    return found


def concerns(rows: QuerySet, people: set[int]) -> bool:
    """Whether rows may be of these people; those of one person alone say of whom."""
    person = rows.query.annotations.get("person")
    return not isinstance(person, Value) or person.value in people
