"""What a project's composite is made of, rubric by rubric, and what cost it most."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, OuterRef, Subquery, Sum

from campaign.models import Campaign
from organization.models import Project
from organization.prepared import prepared
from organization.states import CAPPED, ZEROED, State
from scoring import engine
from scoring.composing import POINTS, is_absent, part_of, score_of
from scoring.models import Item, Score, ScoreLine, Standing, Weight
from scoring.models.results import ScoreKind

DEAREST = 3


@dataclass(frozen=True, slots=True)
class Change:
    """A deduction that cost something else before: how much, and where it is told why."""

    was: Decimal
    url: str


# Who keeps what deductions come from: observation ids of lines -> those that were changed since.
CHANGES: list[Callable[[Collection[UUID]], dict[UUID, Change]]] = []


def changes_of(lines: Iterable[ScoreLine]) -> dict[UUID, Change]:
    ids = [line.observation for line in lines]
    return {id: change for find in CHANGES if ids for id, change in find(ids).items()}


@dataclass(frozen=True, slots=True)
class Share:
    """One rubric: points kept of possible, percent, weight and what it brings.

    `left_out` are the points of the rubric that did not apply (ruling 5).
    """

    weight: Weight
    finished: bool
    applies: bool
    kept: Decimal
    possible: Decimal
    shown: Decimal | None
    brings: Decimal | None
    left_out: Decimal
    zeroed: bool = False
    capped: bool = False

    @property
    def critical(self) -> State | None:
        """What a missing critical requirement did (ruling 4)."""
        return ZEROED if self.zeroed else CAPPED if self.capped else None


class Stored(NamedTuple):
    """A score as it is kept: `total` are the points of the whole rubric that it was made with;
    `zeroed` for a critical requirement (ruling 4).
    """

    kept: Decimal
    possible: Decimal
    total: Decimal | None
    zeroed: bool


class Breakdown:
    """Reads one project's parts in a handful of queries."""

    def __init__(self, standing: Standing):
        self.standing = standing
        about = {"campaign": standing.campaign_id, "project": standing.project_id}
        self.weights: list[Weight] = _read_weights(**about)
        # a rubric that weighs nothing is no part of the composite
        parts = [_part(weight) for weight in self.weights if weight.percent > 0]
        self.parts = {part.code: part for part in parts}
        self.composite = engine.composite(self.parts.values())

    @cached_property
    def shares(self) -> list[Share]:
        return [self._share(each) for each in self.weights if each.specialty.code in self.parts]

    @property
    def leaves_points_out(self) -> bool:
        return any(share.left_out for share in self.shares)

    @cached_property
    def dearest(self) -> list[ScoreLine]:
        """The deductions of finished audit sheets that cost most."""
        scores = self._scores.finished()
        lines = ScoreLine.objects.filter(score__in=scores).select_related("item")
        order = ("-points", "score__specialty__order", "item__order")
        dearest = list(lines.order_by(*order)[:DEAREST])
        changed = changes_of(dearest)
        for line in dearest:
            line.change = changed.get(line.observation)
        return dearest

    @property
    def _scores(self):
        audits = Score.objects.audits().order_by()
        return audits.filter(campaign=self.standing.campaign, project=self.standing.project)

    @cached_property
    def stored(self) -> dict[str, Stored]:
        """The project's scores of what the campaign weighs, by the code of the specialty."""
        return {
            each.specialty.code: Stored(each.kept, each.possible, each.total, each.zeroed)
            for each in self.weights
            if each.kept is not None
        }

    def _share(self, weight: Weight) -> Share:
        code = weight.specialty.code
        part = self.parts[code]
        applies = not part.absent and (bool(part.possible) or not part.finished)
        brings = self.composite.shares.get(code)
        percent = engine.SheetScore(kept=part.kept, possible=part.possible)
        stored = self.stored.get(code)
        total = (stored and stored.total) or part.possible
        return Share(
            weight=weight,
            finished=part.finished,
            applies=applies,
            kept=part.kept,
            possible=part.possible,
            shown=percent.shown if part.finished else None,
            brings=None if brings is None else engine.half_up(brings, 3),
            left_out=total - part.possible if part.finished and part.possible else Decimal(0),
            zeroed=stored is not None and stored.zeroed and part.finished,
            capped=part.capped,
        )


def _part(weight: Weight) -> engine.Part:
    points = [getattr(weight, name) for name in POINTS]
    return part_of(weight.specialty.code, weight.percent, weight.absent, points)


def _weighed(*, campaign, project):
    """Weights with the project's scores of them."""
    weights = Weight.objects.filter(campaign__pk=campaign).select_related("specialty")
    score = score_of(campaign, project, ScoreKind.AUDIT)
    weights = weights.annotate(absent=is_absent(campaign, project), audit=score)
    weights = weights.annotate(**{name: F(f"audit__{name}") for name in (*POINTS, "zeroed")})
    whole = Item.objects.filter(rubric=OuterRef("audit__rubric")).order_by().values("rubric")
    weights = weights.annotate(total=Subquery(whole.annotate(sum=Sum("points")).values("sum")))
    return weights.order_by("specialty__order", "specialty__code")


_read_weights = prepared(_weighed, {"campaign": Campaign._meta.pk, "project": Project._meta.pk})
