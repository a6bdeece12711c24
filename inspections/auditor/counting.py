"""Keeps what auditors saw in all, of handed-in audit sheets, and adds what is not in it yet.

A tap or a hand-in writes nothing here: the scheduler's task counts what was handed in since, and
whoever reads meanwhile adds the few sheets that it has not come to. A sheet says in `compared` how
many of its events are counted; what comes later (a late observation) makes it due again, and then
exactly what was counted is taken out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby, islice
from operator import itemgetter

from django.db import transaction
from django.db.models import F

from campaign.models import Campaign
from inspections.auditor.severity import Tally
from inspections.models import AuditorCount, LookCount, Observation, ScoreSheet
from inspections.words import ObservationKind
from organization.bulk import insert, rewrite
from organization.models import Specialty
from organization.plain import plain
from scoring.models.results import ScoreKind

BATCH = 500
SEEN = {ObservationKind.MISSING.value, ObservationKind.CONFORMS.value}
WITHDRAWAL = ObservationKind.WITHDRAWAL.value
EVENT = ("sheet_id", "pk", "place", "kind", "by_id", "item_id", "requirement_id", "rule_id",
         "points", "withdraws_id")  # fmt: skip
SHEET = ("pk", "campaign_id", "specialty_id", "kind", "events", "compared")


def tally_of(campaign: Campaign, specialty: Specialty | None = None) -> Tally:
    """What auditors saw in all, of all specialties or one: three queries, and two for every few
    hundred sheets that nobody has counted yet.
    """
    tally, about = Tally(), {"campaign": campaign}
    if specialty:
        about["specialty"] = specialty
    looks = LookCount.objects.filter(**about)
    for row in looks.values_list("auditor_id", "item_id", "looks", "hundredths").iterator():
        tally.add_looks(*row)
    people = AuditorCount.objects.filter(**about)
    for row in people.values_list("auditor_id", "sheets", "shared", "agreed").iterator():
        tally.add_person(*row)
    sheets = plain(uncounted().filter(**about, kind=ScoreKind.AUDIT), *SHEET)
    while batch := list(islice(sheets, BATCH)):
        for times, _sheet, seen in moves(batch):
            tally.add_sheet(seen, times)
    return tally


def uncounted():
    """Sheets of which something was handed in that is not counted."""
    handed_in = ScoreSheet.objects.filter(submitted_at__isnull=False)
    return handed_in.exclude(compared=F("events")).order_by()


def count_looks(limit: int = 20_000) -> int:
    """Count what was handed in since, at most so many sheets; returns how many it counted.

    Two at once never count the same: each holds the sheets that it counts.
    """
    counted = 0
    while counted < limit and (number := count_some()):
        counted += number
    return counted


@transaction.atomic
def count_some() -> int:
    held = uncounted().select_for_update(skip_locked=True).order_by("pk")[:BATCH]
    sheets = list(held.values_list(*SHEET))
    tallies: dict[tuple[int, int], Tally] = defaultdict(Tally)
    for times, sheet, seen in moves([row for row in sheets if row[3] == ScoreKind.AUDIT]):
        tallies[sheet[1:3]].add_sheet(seen, times)
    write(tallies)
    rewrite(ScoreSheet, ["compared"], [(row[4], row[0]) for row in sheets])
    return len(sheets)


@transaction.atomic
def count_looks_again(campaign: Campaign) -> None:
    """Forget the counts of a campaign; the next reader and the next task make them again."""
    held = campaign.sheets.order_by("pk").select_for_update()
    list(held.values_list("pk", flat=True))
    for table in (LookCount, AuditorCount):
        table.objects.filter(campaign=campaign).delete()
    campaign.sheets.update(compared=None)


# --- what sheets come to -----------------------------------------------------------------


def moves(sheets: Iterable[tuple]) -> Iterator[tuple[int, tuple, dict]]:
    """What a few sheets (SHEET) take out of the counts (-1) and put in (1); one query."""
    by_key = {sheet[0]: sheet for sheet in sheets}
    if not by_key:
        return
    rows = Observation.objects.filter(sheet__id__among=by_key).order_by("sheet_id")
    for key, own in groupby(plain(rows, *EVENT, as_kept=("pk", "withdraws_id")), itemgetter(0)):
        sheet, events = by_key[key], list(own)
        *_about, now, counted = sheet
        if counted is not None:
            yield -1, sheet, seen_in([event for event in events if event[2] <= counted])
        # beyond what the sheet said when it was read: for the next round
        yield 1, sheet, seen_in([event for event in events if event[2] <= now])


def seen_in(events: Iterable[tuple]) -> dict[tuple[int, int], int]:
    """Hundredths taken by item and auditor, of what stands among these (EVENT).

    Of a requirement that one auditor found missing twice the larger counts (ruling 2).
    """
    gone = {event[-1] for event in events if event[3] == WITHDRAWAL}
    costs: dict[tuple[int, int], dict[tuple, Decimal]] = {}
    for _sheet, pk, _place, kind, by, item, requirement, rule, points, _withdraws in events:
        if kind in SEEN and by is not None and pk not in gone:
            own = costs.setdefault((item, by), {})
            if points is not None:
                own[requirement, rule] = max(points, own.get((requirement, rule), Decimal(0)))
    return {key: int(sum(own.values(), Decimal(0)).scaleb(2)) for key, own in costs.items()}


# --- writing -----------------------------------------------------------------------------


def write(tallies: Mapping[tuple[int, int], Tally]) -> None:
    """Add these tallies, by campaign and specialty, always in the same order."""
    looks, people = [], []
    for place in sorted(tallies):
        tally = tallies[place]
        looks += [(*place, *key, *tally.looks[key]) for key in sorted(tally.looks)]
        people += [(*place, key, *tally.people[key]) for key in sorted(tally.people)]
    insert(LookCount, (*LOOK, *LOOK_SUMS), looks, on_conflict=added(LookCount, LOOK, LOOK_SUMS))
    on_conflict = added(AuditorCount, PERSON, PERSON_SUMS)
    insert(AuditorCount, (*PERSON, *PERSON_SUMS), people, on_conflict=on_conflict)


PERSON, PERSON_SUMS = ("campaign", "specialty", "auditor"), ("sheets", "shared", "agreed")
LOOK, LOOK_SUMS = (*PERSON, "item"), ("looks", "hundredths")


def added(table, keys: Iterable[str], sums: Iterable[str]) -> str:
    columns = ", ".join(table._meta.get_field(key).column for key in keys)
    name = table._meta.db_table
    put = ", ".join(f"{each} = {name}.{each} + excluded.{each}" for each in sums)
    return f"ON CONFLICT ({columns}) DO UPDATE SET {put}"
