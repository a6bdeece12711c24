"""The only writer of scores, their lines and standings; also opens and freezes scoring.

A score comes from below (a sheet's points) and moves one project's standing in the same
transaction. Nothing here knows where a deduction came from: a line carries an id.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign, Participation
from campaign.seals import seal
from organization.errors import Refused
from organization.history import record
from organization.models import Project
from scoring import engine
from scoring.bands import band_problems
from scoring.models import CampaignResults, Rubric, Score, ScoreLine, Standing, Weight
from scoring.models.results import ScoreKind
from scoring.weights import weight_problems

# Who keeps what scores are made of: (campaign, at) records every score again (`rebuild`).
SCORE_SOURCES: list[Callable[[Campaign, datetime], None]] = []
BATCH = 500
COMPUTED = ("composite", "provisional", "capped", "scores")


@dataclass(frozen=True, slots=True)
class Line:
    """One deduction that counts, by ids; `requirement` is None for the item as a whole."""

    item: int
    requirement: int | None
    points: Decimal
    observation: UUID
    rule: int | None = None


# --- open and frozen ---------------------------------------------------------------------


def require_open_results(campaign: Campaign) -> None:
    """Refuse any move that would change results after they were frozen (ruling 13)."""
    if CampaignResults.objects.filter(campaign=campaign, frozen_at__isnull=False).exists():
        raise Refused(_("结算已批准，成绩不能再改。"), code="frozen")


@transaction.atomic
def open_scoring(*, campaign: Campaign, at: datetime, by="command") -> None:
    """Open scoring with the first audit sheet: from here on weights and bands are locked.

    Does nothing when it is open. Raises Refused when the weights do not add up to 100 or the
    bands do not cover 0 to 100 (rulings 1 and 6), or results are frozen. Leaves one record.
    """
    results = CampaignResults.objects.hold(campaign)
    require_open_results(campaign)
    if results.opened_at:
        return
    if missing := [*weight_problems(campaign), *band_problems(campaign)]:
        raise Refused(" ".join(map(str, missing)), code="not_ready")
    results.opened_at = at
    results.save(update_fields=["opened_at"])
    record(on=campaign, verb="open_scoring", by=by, at=at)
    seal(campaign, "terms", at=at)


@transaction.atomic
def freeze(*, campaign: Campaign, by, at: datetime) -> None:
    """Close the results for good, when a settlement is approved. Leaves one record.

    Every standing is locked first: a score that is being recorded finishes before, one that
    comes later finds the results frozen. Raises Refused when they already are.
    """
    # before the standings, as whoever opens a sheet and hands it in at once has it
    results = CampaignResults.objects.hold(campaign)
    list(Standing.objects.filter(campaign=campaign).order_by("pk").select_for_update())
    require_open_results(campaign)
    results.frozen_at = at
    results.save(update_fields=["frozen_at"])
    record(on=campaign, verb="freeze_results", by=by, at=at)
    seal(campaign, "terms", at=at)


# --- a score and its standing ------------------------------------------------------------


# Within the caller's transaction, without a savepoint: a refusal undoes the caller's work too.
@transaction.atomic(savepoint=False)
def record_score(
    *,
    campaign: Campaign,
    project: Project,
    rubric: Rubric,
    kind: str = ScoreKind.AUDIT,
    score: engine.SheetScore,
    lines: Iterable[Line],
    finished_at: datetime | None,
    objections_until: datetime | None = None,
    open_objections: int = 0,
    at: datetime,
) -> Score:
    """Write a project's score on one rubric, with its lines, and bring its standing up to date.

    `score` holds the points kept and possible and what a missing critical requirement did
    (ruling 4), `lines` the deductions that count; of those only
    what changed is written. `finished_at` is None while the sheet is being filled: then the
    rubric stays out of the composite, which is provisional (ruling 8). A self-check never
    touches a standing (ruling 6). The same call again changes nothing. Raises Refused when the
    results are frozen. At most eight queries, whatever the size of the campaign.
    """
    standing = _locked_standing(campaign, project) if kind == ScoreKind.AUDIT else None
    require_open_results(campaign)
    written = _write_score(
        Score(
            campaign=campaign,
            project=project,
            specialty_id=rubric.specialty_id,
            rubric=rubric,
            kind=kind,
            kept=score.kept,
            possible=score.possible,
            finished_at=finished_at,
            objections_until=objections_until,
            open_objections=open_objections,
            zeroed=score.zeroed,
            capped=score.capped,
            updated_at=at,
        )
    )
    _write_lines(written, set(lines))
    if standing:
        _bring_up_to_date(standing, parts_of(campaign, project), at)
    return written


def _locked_standing(campaign: Campaign, project: Project) -> Standing:
    """The project's standing, held until the transaction ends: scores of one project queue."""
    found = Standing.objects.select_for_update().filter(campaign=campaign, project=project)
    if standing := found.first():
        return standing
    raise Refused(_("该项目没有参加本次专项工作。"), code="not_entered")


def _write_score(score: Score) -> Score:
    Score.objects.bulk_create(
        [score],
        update_conflicts=True,
        unique_fields=["campaign", "project", "specialty", "kind"],
        update_fields=[
            "rubric",
            "kept",
            "possible",
            "finished_at",
            "objections_until",
            "open_objections",
            "zeroed",
            "capped",
            "updated_at",
        ],
    )
    return score


def _write_lines(score: Score, wanted: set[Line]) -> None:
    stored = {
        Line(item, requirement, points, observation, rule): pk
        for pk, item, requirement, points, observation, rule in score.lines.order_by().values_list(
            "pk", "item_id", "requirement_id", "points", "observation", "rule_id"
        )
    }
    if gone := [pk for line, pk in stored.items() if line not in wanted]:
        ScoreLine.objects.filter(pk__in=gone).delete()
    ScoreLine.objects.bulk_create(
        ScoreLine(
            score=score,
            item_id=line.item,
            requirement_id=line.requirement,
            points=line.points,
            observation=line.observation,
            rule_id=line.rule,
        )
        for line in wanted - stored.keys()
    )


def refresh_standing(*, campaign: Campaign, project: Project, at: datetime) -> Standing:
    """Compute one project's standing from its scores again, e.g. after its specialties changed.

    Raises Refused when the results are frozen or the project does not take part.
    """
    with transaction.atomic():
        standing = _locked_standing(campaign, project)
        require_open_results(campaign)
        _bring_up_to_date(standing, parts_of(campaign, project), at)
    return standing


def parts_of(campaign: Campaign, project: Project) -> list[engine.Part]:
    """The project's part in each weighted rubric, in the order of specialties: one query."""
    lacks = Participation.lacks.through.objects.filter(
        participation__campaign=campaign,
        participation__project=project,
        specialty=OuterRef("specialty"),
    )
    audit = Q(
        specialty__score__campaign=campaign,
        specialty__score__project=project,
        specialty__score__kind=ScoreKind.AUDIT,
    )
    rows = (
        _counted_weights(campaign)
        .annotate(absent=Exists(lacks), audit=FilteredRelation("specialty__score", condition=audit))
        .values_list(
            "specialty__code",
            "percent",
            "absent",
            "audit__kept",
            "audit__possible",
            "audit__finished_at",
            "audit__capped",
        )
    )
    return [_part(code, percent, absent, score) for code, percent, absent, *score in rows]


def _part(code: str, percent: Decimal, absent: bool, score: Sequence) -> engine.Part:
    kept, possible, finished_at, capped = score
    if finished_at is None:
        return engine.Part(code, percent, finished=False, absent=absent)
    return engine.Part(code, percent, kept, possible, absent=absent, capped=capped)


def _counted_weights(campaign: Campaign):
    """A rubric that weighs nothing is no part of the composite."""
    weights = Weight.objects.filter(campaign=campaign, percent__gt=0)
    return weights.order_by("specialty__order", "specialty__code")


def _bring_up_to_date(standing: Standing, parts: Sequence[engine.Part], at: datetime) -> None:
    if _compute(standing, parts):
        standing.updated_at = at
        standing.save(update_fields=[*COMPUTED, "updated_at"])


def _compute(standing: Standing, parts: Sequence[engine.Part]) -> bool:
    """Put the composite of these parts into the standing; whether that changed it."""
    made = engine.composite(parts)
    provisional = made.provisional or not parts
    now = made.value, provisional, made.capped, _shown(parts)
    before = figures_of(standing)
    for name, value in zip(COMPUTED, now, strict=True):
        setattr(standing, name, value)
    return now != before


def figures_of(standing: Standing) -> tuple:
    return tuple(getattr(standing, name) for name in COMPUTED)


def _shown(parts: Iterable[engine.Part]) -> dict[str, str | None]:
    """The figures that pages show; None for what leaves the composite (ruling 5)."""
    figures = {}
    for part in parts:
        if part.absent or (part.finished and not part.possible):
            figures[part.code] = None
        elif part.finished:
            percent = engine.SheetScore(kept=part.kept, possible=part.possible)
            figures[part.code] = str(percent.shown)
    return figures


# --- everything at once ------------------------------------------------------------------


def enter_standings(campaign: Campaign, projects: Sequence[Project], at: datetime) -> None:
    """A provisional standing for every project that was entered (campaign.registry)."""
    Standing.objects.bulk_create(
        (Standing(campaign=campaign, project=project, updated_at=at) for project in projects),
        ignore_conflicts=True,
    )


@transaction.atomic
def rebuild(*, campaign: Campaign, at: datetime) -> int:
    """Make all results of a campaign again, scores from their sources and standings from them.

    Returns how many standings came out different. Raises Refused when the results are frozen.
    Memory does not grow with the number of projects' lines.
    """
    require_open_results(campaign)
    for source in SCORE_SOURCES:
        source(campaign, at)
    standings = Standing.objects.filter(campaign=campaign)
    pks = list(standings.order_by("pk").values_list("pk", flat=True))
    return sum(
        _rebuild(campaign, standings.filter(pk__in=pks[start : start + BATCH]), at)
        for start in range(0, len(pks), BATCH)
    )


def _rebuild(campaign: Campaign, batch, at: datetime) -> int:
    standings = list(batch.order_by("pk").select_for_update())
    changed = [each for each, was in recomputed(campaign, standings) if was != figures_of(each)]
    for each in changed:
        each.updated_at = at
    Standing.objects.bulk_update(changed, [*COMPUTED, "updated_at"])
    return len(changed)


def recomputed(campaign: Campaign, standings: list[Standing]) -> Iterator[tuple[Standing, tuple]]:
    """Standings with the figures that scores and weights give, each with those that it had.

    Three queries; writes nothing.
    """
    parts = _parts_of_many(campaign, [standing.project_id for standing in standings])
    for standing in standings:
        was = figures_of(standing)
        _compute(standing, parts[standing.project_id])
        yield standing, was


def _parts_of_many(campaign: Campaign, projects: list[int]) -> dict[int, list[engine.Part]]:
    """The same parts as `parts_of`, for a batch of projects in three queries."""
    weights = list(
        _counted_weights(campaign).values_list("specialty_id", "specialty__code", "percent")
    )
    absent = set(
        Participation.lacks.through.objects.filter(
            participation__campaign=campaign, participation__project__in=projects
        ).values_list("participation__project_id", "specialty_id")
    )
    scores = defaultdict(lambda: (None, None, None, False))
    audits = Score.objects.audits().filter(campaign=campaign, project__in=projects)
    for project, specialty, *score in audits.order_by().values_list(
        "project_id", "specialty_id", "kept", "possible", "finished_at", "capped"
    ):
        scores[project, specialty] = score
    return {
        project: [
            _part(code, percent, (project, specialty) in absent, scores[project, specialty])
            for specialty, code, percent in weights
        ]
        for project in projects
    }
