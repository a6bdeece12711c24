"""Keeps the counts of all finished audit sheets: what a score puts in, and what it takes out.

Each score says in `Score.counted` what it has put in, so that the next figure of the same score
takes out exactly that. Covert visits and all else that is not handed in yet is in no count.
Only `scoring.results` calls this, with the project's standing held.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.db import connection

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


class Rows(NamedTuple):
    """What an audit score puts into the counts, each row as JSON spells it: most of forty
    thousand scores' rows come again, and are then counted by what they look like.
    """

    missed: Sequence[str] = ()
    sections: Sequence[str] = ()


class Alike:
    """The rows and pairs of figures that scores of one region and specialty put in."""

    def __init__(self):
        self.missed: list[str] = []
        self.sections: list[str] = []
        self.shown: list[tuple[int | None, int | None]] = []


class Tally:
    """Rows to be added to the counts: projects and hundredths by table and key; of how many scores
    they are made.
    """

    def __init__(self):
        self.scores = 0
        self.projects: dict[type, dict[tuple, int]] = {table: defaultdict(int) for table in KEYS}
        self.hundredths: dict[type, dict[tuple, int]] = {table: defaultdict(int) for table in KEYS}
        self.alike: dict[tuple[str, int], Alike] = defaultdict(Alike)

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
        self.add_shown(region, specialty, [counted.get(figure) for figure in FIGURES], times)

    def add_shown(
        self, region: str, specialty: int, shown: Sequence[int | None], times: int
    ) -> None:
        """So many scores' figures, in the order of FIGURES; None for those that they lack."""
        projects, hundredths = self.projects[FigureCount], self.hundredths[FigureCount]
        for figure, value in zip(FIGURES, shown, strict=True):
            if value is not None:
                key = region, specialty, figure, int(value / 100)
                projects[key] += times
                hundredths[key] += times * value

    def add_rows(
        self, specialty: int, region: str, rows: Rows, shown: tuple[int | None, int | None]
    ) -> None:
        """What a finished audit score of the specialty puts in, as `spelled_counted` says it."""
        self.scores += 1
        alike = self.alike[region, specialty]
        alike.missed += rows.missed
        alike.sections += rows.sections
        alike.shown.append(shown)
        if len(alike.shown) == BATCH:
            self.settle()

    def settle(self) -> None:
        """Add up what was counted by what it looks like."""
        projects, hundredths = self.projects, self.hundredths[MissedCount]
        for (region, specialty), alike in self.alike.items():
            for row, times in Counter(alike.missed).items():
                requirement, lost = read(row)
                projects[MissedCount][region, requirement] += times
                hundredths[region, requirement] += times * lost
            for row, times in Counter(alike.sections).items():
                projects[SectionCount][(region, specialty, *read(row))] += times
            for shown, times in Counter(alike.shown).items():
                self.add_shown(region, specialty, shown, times)
        self.alike.clear()

    def figures(self, table) -> dict[tuple, tuple[int, ...]]:
        """A table's sums by key, of what does not cancel out, in a fixed order."""
        self.settle()
        many, sums = self.projects[table], self.hundredths[table]
        found = {}
        for key in sorted(many):
            lost = sums.get(key, 0)
            if many[key] or lost:
                found[key] = (many[key], lost)[: len(SUMS[table])]
        return found


# --- what a score puts in ----------------------------------------------------------------


def with_gap(counted: dict, own) -> dict:
    """The same beside what the project said of itself: of two figures as they are shown."""
    rest = {key: value for key, value in counted.items() if key != Figure.GAP}
    gap = gap_of(rest.get(Figure.SCORE), own)
    return rest if gap is None else {Figure.GAP.value: gap} | rest


def gap_of(shown: int | None, own) -> int | None:
    said = engine.SheetScore(own.kept, own.possible).shown if own else None
    return None if said is None or shown is None else hundredths(said) - shown


def shown_figures(score: engine.SheetScore, own) -> tuple[int | None, int | None]:
    """The figures of a finished audit score, in the order of FIGURES; None for what it lacks."""
    shown = score.shown
    if shown is None:
        return None, None
    shown = hundredths(shown)
    return shown, own and gap_of(shown, own)


def spelled_counted(region: str, rows: Rows, shown: tuple[int | None, int | None]) -> str:
    """What a finished audit score puts into the counts, as the database spells the value: with the
    names in PostgreSQL's own order, the shorter ones first. In SQLite an earlier release may have
    spelled it otherwise.
    """
    score, gap = shown
    figures = "" if gap is None else f'"gap": {gap}, '
    if score is not None:
        figures += f'"score": {score}, '
    return (
        f'{{{figures}"missed": [{", ".join(rows.missed)}], "region": {spelled(region)}, '
        f'"sections": [{", ".join(rows.sections)}]}}'
    )


@lru_cache(maxsize=4096)
def spelled(value) -> str:
    return json.dumps(value, ensure_ascii=connection.vendor != "postgresql")


read = lru_cache(maxsize=4096)(json.loads)  # a row as it was spelled: a list not to change


def rows_of(lines: Iterable, sections: Mapping[str, engine.SectionPoints]) -> Rows:
    """The rows that these `scoring.results.Line`s and points by section's code come to."""
    return Rows(
        [spelled(tuple(row)) for row in missed_rows(lines)],
        [spelled(tuple(row)) for row in section_rows(sections)],
    )


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
