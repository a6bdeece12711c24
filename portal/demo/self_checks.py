"""Self-checks: what a project says of itself, mostly kinder than the inspection after it."""

from collections.abc import Iterator
from decimal import Decimal

from inspections.models import ScoreSheet
from inspections.sheet.entries import Entry
from inspections.sheet.observations import observe_many
from inspections.sheet.outline import outline
from inspections.sheet.sheets import open_sheet, submit_sheet
from inspections.words import ObservationKind
from organization.models import Project, Specialty
from portal.demo.audit import ORDER, Lack, candidates, choose, plan_of, uuid
from portal.demo.content import not_applicable, seen_in
from portal.demo.story import Story, Thread
from scoring.models.results import ScoreKind

# Points by which a project thinks better of itself than the inspection will.
KINDER = {"P02": (-1, 1), "P03": (-2, 1), "P05": (8, 13), "P04": (5, 9)}
USUAL = (1, 6)
LEFT_HALF_DONE = "P12"


def self_checks(story: Story) -> Iterator[Thread]:
    lines = story.cast.specialties
    for project in story.cast.projects:
        there = [code for code in ORDER if code in story.cast.teams[project.pk].workers]
        targets = plan_of(story, project)[0]
        for code in there:
            target = targets[ORDER.index(code)]
            half = project.code == LEFT_HALF_DONE and code == there[-1]
            yield self_check(story, project, lines[code], target, half=half)


def self_check(story: Story, project: Project, specialty: Specialty, audited, *, half) -> Thread:
    """One specialty's sheet, from its opening to the hand-in."""
    rng = story.rng("self-check", project.code, specialty.code)
    manager = story.cast.teams[project.pk].manager
    at = yield story.on(f"10-{rng.randrange(17, 30)}", rng)
    sheet = open_sheet(
        campaign=story.campaign, project=project, specialty=specialty, kind=ScoreKind.SELF,
        by=manager, at=at,
    )  # fmt: skip
    kinder = rng.uniform(*KINDER.get(project.code, USUAL))
    target = min((audited or Decimal(86)) + Decimal(str(round(kinder, 1))), Decimal(99))
    entries = entries_of(sheet, target, rng)
    entries = entries[: len(entries) // 2] if half else entries
    observe_many(sheet=sheet, entries=entries, by=manager, at=at)
    if not half:
        submit_sheet(sheet=sheet, by=manager, at=at)


def entries_of(sheet: ScoreSheet, target: Decimal, rng) -> list[Entry]:
    """What is missing, so that the sheet comes to a percent; the rest conforms or is not there."""
    rubric, without = outline(sheet.rubric_id), not_applicable(sheet.project)
    lines = {code: line for code, line in rubric.by_code.items() if code not in without}
    possible = sum(line.item.points for line in lines.values())
    loss = ((100 - target) / 100 * possible).quantize(Decimal("0.1"))
    notes = seen_in(sheet.specialty.code, sheet.project)
    lacks = {lack.key: lack for lack in choose(candidates(lines, notes, rng), loss, rng)}
    bad = {lack.line.item for lack in lacks.values()}
    passed = [line for line in rubric.by_code.values() if line.item not in bad]
    return [
        *(missing(lack, rng) for lack in lacks.values()),
        *(
            Entry(
                ObservationKind.NOT_APPLICABLE if line.item.code in without
                else ObservationKind.CONFORMS,
                line.item, uuid(rng), note=without.get(line.item.code, ""),
            )
            for line in passed
        ),
    ]  # fmt: skip


def missing(lack: Lack, rng) -> Entry:
    return Entry(
        ObservationKind.MISSING, lack.line.item, uuid(rng), requirement=lack.requirement,
        points=lack.points, note=lack.note,
    )  # fmt: skip
