"""Scores with their lines and what they put into the counts, as rows: one, or many at once.

For `scoring.results` alone, which decides when a score may be written.
"""

from collections.abc import Collection, Mapping, Sequence, Set
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from campaign.models import Campaign
from organization.bulk import insert
from organization.models import Project
from organization.plain import plain
from scoring import engine
from scoring.counting import counted_of, missed_rows, with_gap
from scoring.models import Rubric, Score, ScoreLine
from scoring.models.results import ScoreKind

AUDIT, SELF = ScoreKind.AUDIT, ScoreKind.SELF


class Line(NamedTuple):
    """One deduction that counts, by ids; `requirement` is None for the item as a whole.

    Where all results are made again, `observation` is as the database has it (organization.plain).
    """

    item: int
    requirement: int | None
    points: Decimal
    observation: UUID | str
    rule: int | None = None


class Place(NamedTuple):
    """What a score says of its project, where thousands are made."""

    id: int
    region: str


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

    @property
    def points(self) -> tuple:
        """What a composite is made of, in the order of `results.POINTS`."""
        return self.kept, self.possible, self.finished_at, self.capped


class Made(NamedTuple):
    """A score as whoever keeps what it is made of says it; the terms are `record_score`'s."""

    project: Project | Place
    rubric: Rubric
    kind: str
    score: engine.SheetScore
    lines: Collection[Line]  # or their values, where thousands are made
    finished_at: datetime | None
    objections_until: datetime | None = None
    open_objections: int = 0
    sections: Sequence[list] = ()  # as the counts have them (scoring.counting)
    missed: Sequence[list] | None = None  # the same; None: those of the lines

    @property
    def key(self) -> tuple[int, int, str]:
        return self.project.id, self.rubric.specialty_id, self.kind

    @property
    def of_self(self) -> tuple[int, int, str]:
        """The key of what the project said of itself."""
        return self.project.id, self.rubric.specialty_id, SELF

    def figures(self, own: "Score | Figures | None") -> Figures:
        """`own` is what the project says of itself, where that is handed in."""
        return Figures(
            self.rubric.id,
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
            project_id=self.project.id,
            specialty_id=self.rubric.specialty_id,
            kind=self.kind,
            updated_at=at,
            **figures._asdict(),
        )

    def counted(self, own: "Score | Figures | None") -> dict | None:
        """Only what is handed in counts, so that no covert visit shows before."""
        if self.kind != AUDIT or not self.finished_at:
            return None
        return counted_of(
            region=self.project.region,
            score=self.score,
            missed=missed_rows(self.lines) if self.missed is None else self.missed,
            sections=self.sections,
            own=own,
        )


KEY = ("campaign", "project", "specialty", "kind")
KEYS = ("project_id", "specialty_id", "kind")  # of one campaign
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
        project__id__among={made.project.id for made in batch},
        specialty__id__among={made.rubric.specialty_id for made in batch},
    ).order_by()


def stored_figures(
    campaign: Campaign, projects: Collection[int]
) -> tuple[dict[Key, int], dict[Key, Figures]]:
    """All scores of these projects as keys and plain figures: instances take several times as
    long.
    """
    scores = Score.objects.filter(campaign=campaign, project__id__among=projects).order_by()
    keys, figures = {}, {}
    for row in plain(scores, "pk", *KEYS, *Figures._fields):
        key = row[1:4]
        keys[key], figures[key] = row[0], Figures._make(row[4:])
    return keys, figures


def write_figures(campaign: Campaign, due: Mapping[Key, Figures], at: datetime) -> None:
    """Write what these scores are to say; one prepared statement."""
    rows = [(campaign.pk, *key, *figures, at) for key, figures in due.items()]
    insert(Score, (*KEY, *VALUES, "updated_at"), rows, on_conflict=REPLACED)


def stored_keys(campaign: Campaign, batch: Sequence[Made]) -> dict[Key, int]:
    return {tuple(key): pk for pk, *key in plain(scores_about(campaign, batch), "pk", *KEYS)}


def replaced() -> str:
    """Where the project has such a score already."""
    column = {name: Score._meta.get_field(name).column for name in (*KEY, *VALUES, "updated_at")}
    key = ", ".join(column[name] for name in KEY)
    values = ", ".join(f"{column[x]} = excluded.{column[x]}" for x in (*VALUES, "updated_at"))
    return f"ON CONFLICT ({key}) DO UPDATE SET {values}"


REPLACED = replaced()


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


LINE = ("score_id", "item_id", "requirement_id", "points", "observation", "rule_id")
MOST = 500  # keys in a statement


# --- lines -------------------------------------------------------------------------------


def stored_lines(scores: Collection[int], *, as_kept: bool = False) -> dict[tuple, int]:
    """The keys of these scores' lines, by the score's key and what the `Line` says.

    `as_kept`: observations by what the database has for their ids.
    """
    rows = ScoreLine.objects.filter(score__id__among=scores).order_by()
    found = plain(rows, "pk", *LINE, as_kept=("observation",) if as_kept else ())
    return {row[1:]: row[0] for row in found}


def write_lines(wanted: Set[tuple], stored: Mapping[tuple, int]) -> None:
    """Of some scores: the lines wanted, as `stored_lines` has them. Only what changed is
    written.
    """
    known = set(stored)
    if known == wanted:
        return
    gone = [stored[line] for line in known - wanted]
    for start in range(0, len(gone), MOST):
        ScoreLine.objects.filter(pk__in=gone[start : start + MOST]).delete()
    insert(ScoreLine, LINE, wanted - known)
