"""What a project's standing says, made of its scores and the campaign's weights: of one project,
or of many at once. Reads only; `scoring.results` writes.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from django.db.models import Exists, FilteredRelation, OuterRef, Q

from campaign.models import Campaign, Participation
from organization.models import Project
from organization.prepared import prepared
from scoring import engine
from scoring.models import Standing, Weight
from scoring.models.results import ScoreKind
from scoring.score_rows import Figures, stored_figures

COMPUTED = ("composite", "provisional", "capped", "scores")  # the result
KEPT = (*COMPUTED, "own", "gap")  # and what it is compared with
POINTS = ("kept", "possible", "finished_at", "capped")
NONE = (None, None, None, False)  # the same where there is no score
ZERO = Decimal(0)


def parts_by_kind(campaign: Campaign, project: Project) -> dict[str, list[engine.Part]]:
    """The project's part in each weighted rubric, in the order of specialties: one query."""
    parts: dict[str, list[engine.Part]] = {kind: [] for kind in ScoreKind.values}
    for code, percent, absent, *scores in _parts_of(campaign=campaign.pk, project=project.pk):
        for kind, score in zip(ScoreKind.values, (scores[:4], scores[4:]), strict=True):
            parts[kind].append(part_of(code, percent, absent, score))
    return parts


def _weighted(*, campaign, project):
    weights = _counted_weights(campaign).annotate(absent=is_absent(campaign, project))
    points = []
    for kind in ScoreKind.values:
        score = score_of(campaign, project, kind)
        weights = weights.annotate(**{f"{kind}_score": score})
        points += [f"{kind}_score__{name}" for name in POINTS]
    return weights.values_list("specialty__code", "percent", "absent", *points)


def is_absent(campaign, project) -> Exists:
    """Whether the project lacks a weight's specialty, in a query of weights (ruling 5)."""
    lacks = Participation.lacks.through.objects.filter(
        participation__campaign__pk=campaign,
        participation__project__pk=project,
        specialty=OuterRef("specialty"),
    )
    return Exists(lacks)


def score_of(campaign, project, kind: str) -> FilteredRelation:
    """The project's score of a weight's specialty, in a query of weights."""
    about = Q(specialty__score__campaign=campaign, specialty__score__project=project)
    return FilteredRelation("specialty__score", condition=about & Q(specialty__score__kind=kind))


_parts_of = prepared(_weighted, {"campaign": Campaign._meta.pk, "project": Project._meta.pk})


def part_of(code: str, percent: Decimal, absent: bool, score: Sequence) -> engine.Part:
    """`score` are its POINTS; NONE where there is none."""
    kept, possible, finished_at, capped = score
    if finished_at is None:
        return _one_part(code, percent, ZERO, ZERO, False, absent)
    return _one_part(code, percent, kept, possible, True, absent, capped)


# Ten thousand projects have a few hundred different ones.
_one_part = lru_cache(maxsize=4096)(engine.Part)
_spelled = lru_cache(maxsize=4096)(lambda kept, possible: str(engine.shown(kept, possible)))


def _counted_weights(campaign: Campaign):
    """A rubric that weighs nothing is no part of the composite."""
    weights = Weight.objects.filter(campaign=campaign, percent__gt=0)
    return weights.order_by("specialty__order", "specialty__code")


def compute(standing: Standing, parts: dict[str, list[engine.Part]]) -> None:
    """Put the composite of these parts, by kind of sheet, into the standing."""
    for name, value in zip(KEPT, figures_from(parts), strict=True):
        setattr(standing, name, value)


def figures_from(parts: dict[str, list[engine.Part]]) -> tuple:
    """What a standing says by these parts, in the order of KEPT.

    The own composite only once both are whole: weights are fixed by then.
    """
    audits, said = parts[ScoreKind.AUDIT], parts[ScoreKind.SELF]
    made = engine.composite(audits)
    provisional = made.provisional or not audits
    is_whole = not provisional and all(part.finished or part.absent for part in said)
    own = engine.composite(said).value if is_whole else None
    gap = own - made.value if is_whole and _all_compare(audits, said) else gap_of(audits, said)
    return made.value, provisional, made.capped, _shown(audits), own, gap


def gap_of(audits: Iterable[engine.Part], said: Iterable[engine.Part]) -> Decimal | None:
    """How much higher what was said is than what was found, over the specialties that have both:
    like is set beside like.
    """
    pairs = [pair for pair in zip(audits, said, strict=True) if all(map(_has_figure, pair))]
    if not pairs:
        return None
    audit, own = (engine.composite(map(_alone, side)).value for side in zip(*pairs, strict=True))
    return None if audit is None else own - audit


def _all_compare(audits: Iterable[engine.Part], said: Iterable[engine.Part]) -> bool:
    """Whether the two composites are made of the same specialties, so that they compare at once."""
    return all(_has_figure(part) and not part.absent for part in (*audits, *said))


def _has_figure(part: engine.Part) -> bool:
    return bool(part.finished and part.possible)


def _alone(part: engine.Part) -> engine.Part:
    return _one_part(part.code, part.weight, part.kept, part.possible)


def figures_of(standing: Standing) -> tuple:
    return tuple(getattr(standing, name) for name in KEPT)


def _shown(parts: Iterable[engine.Part]) -> dict[str, str | None]:
    """The figures that pages show; None for what leaves the composite (ruling 5)."""
    figures = {}
    for part in parts:
        if part.absent or (part.finished and not part.possible):
            figures[part.code] = None
        elif part.finished:
            figures[part.code] = _spelled(part.kept, part.possible)
    return figures


# --- many at once ---------------------------------------------------------------------


def recomputed(campaign: Campaign, standings: list[Standing]) -> Iterator[tuple[Standing, tuple]]:
    """Standings with the figures that scores and weights give, each with those that it had.

    Three queries; writes nothing.
    """
    projects = [standing.project_id for standing in standings]
    scores = stored_figures(campaign, projects)[1]
    parts = parts_of_many(campaign, projects, weights_of(campaign), scores)
    for standing in standings:
        was = figures_of(standing)
        compute(standing, parts[standing.project_id])
        yield standing, was


def weights_of(campaign: Campaign) -> list[tuple[int, str, Decimal]]:
    weights = _counted_weights(campaign)
    return list(weights.values_list("specialty_id", "specialty__code", "percent"))


def parts_of_many(
    campaign: Campaign,
    projects: Collection[int],
    weights: Sequence[tuple[int, str, Decimal]],
    scores: Mapping[tuple, Figures],
) -> dict[int, dict[str, list[engine.Part]]]:
    """The same parts as `parts_by_kind`, of a batch of projects with all their scores; one
    query.
    """
    lacks = Participation.lacks.through.objects.filter(
        participation__campaign=campaign, participation__project__id__among=projects
    )
    absent = set(lacks.values_list("participation__project_id", "specialty_id"))
    kinds = [*ScoreKind.values]
    return {
        project: {
            kind: [
                part_of(
                    code,
                    percent,
                    (project, specialty) in absent,
                    scores[key].points if (key := (project, specialty, kind)) in scores else NONE,
                )
                for specialty, code, percent in weights
            ]
            for kind in kinds
        }
        for project in projects
    }
