"""The score of every finished sheet again, from everything that was seen of it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Count

from campaign.models import Campaign
from inspections.models import Appeal, Observation
from inspections.sheet.adding import Added, Adding
from inspections.sheet.outline import outline
from inspections.sheet.sheets import ends, objections_until
from organization.models import Project
from organization.plain import Remembered, plain
from scoring.models import CampaignResults
from scoring.results import Made
from scoring.score_rows import Form, Place

BATCH = 1000
EVENT = (
    "pk",
    "kind",
    "item_id",
    "requirement_id",
    "rule_id",
    "points",
    "withdraws_id",
)  # as `Outline.event` takes it
AS_KEPT = ("pk", "points", "withdraws_id")


class Closed(NamedTuple):
    """A sheet that was handed in, as plain values: there are tens of thousands."""

    pk: int
    project_id: int
    rubric_id: int
    kind: str
    submitted_at: datetime
    appeal_from: datetime | None


def made_scores(campaign: Campaign) -> Iterator[list[Made]]:
    """The score of every finished sheet, made again (scoring.results.SCORE_SOURCES); ids of
    observations and points of lines are as the database has them (organization.plain).

    What is unfinished has no score yet: it counts in nothing (ruling 8).
    """
    undecided = open_appeals(campaign)
    allowed = CampaignResults.objects.filter(campaign=campaign, extra_allowed=True).exists()
    rubrics = {each.pk: Form(each.pk, each.specialty_id) for each in campaign.rubrics.all()}
    adding = Remembered(lambda rubric: Adding(outline(rubric), allowed))
    until = Remembered(partial(objections_until, campaign)).__getitem__
    submitted = campaign.sheets.submitted().order_by("project", "-kind", "pk")
    sheets = map(Closed._make, plain(submitted, *Closed._fields))
    for batch in by_project(sheets):
        seen = seen_on(batch)
        projects = places_of({sheet.project_id for sheet in batch})
        yield [
            made_of(
                sheet,
                adding[sheet.rubric_id].sheet(seen[sheet.pk]),
                project=projects[sheet.project_id],
                rubric=rubrics[sheet.rubric_id],
                undecided=undecided.get(sheet.pk, 0),
                until=until,
            )
            for sheet in batch
        ]


def by_project(sheets: Iterator[Closed]) -> Iterator[list[Closed]]:
    """Some hundred sheets at a time, those of a project together."""
    batch: list[Closed] = []
    for _project, own in groupby(sheets, key=attrgetter("project_id")):
        batch += own
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def made_of(
    sheet: Closed,
    added: Added,
    *,
    project: Place,
    rubric: Form,
    undecided: int,
    until: Callable[[datetime], datetime],
) -> Made:
    """What a sheet comes to; `until` says when the time to object ends."""
    finished_at, contested = ends(sheet.kind, sheet.submitted_at, sheet.appeal_from, until)
    return Made(
        project,
        rubric,
        sheet.kind,
        added.score,
        added.lines,
        finished_at,
        contested,
        undecided,
        rows=added.rows,
    )


def places_of(projects: set[int]) -> dict[int, Place]:
    """By project's key what its scores say of it; one query."""
    rows = plain(Project.objects.filter(pk__in=projects).order_by(), "pk", "region")
    return {row[0]: Place._make(row) for row in rows}


def seen_on(sheets: list[Closed]) -> dict[int, list[tuple]]:
    """Everything that was seen on a few sheets, by sheet, as EVENT; one query."""
    found: dict[int, list[tuple]] = {sheet.pk: [] for sheet in sheets}
    rows = Observation.objects.filter(sheet__id__among=found).order_by()
    for row in plain(rows, *EVENT, "sheet_id", as_kept=AS_KEPT):
        found[row[-1]].append(row)
    return found


def open_appeals(campaign: Campaign) -> dict[int, int]:
    """How many appeals nobody has decided yet, by the sheet's id."""
    undecided = Appeal.objects.undecided().filter(sheet__campaign=campaign).order_by()
    return dict(undecided.values_list("sheet").annotate(Count("pk")))
