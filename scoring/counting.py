"""Keeps the counts of all finished audit sheets: what a score puts in, and what it takes out.

Each score says in `Score.counted` what it has put in, so that the next figure of the same score
takes out exactly that. Covert visits and all else that is not handed in yet is in no count.
Only `scoring.results` calls this, with the project's standing held.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from campaign.models import Campaign
from organization.bulk import insert
from scoring import engine
from scoring.models import FigureCount, MissedCount, Score, SectionCount
from scoring.models.counts import Figure

# the columns of a row before its sums; the sums of each table
KEYS = {
    MissedCount: ("campaign", "region", "requirement"),
    SectionCount: ("campaign", "region", "specialty", "section", "kept", "possible"),
    FigureCount: ("campaign", "region", "specialty", "figure", "whole"),
}
SUMS = {
    MissedCount: ("projects", "hundredths"),
    SectionCount: ("projects",),
    FigureCount: ("projects", "hundredths"),
}
BATCH = 1000


@dataclass(slots=True)
class Tally:
    """Rows to be added to the counts: projects and hundredths by table and key."""

    projects: Counter = field(default_factory=Counter)
    hundredths: Counter = field(default_factory=Counter)

    def put(self, table, key: tuple, hundredths: int, times: int) -> None:
        self.projects[table, key] += times
        self.hundredths[table, key] += times * hundredths

    def add(self, specialty: int, counted: dict | None, times: int = 1) -> None:
        """What a score of the specialty puts in; with `times` -1 what it takes out."""
        for table, key, hundredths in rows_of(specialty, counted or {}):
            self.put(table, key, hundredths, times)

    def rows(self) -> Iterator[tuple]:
        """(table, key, projects, hundredths) of what does not cancel out, in a fixed order."""
        for where in self.projects:
            if self.projects[where] or self.hundredths[where]:
                yield *where, self.projects[where], self.hundredths[where]


def rows_of(specialty: int, counted: dict) -> Iterator[tuple]:
    region = counted.get("region", "")
    for requirement, lost in counted.get("missed", ()):
        yield MissedCount, (region, requirement), lost
    for section, kept, possible in counted.get("sections", ()):
        yield SectionCount, (region, specialty, section, kept, possible), 0
    for figure in (Figure.SCORE, Figure.GAP):
        if (hundredths := counted.get(figure.value)) is not None:
            whole = int(hundredths / 100)
            yield FigureCount, (region, specialty, figure.value, whole), hundredths


# --- what a score puts in ----------------------------------------------------------------


def counted_of(
    *, region: str, score: engine.SheetScore, lines: Iterable, sections: Mapping, own: Score | None
) -> dict:
    """What a finished audit score puts into the counts, as plain values that a database keeps.

    `lines` are `scoring.results.Line`, `sections` the points by section's code, `own` is the
    project's finished self-check of the same specialty.
    """
    counted: dict = {
        "region": region,
        "missed": sorted(
            [line.requirement, hundredths(line.points)] for line in lines if line.requirement
        ),
        "sections": sorted(
            [code, hundredths(max(points.kept, Decimal(0))), hundredths(points.possible)]
            for code, points in sections.items()
            if points.possible
        ),
    }
    if score.shown is not None:
        counted[Figure.SCORE.value] = hundredths(score.shown)
    return with_gap(counted, own)


def with_gap(counted: dict, own: Score | None) -> dict:
    """The same beside what the project said of itself: of two figures as they are shown."""
    rest = {key: value for key, value in counted.items() if key != Figure.GAP}
    said = engine.SheetScore(own.kept, own.possible).shown if own else None
    if said is None or Figure.SCORE not in rest:
        return rest
    return rest | {Figure.GAP.value: hundredths(said) - rest[Figure.SCORE]}


def hundredths(points: Decimal) -> int:
    return int(points.scaleb(2))


# --- writing -----------------------------------------------------------------------------


def move_counts(campaign: Campaign, specialty: int, was: dict | None, now: dict | None) -> None:
    """Take out what a score had put in and put in what it says now: at most three statements.

    Always in the same order, so that two projects that are scored at once never wait for each
    other's rows crosswise.
    """
    if was != now:
        tally = Tally()
        tally.add(specialty, was, -1)
        tally.add(specialty, now)
        write(campaign, tally)


def write(campaign: Campaign, tally: Tally) -> None:
    rows = sorted(tally.rows(), key=lambda row: (ORDER[row[0]], row[1]))
    for table, own in groupby(rows, key=itemgetter(0)):
        keys, sums = KEYS[table], SUMS[table]
        values = [
            [campaign.pk, *key, *figures][: len(keys) + len(sums)] for _t, key, *figures in own
        ]
        insert(table, (*keys, *sums), values, on_conflict=ADDED[table])


def added(table) -> str:
    columns = {name: table._meta.get_field(name).column for name in (*KEYS[table], *SUMS[table])}
    name = table._meta.db_table
    sums = ", ".join(f"{x} = {name}.{x} + excluded.{x}" for x in SUMS[table])
    return f"ON CONFLICT ({', '.join(columns[key] for key in KEYS[table])}) DO UPDATE SET {sums}"


ORDER = {table: number for number, table in enumerate(KEYS)}
ADDED = {table: added(table) for table in KEYS}


def count_all_again(campaign: Campaign) -> None:
    """Every count from what the scores say that they have put in; nothing else is read."""
    tally = Tally()
    scores = Score.objects.audits().filter(campaign=campaign, counted__isnull=False).order_by()
    for specialty, counted in scores.values_list("specialty", "counted").iterator(BATCH):
        tally.add(specialty, counted)
    for table in KEYS:
        table.objects.filter(campaign=campaign).delete()
    write(campaign, tally)
