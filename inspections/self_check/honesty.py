"""The honesty gap: what a project said of itself beside what the inspection found."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from campaign.models import Campaign
from inspections.models import Observation
from inspections.sheet.outline import outline
from inspections.words import ObservationKind
from organization.models import Project, Specialty
from organization.prepared import prepared
from scoring import engine
from scoring.engine.sections import Loss, SectionPoints
from scoring.models import Score, ScoreLine
from scoring.models.results import ScoreKind

WIDE = Decimal(5)  # points; from here on a gap is worth a word


@dataclass(frozen=True)
class Side:
    """One of the two figures: points kept of those possible, and when they were handed in."""

    kept: Decimal
    possible: Decimal
    finished_at: datetime | None = None

    @cached_property
    def shown(self) -> Decimal | None:
        return engine.SheetScore(self.kept, self.possible).shown


@dataclass(frozen=True)
class Gap:
    """Self-score and audited score; a project that thought too well of itself is above nought."""

    own: Side | None = None
    audit: Side | None = None

    @cached_property
    def difference(self) -> Decimal | None:
        """Of the two figures as they are shown; None while one is missing."""
        sides = [side.shown for side in (self.own, self.audit) if side]
        return sides[0] - sides[1] if len(sides) == 2 and None not in sides else None

    @property
    def is_wide(self) -> bool:
        return self.difference is not None and abs(self.difference) >= WIDE

    @property
    def is_late(self) -> bool:
        """Whether the project handed in after it could read what the inspection found."""
        if not (self.own and self.audit and self.own.finished_at and self.audit.finished_at):
            return False
        return self.own.finished_at > self.audit.finished_at


@dataclass(frozen=True)
class SpecialtyGap:
    """One specialty's gap, and that of each section by name; `mixed` says that the two sheets
    were scored on different versions of the rubric.
    """

    specialty: Specialty
    gap: Gap
    sections: list[tuple[str, Gap]] = field(default_factory=list)
    mixed: bool = False


def honesty_gap(campaign: Campaign, project: Project) -> list[SpecialtyGap]:
    """A project's gap by specialty and section, of what was handed in; four queries."""
    scores: dict[Specialty, dict[str, Score]] = {}
    for score in scores_of(campaign=campaign.pk, project=project.pk):
        scores.setdefault(score.specialty, {})[score.kind] = score
    points = points_by_section(
        campaign, project, [x for own in scores.values() for x in own.values()]
    )
    return [gap_of(specialty, own, points) for specialty, own in scores.items()]


def gap_of(specialty: Specialty, scores: dict[str, Score], points) -> SpecialtyGap:
    sides = {
        kind: Side(score.kept, score.possible, score.finished_at) for kind, score in scores.items()
    }
    names: dict[str, str] = {}
    for score in scores.values():
        for part in outline(score.rubric_id).parts:
            names.setdefault(part.section.code, part.section.name)
    sections = [
        (name, gap_between({kind: points[x.pk].get(code) for kind, x in scores.items()}))
        for code, name in names.items()
    ]
    mixed = len({score.rubric_id for score in scores.values()}) > 1
    return SpecialtyGap(specialty, gap_between(sides), sections, mixed)


def gap_between(sides: dict) -> Gap:
    found = {
        kind: Side(side.kept, side.possible) if isinstance(side, SectionPoints) else side
        for kind, side in sides.items()
    }
    return Gap(found.get(ScoreKind.SELF), found.get(ScoreKind.AUDIT))


def points_by_section(
    campaign: Campaign, project: Project, scores: list[Score]
) -> dict[int, dict[str, SectionPoints]]:
    """By score and by the code of its section; three queries, whatever the number of scores."""
    losses = defaultdict(list)
    for score, item, points, kind in lines_of(scores=[score.pk for score in scores]):
        losses[score].append(Loss(item, points, beyond=kind == engine.Kind.EXTRA))
    without = left_out(campaign, project)
    return {
        score.pk: outline(score.rubric_id).ground.points(
            losses[score.pk], without[score.kind, score.specialty_id]
        )
        for score in scores
    }


def left_out(campaign: Campaign, project: Project) -> dict[tuple[str, int], set[int]]:
    """Ids of the items that are not applicable, by the sheet's kind and specialty (ruling 5)."""
    found = defaultdict(set)
    for kind, specialty, item in marked(campaign=campaign.pk, project=project.pk):
        found[kind, specialty].add(item)
    return found


def finished(*, campaign, project):
    found = Score.objects.finished().filter(campaign__pk=campaign, project__pk=project)
    shown = ("kept", "possible", "finished_at", "kind", "rubric_id", "specialty")
    found = found.select_related("specialty").only(*shown)
    return found.order_by("specialty__order", "kind")


def lost(*, scores):
    lines = ScoreLine.objects.filter(score__pk__in=scores).order_by()
    return lines.values_list("score", "item", "points", "rule__kind")


def marks(*, campaign, project):
    found = Observation.objects.filter(
        sheet__campaign__pk=campaign,
        sheet__project__pk=project,
        withdrawal=None,
        kind=ObservationKind.NOT_APPLICABLE,
    )
    return found.order_by().values_list("sheet__kind", "sheet__specialty", "item")


lines_of = prepared(lost, {"scores": Score._meta.pk})
scores_of = prepared(finished, {"campaign": Campaign._meta.pk, "project": Project._meta.pk})
marked = prepared(marks, {"campaign": Campaign._meta.pk, "project": Project._meta.pk})
