"""What the ledger's rows are about, in words: titles and addresses as they are at this moment.

Planning copies keys from table to table; the words are found when a message is written, in the
language of whoever reads it.
"""

from collections.abc import Iterable

from django.utils import translation

from campaign.models import Campaign, Reminder
from campaign.registry import Line, kind_of, named
from campaign.reminders.speaking import PHASE, named_phases
from campaign.telling import language_of, one_line


def named_rows(rows: Iterable[Reminder], *, language: str = "") -> dict[int, Line]:
    """Title and address of each row by its id; rows whose thing is gone are left out.

    In `language`, else in that of each row's person. What has a title of its own keeps it. Takes
    a fixed number of queries per campaign, kind of thing and language. `campaign` and `person`
    should be loaded with the rows.
    """
    rows = list(rows)
    lines = {row.pk: Line(row.title, row.url) for row in rows if row.title}
    groups: dict[tuple[str, Campaign], list[Reminder]] = {}
    for row in rows:
        if not row.title:
            spoken = language or language_of(row.person)
            groups.setdefault((spoken, row.campaign), []).append(row)
    for (spoken, campaign), some in groups.items():
        with translation.override(spoken):
            words = lines_of(campaign, {row.thing for row in some})
        lines |= {row.pk: words[row.thing] for row in some if row.thing in words}
    return lines


def lines_of(campaign: Campaign, things: set[str]) -> dict[str, Line]:
    """What things of a campaign are called in the active language, each on one line."""
    phases = {thing for thing in things if kind_of(thing) == PHASE}
    found = named(campaign, things - phases)
    if phases:
        found |= named_phases(campaign, phases)
    return {thing: Line(one_line(line.title), line.url) for thing, line in found.items()}
