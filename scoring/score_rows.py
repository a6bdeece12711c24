"""Scores with their lines and what they put into the counts, as rows: one, or many at once.

For `scoring.results` alone, which decides when a score may be written.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from campaign.models import Campaign
from organization.bulk import insert
from organization.models import Project
from scoring import engine
from scoring.counting import counted_of, with_gap
from scoring.models import Rubric, Score, ScoreLine
from scoring.models.results import ScoreKind


class Line(NamedTuple):
    """One deduction that counts, by ids; `requirement` is None for the item as a whole."""

    item: int
    requirement: int | None
    points: Decimal
    observation: UUID
    rule: int | None = None


class Figures(NamedTuple):
    """What the row of a score says, in the terms of its columns, whenever it was written."""

    rubric_id: int
    kept: Decimal
    possible: Decimal
    finished_at: datetime | None
    objections_until: datetime | None
    open_objections: int
    zeroed: bool
    capped: bool
    counted: dict | None


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

    def figures(self, own: "Score | Figures | None") -> Figures:
        """`own` is what the project says of itself, where that is handed in."""
        return Figures(
            self.rubric.pk,
            self.score.kept,
            self.score.possible,
            self.finished_at,
            self.objections_until,
            self.open_objections,
            self.score.zeroed,
            self.score.capped,
            self.counted(own),
        )

    def row(self, campaign: Campaign, at: datetime, figures: Figures) -> Score:
        return Score(
            campaign=campaign,
            project=self.project,
            specialty_id=self.rubric.specialty_id,
            kind=self.kind,
            updated_at=at,
            **figures._asdict(),
        )

    def counted(self, own: "Score | Figures | None") -> dict | None:
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
VALUES = ("rubric", *Figures._fields[1:])
Key = tuple[int, int, str]
Scores = dict[Key, Score]


def stored_scores(campaign: Campaign, batch: Sequence[Made]) -> Scores:
    """The scores of the batch's projects as they are, of both kinds; one query."""
    found = scores_about(campaign, batch)
    return {(s.project_id, s.specialty_id, s.kind): s for s in found}


def scores_about(campaign: Campaign, batch: Sequence[Made]):
    return Score.objects.filter(
        campaign=campaign,
        project__in={made.project.pk for made in batch},
        specialty__in={made.rubric.specialty_id for made in batch},
    ).order_by()


def stored_figures(
    campaign: Campaign, batch: Sequence[Made]
) -> tuple[dict[Key, int], dict[Key, Figures]]:
    """The same as keys and plain figures: instances take several times as long."""
    keys, figures = {}, {}
    rows = scores_about(campaign, batch)
    names = ("pk", "project_id", "specialty_id", "kind", *Figures._fields)
    for pk, project, specialty, kind, *said in rows.values_list(*names):
        key = project, specialty, kind
        keys[key], figures[key] = pk, Figures(*said)
    return keys, figures


def own_score(made: Made, stored: Mapping) -> "Score | Figures | None":
    own = stored.get(made.of_self)
    return own if own and own.finished_at else None


def write_scores(rows: list[Score]) -> list[Score]:
    return Score.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=KEY,
        update_fields=[*VALUES, "updated_at"],
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


LINE = ("score", "item_id", "requirement_id", "points", "observation", "rule_id")
MOST = 500  # keys in a statement


# --- lines -------------------------------------------------------------------------------


def stored_lines(scores: Iterable[int]) -> dict[int, dict[Line, int]]:
    """By score: its lines with their keys."""
    rows = ScoreLine.objects.filter(score__in=list(scores)).order_by()
    found: dict[int, dict[Line, int]] = defaultdict(dict)
    for pk, score, *line in rows.values_list("pk", "score_id", *LINE[1:]):
        found[score][Line(*line)] = pk
    return found


def write_lines(due: Iterable[tuple[int, Collection[Line], Mapping[Line, int]]]) -> None:
    """By score's key, the lines wanted and those stored: only what changed is written."""
    gone, fresh = [], []
    for score, wanted, stored in due:
        gone += [pk for line, pk in stored.items() if line not in wanted]
        fresh += [(score, *line) for line in wanted if line not in stored]
    for start in range(0, len(gone), MOST):
        ScoreLine.objects.filter(pk__in=gone[start : start + MOST]).delete()
    insert(ScoreLine, LINE, fresh)
