"""Keeps the counts of all finished audit sheets: what a score puts in, and what it takes out.

Each score says in `Score.counted` what it has put in, so that the next figure of the same score
takes out exactly that. Covert visits and all else that is not handed in yet is in no count.
Only `scoring.results` calls this, with the project's standing held.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from campaign.models import Campaign
from organization.bulk import insert
from organization.plain import plain
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
BATCH = 500


class Tally:
    """Rows to be added to the counts: projects and hundredths by table and key; of how many scores
    they are made.
    """

    def __init__(self):
        self.scores = 0
        self.projects: dict[type, dict[tuple, int]] = {table: defaultdict(int) for table in KEYS}
        self.hundredths: dict[type, dict[tuple, int]] = {table: defaultdict(int) for table in KEYS}

    def add(self, specialty: int, counted: dict | None, times: int = 1) -> None:
        """What a score of the specialty puts in; with `times` -1 what it takes out."""
        if counted is None:
            return
        self.scores += times
        region = counted.get("region", "")
        projects, hundredths = self.projects[MissedCount], self.hundredths[MissedCount]
        for requirement, lost in counted.get("missed", ()):
            key = region, requirement
            projects[key] += times
            hundredths[key] += times * lost
        projects = self.projects[SectionCount]
        for section, kept, possible in counted.get("sections", ()):
            projects[region, specialty, section, kept, possible] += times
        for figure in FIGURES:
            if (shown := counted.get(figure)) is not None:
                key = region, specialty, figure, int(shown / 100)
                self.projects[FigureCount][key] += times
                self.hundredths[FigureCount][key] += times * shown

    def figures(self, table) -> dict[tuple, tuple[int, ...]]:
        """A table's sums by key, of what does not cancel out, in a fixed order."""
        many, sums = self.projects[table], self.hundredths[table]
        found = {}
        for key in sorted(many):
            lost = sums.get(key, 0)
            if many[key] or lost:
                found[key] = (many[key], lost)[: len(SUMS[table])]
        return found


# --- what a score puts in ----------------------------------------------------------------


def counted_of(
    *, region: str, score: engine.SheetScore, missed: list[list], sections: list[list], own
) -> dict:
    """What a finished audit score puts into the counts, as plain values that a database keeps.

    `missed` and `sections` are the rows below, sorted; `own` is the project's finished self-check
    of the same specialty: whatever has points kept and possible.
    """
    counted: dict = {"region": region, "missed": missed, "sections": sections}
    if score.shown is not None:
        counted[Figure.SCORE.value] = hundredths(score.shown)
    return with_gap(counted, own) if own else counted


def with_gap(counted: dict, own) -> dict:
    """The same beside what the project said of itself: of two figures as they are shown."""
    rest = {key: value for key, value in counted.items() if key != Figure.GAP}
    said = engine.SheetScore(own.kept, own.possible).shown if own else None
    if said is None or Figure.SCORE not in rest:
        return rest
    return rest | {Figure.GAP.value: hundredths(said) - rest[Figure.SCORE]}


def missed_rows(lines: Iterable) -> list[list]:
    """The requirements that `scoring.results.Line`s are about, with what each costs."""
    return sorted(
        [[line.requirement, hundredths(line.points)] for line in lines if line.requirement]
    )


def section_rows(sections: Mapping[str, engine.SectionPoints]) -> list[list]:
    """Sections of which anything applies, by their codes."""
    return sorted([section_row(*each) for each in sections.items() if each[1].possible])


@lru_cache(maxsize=4096)  # of a rubric's sections most come again and again
def section_row(code: str, points: engine.SectionPoints) -> list:
    """A section's code with its hundredths kept and possible: one list for all, not to change."""
    return [code, hundredths(max(points.kept, Decimal(0))), hundredths(points.possible)]


@lru_cache(maxsize=4096)
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
    for table in KEYS:
        insert_counts(campaign, table, tally.figures(table))


def insert_counts(campaign: Campaign, table, figures: Mapping[tuple, tuple[int, ...]]) -> None:
    rows = [(campaign.pk, *key, *sums) for key, sums in figures.items()]
    insert(table, (*KEYS[table], *SUMS[table]), rows, on_conflict=ADDED[table])


def added(table) -> str:
    columns = {name: table._meta.get_field(name).column for name in (*KEYS[table], *SUMS[table])}
    name = table._meta.db_table
    sums = ", ".join(f"{x} = {name}.{x} + excluded.{x}" for x in SUMS[table])
    return f"ON CONFLICT ({', '.join(columns[key] for key in KEYS[table])}) DO UPDATE SET {sums}"


ADDED = {table: added(table) for table in KEYS}
FIGURES = tuple(figure.value for figure in (Figure.SCORE, Figure.GAP))


# --- all of them again -------------------------------------------------------------------


class Wrong(NamedTuple):
    """A row of the counts that is not what the scores put in: what it should say and what it
    says, each None where there is no such row; `pk` of the one that is there.
    """

    table: type
    key: tuple
    due: tuple[int, ...] | None
    now: tuple[int, ...] | None
    pk: int | None


def tally_of(campaign: Campaign) -> Tally:
    """What the scores say that they have put in; memory is that of the counts."""
    tally = Tally()
    for specialty, counted in plain(counted_scores(campaign), "specialty_id", "counted"):
        tally.add(specialty, counted)
    return tally


def counted_scores(campaign: Campaign):
    scores = Score.objects.audits().filter(campaign=campaign, counted__isnull=False)
    return scores.order_by()


def wrong_counts(campaign: Campaign, tally: Tally | None = None) -> Iterator[Wrong]:
    """Counts that are not what the scores say that they have put in; one row of nothing is as
    good as none.
    """
    tally = tally or tally_of(campaign)
    for table in KEYS:
        due = tally.figures(table)
        width, rows = len(KEYS[table]), table.objects.filter(campaign=campaign).order_by("pk")
        for pk, *row in rows.values_list("pk", *KEYS[table][1:], *SUMS[table]).iterator(BATCH):
            key, now = tuple(row[: width - 1]), tuple(row[width - 1 :])
            wanted = due.pop(key, None)
            if wanted != now and (wanted or any(now)):
                yield Wrong(table, key, wanted, now, pk)
        for key, wanted in due.items():
            yield Wrong(table, key, wanted, None, None)


def count_all_again(campaign: Campaign, tally: Tally | None = None) -> None:
    """Every count from what the scores say that they have put in; only what differs is written.

    A `tally` serves where it was made of all of them, and they need not be read again.
    """
    if tally and tally.scores != counted_scores(campaign).count():
        tally = None  # some have no source any more
    wrong = sorted(wrong_counts(campaign, tally), key=lambda each: (ORDER[each.table], each.key))
    for table, own in groupby(wrong, key=attrgetter("table")):
        rows = list(own)
        gone = [each.pk for each in rows if each.pk]
        for start in range(0, len(gone), BATCH):
            table.objects.filter(pk__in=gone[start : start + BATCH]).delete()
        insert_counts(campaign, table, {each.key: each.due for each in rows if each.due})


ORDER = {table: number for number, table in enumerate(KEYS)}
