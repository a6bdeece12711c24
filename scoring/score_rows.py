"""Scores with their lines and what they put into the counts, as rows: one, or many at once.

For `scoring.results` alone, which decides when a score may be written.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from campaign.models import Campaign
from organization.bulk import Json, insert, rewrite
from organization.models import Project
from organization.plain import plain
from scoring import engine
from scoring.counting import (
    Rows,
    shown_figures,
    spelled_counted,
    with_gap,
)
from scoring.models import Rubric, Score, ScoreLine
from scoring.models.results import ScoreKind

AUDIT, SELF = ScoreKind.AUDIT, ScoreKind.SELF


class Line(NamedTuple):
    """One deduction that counts, by ids; `requirement` is None for the item as a whole.

    Where all results are made again, `points` and `observation` are as the database has them
    (organization.plain).
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


class Form(NamedTuple):
    """What a score says of its rubric, where thousands are made: an instance looks its keys up
    each time.
    """

    id: int
    specialty_id: int


class Figures(NamedTuple):
    """What the row of a score says, in the terms of its columns, whenever it was written.

    `counted` is spelled as JSON: to read it takes longer than everything else of a score.
    """

    rubric_id: int
    kept: Decimal
    possible: Decimal
    finished_at: datetime | None
    objections_until: datetime | None
    open_objections: int
    zeroed: bool
    capped: bool
    counted: str | None

    @property
    def points(self) -> tuple:
        """What a composite is made of, in the order of `results.POINTS`."""
        return self.kept, self.possible, self.finished_at, self.capped

    def says(self, other: "Figures | None") -> bool:
        """Whether both say the same, however their counts are spelled."""
        if self == other or not other or not self.counted or not other.counted:
            return self == other
        is_counted = json.loads(self.counted) == json.loads(other.counted)
        return is_counted and self._replace(counted=other.counted) == other


class Made(NamedTuple):
    """A score as whoever keeps what it is made of says it; the terms are `record_score`'s."""

    project: Project | Place
    rubric: Rubric | Form
    kind: str
    score: engine.SheetScore
    lines: Collection[Line]  # or their values, where thousands are made
    finished_at: datetime | None
    objections_until: datetime | None = None
    open_objections: int = 0
    rows: Rows = Rows()  # as the counts have them

    @property
    def key(self) -> tuple[int, int, str]:
        return self.project.id, self.rubric.specialty_id, self.kind

    @property
    def of_self(self) -> tuple[int, int, str]:
        """The key of what the project said of itself."""
        return self.project.id, self.rubric.specialty_id, SELF

    @property
    def counts(self) -> bool:
        """Only what is handed in counts, so that no covert visit shows before."""
        return self.kind == AUDIT and self.finished_at is not None

    def figures(self, shown: tuple[int | None, int | None] | None) -> Figures:
        """`shown` as the counts have it (`shown_figures`), None where nothing counts."""
        score = self.score
        return Figures(
            self.rubric.id,
            score.kept,
            score.possible,
            self.finished_at,
            self.objections_until,
            self.open_objections,
            score.zeroed,
            score.capped,
            spelled_counted(self.project.region, self.rows, shown) if shown else None,
        )

    def row(self, campaign: Campaign, at: datetime, own: Score | None) -> Score:
        return Score(
            campaign=campaign,
            project_id=self.project.id,
            specialty_id=self.rubric.specialty_id,
            kind=self.kind,
            updated_at=at,
            rubric_id=self.rubric.id,
            kept=self.score.kept,
            possible=self.score.possible,
            finished_at=self.finished_at,
            objections_until=self.objections_until,
            open_objections=self.open_objections,
            zeroed=self.score.zeroed,
            capped=self.score.capped,
            counted=self.counted(own),
        )

    def counted(self, own: "Score | Figures | None") -> dict | None:
        """What the row of an audit score says that it has put into the counts."""
        if not self.counts:
            return None
        shown = shown_figures(self.score, own)
        return json.loads(spelled_counted(self.project.region, self.rows, shown))


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
    for row in plain(scores, "pk", *KEYS, *Figures._fields, as_kept=("counted",)):
        key = row[1:4]
        keys[key], figures[key] = row[0], Figures._make(row[4:])
    return keys, figures


def write_figures(
    campaign: Campaign, due: Mapping[Key, Figures], keys: Mapping[Key, int], at: datetime
) -> None:
    """Write what these scores are to say, of which `keys` are there already; a statement for
    those and one for the others.
    """
    old, new = [], []
    for key, figures in due.items():
        values = (*figures[:-1], figures.counted and Json(figures.counted), at)
        if key in keys:
            old.append((*values, keys[key]))
        else:
            new.append((campaign.pk, *key, *values))
    rewrite(Score, (*VALUES, "updated_at"), old)
    insert(Score, (*KEY, *VALUES, "updated_at"), new)


def write_counted(rows: Iterable[tuple[str | None, datetime, int]]) -> None:
    """Write what scores put into the counts, where all else that they say is right: the spelled
    value, when, and the score's key. To write all columns takes twice as long.
    """
    spelled = [(counted and Json(counted), at, pk) for counted, at, pk in rows]
    rewrite(Score, ("counted", "updated_at"), spelled)


def stored_keys(campaign: Campaign, batch: Sequence[Made]) -> dict[Key, int]:
    return {tuple(key): pk for pk, *key in plain(scores_about(campaign, batch), "pk", *KEYS)}


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
AS_KEPT = ("points", "observation")


# --- lines -------------------------------------------------------------------------------


def stored_lines(score: int) -> dict[tuple, int]:
    """The keys of a score's lines, by what the `Line` says."""
    rows = ScoreLine.objects.filter(score=score).order_by().values_list("pk", *LINE)
    return {row[2:]: row[0] for row in rows}


def write_lines(score: int, wanted: Collection[Line], stored: Mapping[tuple, int]) -> None:
    """The lines of one score, of which `stored` are there. Only what changed is written."""
    gone = stored.keys() - set(wanted)
    if gone:
        ScoreLine.objects.filter(pk__in=[stored[line] for line in gone]).delete()
    insert(ScoreLine, LINE, [(score, *line) for line in set(wanted) - stored.keys()])


def kept_lines(scores: Collection[int]) -> set[tuple]:
    """What these scores' lines say, each with the score's key, as the database has it."""
    rows = ScoreLine.objects.filter(score__id__among=scores).order_by()
    return set(plain(rows, *LINE, as_kept=AS_KEPT))


def write_kept_lines(wanted: Set[tuple], known: Set[tuple]) -> None:
    """The same for the lines of many scores, of which `known` are there."""
    if known == wanted:
        return
    if surplus := known - wanted:
        rows = ScoreLine.objects.filter(score__id__among={line[0] for line in surplus}).order_by()
        found = plain(rows, "pk", *LINE, as_kept=AS_KEPT)
        gone = [pk for pk, *line in found if tuple(line) in surplus]
        ScoreLine.objects.filter(pk__among=gone).delete()
    insert(ScoreLine, LINE, wanted - known)
