"""Appeals: a few projects contest a deduction; most are decided soon, two the day after next."""

from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from inspections.appeal.appeals import appeal, decide_appeal
from inspections.models import Observation, ScoreSheet
from inspections.words import ObservationKind, Outcome
from portal.demo import pictures
from portal.demo.content import texts
from portal.demo.story import Story, Thread

SOON, LATER = timedelta(minutes=40), timedelta(days=2)
# Of which sheet, how long the decision takes, and what it is.
APPEALS = {
    ("P01", "order"): (SOON, Outcome.KEPT),
    ("P03", "environment"): (LATER, Outcome.REDUCED),
    ("P04", "customer_service"): (SOON, Outcome.REDUCED),
    ("P05", "environment"): (SOON, Outcome.WITHDRAWN),
    ("P07", "facilities"): (LATER, Outcome.WITHDRAWN),
}
ENOUGH = Decimal(1)  # points that are worth an appeal, and can be reduced


def contest(story: Story, sheet: ScoreSheet, at: datetime) -> None:
    """Lets the project appeal against something on a sheet that was just submitted."""
    key = (sheet.project.code, sheet.specialty.code)
    seen = dearest(sheet) if key in APPEALS else None
    if seen:
        story.begin(appealed(story, sheet, seen, at))


def dearest(sheet: ScoreSheet) -> Observation | None:
    rows = sheet.observations.filter(kind=ObservationKind.MISSING, withdrawal=None)
    rows = rows.filter(points__gte=ENOUGH).select_related("item", "requirement", "rule")
    return rows.order_by("-points", "pk").first()


def appealed(story: Story, sheet: ScoreSheet, seen: Observation, since: datetime) -> Thread:
    """One project's appeal, with a picture of how it looks there, and its decision."""
    rng = story.rng("appeal", sheet.project.code, sheet.specialty.code)
    wait, outcome = APPEALS[sheet.project.code, sheet.specialty.code]
    at = yield since + timedelta(minutes=rng.randrange(15, 50))
    seen.sheet = sheet
    manager, words = story.cast.teams[sheet.project_id].manager, texts()["story"]["appeals"]
    files = [
        story.album.photo(seen.item.code, pictures.NONE, rng.randrange(100), by=manager, at=at)
    ]
    reason = words["reasons"][sheet.specialty.code]
    made = appeal(observation=seen, reason=reason, files=files, by=manager, at=at)
    at = yield at + wait
    decide_appeal(
        appeal=made, outcome=outcome, points=half(made.stood) if outcome == "reduced" else None,
        reason=words["decisions"][outcome], by=story.cast.center, at=at,
    )  # fmt: skip


def half(points: Decimal) -> Decimal:
    return (points / 2).quantize(Decimal("0.1"), ROUND_DOWN)
