"""Scores with their lines and what they put into the counts, as rows: one, or many at once.

For `scoring.results` alone, which decides when a score may be written.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from campaign.models import Campaign
from organization.models import Project
from scoring import engine
from scoring.counting import counted_of, with_gap
from scoring.models import Rubric, Score, ScoreLine
from scoring.models.results import ScoreKind


@dataclass(frozen=True, slots=True)
class Line:
    """One deduction that counts, by ids; `requirement` is None for the item as a whole."""

    item: int
    requirement: int | None
    points: Decimal
    observation: UUID
    rule: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A score as whoever keeps what it is made of says it; the terms are `record_score`'s."""

    project: Project
    rubric: Rubric
    kind: str
    score: engine.SheetScore
    lines: Collection[Line]
    finished_at: datetime | None
    objections_until: datetime | None = None
    open_objections: int = 0
    sections: Mapping[str, engine.SectionPoints] = field(default_factory=dict)

    @property
    def key(self) -> tuple[int, int, str]:
        return self.project.pk, self.rubric.specialty_id, self.kind

    @property
    def of_self(self) -> tuple[int, int, str]:
        """The key of what the project said of itself."""
        return self.project.pk, self.rubric.specialty_id, ScoreKind.SELF

    def row(self, campaign: Campaign, at: datetime, own: Score | None) -> Score:
        """`own` is what the project says of itself, where that is handed in."""
        return Score(
            campaign=campaign,
            project=self.project,
            specialty_id=self.rubric.specialty_id,
            rubric=self.rubric,
            kind=self.kind,
            kept=self.score.kept,
            possible=self.score.possible,
            finished_at=self.finished_at,
            objections_until=self.objections_until,
            open_objections=self.open_objections,
            zeroed=self.score.zeroed,
            capped=self.score.capped,
            counted=self.counted(own),
            updated_at=at,
        )

    def counted(self, own: Score | None) -> dict | None:
        """Only what is handed in counts, so that no covert visit shows before."""
        if self.kind != ScoreKind.AUDIT or not self.finished_at:
            return None
        return counted_of(
            region=self.project.region,
            score=self.score,
            lines=self.lines,
            sections=self.sections,
            own=own,
        )


KEY = ("campaign", "project", "specialty", "kind")
VALUES = (
    "rubric", "kept", "possible", "finished_at", "objections_until", "open_objections", "zeroed",
    "capped", "counted",
)  # fmt: skip
ATTRIBUTES = ("rubric_id", *VALUES[1:])
Scores = dict[tuple[int, int, str], Score]


def stored_scores(campaign: Campaign, batch: Sequence[Made]) -> Scores:
    """The scores of the batch's projects as they are, of both kinds; one query."""
    found = Score.objects.filter(
        campaign=campaign,
        project__in={made.project.pk for made in batch},
        specialty__in={made.rubric.specialty_id for made in batch},
    )
    return {(s.project_id, s.specialty_id, s.kind): s for s in found.order_by()}


def own_score(made: Made, stored: Scores) -> Score | None:
    own = stored.get(made.of_self)
    return own if own and own.finished_at else None


def write_scores(rows: list[Score]) -> list[Score]:
    return Score.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=KEY,
        update_fields=[*VALUES, "updated_at"],
    )


def is_same(row: Score, before: Score | None) -> bool:
    """Whether a row says what is stored, whenever that was written."""
    return before is not None and all(
        getattr(row, name) == getattr(before, name) for name in ATTRIBUTES
    )


def keep_gap(audit: Score, own: Score) -> dict:
    """Set an audit's counts beside a self-check that was handed in, or opened again (not yet
    saved elsewhere); returns what it had put in before.
    """
    before = audit.counted
    audit.counted = with_gap(before, own if own.finished_at else None)
    if audit.counted != before:
        audit.save(update_fields=["counted"])
    return before


# --- lines -------------------------------------------------------------------------------


def stored_lines(scores: Iterable[int]) -> dict[int, dict[Line, int]]:
    """By score: its lines with their keys."""
    rows = ScoreLine.objects.filter(score__in=list(scores)).order_by()
    found: dict[int, dict[Line, int]] = defaultdict(dict)
    for pk, score, *line in rows.values_list(
        "pk", "score_id", "item_id", "requirement_id", "points", "observation", "rule_id"
    ):
        found[score][Line(*line)] = pk
    return found


def write_lines(score: Score, wanted: set[Line], stored: Mapping[Line, int]) -> None:
    """Only what changed is written."""
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
