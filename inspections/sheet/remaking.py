"""The score of every finished sheet again, from everything that was seen of it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple

from django.db.models import Count

from campaign.models import Campaign
from inspections.models import Appeal, Observation
from inspections.sheet.folding import Event, fold
from inspections.sheet.ledger import scored_lines, sections_of
from inspections.sheet.outline import outline
from inspections.sheet.sheets import ends, objections_until
from organization.models import Project
from organization.plain import Remembered, plain
from scoring.models import CampaignResults, Rubric
from scoring.results import Made
from scoring.score_rows import Place

BATCH = 500
EVENT = ("pk", "kind", "item_id", "requirement_id", "rule_id", "points", "withdraws_id")
IDS = ("pk", "withdraws_id")


class Closed(NamedTuple):
    """A sheet that was handed in, as plain values: there are tens of thousands."""

    pk: int
    project_id: int
    rubric_id: int
    kind: str
    submitted_at: datetime
    appeal_from: datetime | None


def made_scores(campaign: Campaign) -> Iterator[list[Made]]:
    """The score of every finished sheet, folded again (scoring.results.SCORE_SOURCES); ids of
    observations are as the database has them (organization.plain).

    What is unfinished has no score yet: it counts in nothing (ruling 8).
    """
    undecided = open_appeals(campaign)
    allowed = CampaignResults.objects.filter(campaign=campaign, extra_allowed=True).exists()
    rubrics = campaign.rubrics.in_bulk()
    until = Remembered(partial(objections_until, campaign)).__getitem__
    submitted = campaign.sheets.submitted().order_by("-kind", "pk")
    sheets = map(Closed._make, plain(submitted, *Closed._fields))
    while batch := list(islice(sheets, BATCH)):
        seen = events_of(batch)
        projects = places_of({sheet.project_id for sheet in batch})
        yield [
            made_of(
                sheet,
                seen[sheet.pk],
                allowed,
                project=projects[sheet.project_id],
                rubric=rubrics[sheet.rubric_id],
                undecided=undecided.get(sheet.pk, 0),
                until=until,
            )
            for sheet in batch
        ]


def made_of(
    sheet: Closed,
    events: list[Event],
    allowed: bool,
    *,
    project: Place,
    rubric: Rubric,
    undecided: int,
    until: Callable[[datetime], datetime],
) -> Made:
    """What a sheet's events come to; `until` says when the time to object ends."""
    of = outline(sheet.rubric_id)
    folded = fold(of.engine_items, events, allowed, of.critical)
    return Made(
        project,
        rubric,
        sheet.kind,
        folded.score,
        scored_lines(of, folded),
        **ends(sheet.kind, sheet.submitted_at, sheet.appeal_from, until),
        open_objections=undecided,
        sections=sections_of(of, folded),
    )


def places_of(projects: set[int]) -> dict[int, Place]:
    """By project's key what its scores say of it; one query."""
    rows = plain(Project.objects.filter(pk__in=projects).order_by(), "pk", "region")
    return {row[0]: Place._make(row) for row in rows}


def events_of(sheets: list[Closed]) -> dict[int, list[Event]]:
    """Everything that was seen on a few sheets, by sheet; one query."""
    rubrics = {sheet.pk: outline(sheet.rubric_id) for sheet in sheets}
    found: dict[int, list[Event]] = {pk: [] for pk in rubrics}
    rows = Observation.objects.filter(sheet__id__among=rubrics).order_by()
    for sheet, *event in plain(rows, "sheet_id", *EVENT, as_kept=IDS):
        found[sheet].append(rubrics[sheet].event(*event))
    return found


def open_appeals(campaign: Campaign) -> dict[int, int]:
    """How many appeals nobody has decided yet, by the sheet's id."""
    undecided = Appeal.objects.undecided().filter(sheet__campaign=campaign).order_by()
    return dict(undecided.values_list("sheet").annotate(Count("pk")))
