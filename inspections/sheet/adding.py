"""A sheet's points added up item by item, what comes again folded once.

What an item keeps has nothing to do with other items, so that a sheet's points are the sum of its
items', and forty thousand sheets are made of a few thousand different items with what was seen of
them. What an item comes to is what the fold says (inspections.sheet.folding); a test holds the
sum and the fold of the whole sheet together.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from inspections.models import Observation
from inspections.sheet.folding import WITHDRAWAL, fold
from inspections.sheet.ledger import scored_lines
from inspections.sheet.outline import Outline
from organization.plain import Kept, Remembered
from scoring import engine
from scoring.counting import Rows, hundredths, missed_rows, section_row, spelled
from scoring.score_rows import Line

ZERO = Decimal(0)
ID, KIND, ITEM, WITHDRAWS = 0, 1, 2, 6  # where a row has them
EVENT = slice(WITHDRAWS + 1)
ABOUT = slice(KIND, WITHDRAWS)  # what an item comes to by a row, whoever saw it
LINES = 5  # where an item has them
AMOUNT = Kept(Observation, "points")
POINTS = Remembered(lambda number: Decimal(number).scaleb(-2))  # by their hundredths


class OfItem(NamedTuple):
    """What an item comes to by all that was seen of it, in hundredths of a point.

    `taken` are those beyond the item included, `left_out` those of an item that is not applicable.
    `section` is the place of its section among the rubric's codes, `missed` are requirements each
    with its row of the counts.
    """

    item: int
    possible: int
    taken: int
    left_out: int
    section: int
    lines: tuple[Line, ...]
    missed: tuple[tuple[int, str], ...]
    zeroed: bool
    capped: bool


class Added(NamedTuple):
    """What a sheet comes to, with its rows of the counts; `lines` are values of `Line`s."""

    score: engine.SheetScore
    lines: Sequence[tuple]
    rows: Rows


class Adding:
    """Adds up sheets of one rubric; `allow_extra` says whether the campaign counts extras.

    A row is an observation as `Outline.event` takes it, but for points, which are as the database
    has them, as in lines; whatever it has beyond that.
    """

    def __init__(self, outline: Outline, allow_extra: bool):
        self.outline, self.allow_extra = outline, allow_extra
        self.codes = sorted(outline.whole)
        self.alone = Remembered(self.of_row)
        self.sections = Remembered(self.section)
        self.whole = [self.sections[place, 0, 0] for place in range(len(self.codes))]

    def sheet(self, rows: list[tuple]) -> Added:
        """What all rows of one sheet come to. Raises KeyError or ValueError for what the rubric
        lacks.
        """
        alone = self.alone
        found = [alone[row[ABOUT]] for row in rows]
        if None in found or len({item[0] for item in found}) < len(found):
            found = [self.of_item(own) for own in by_item(standing(rows))]
            return self.together(found, [line for item in found for line in item.lines])
        # of each item one row, as nearly always: only by whom it was seen is new
        lines = [
            (of, requirement, amount, row[ID], rule)  # a `Line` takes four times as long
            for row, item in zip(rows, found, strict=True)
            for of, requirement, amount, _id, rule in item[LINES]
        ]
        return self.together(found, lines)

    def together(self, found: list[OfItem], lines: list[tuple]) -> Added:
        """A sheet of these items, with their lines."""
        possible = taken = 0
        zeroed = capped = False
        rows, touched = self.whole[:], {}
        missed: list[tuple[int, str]] = []
        for _item, points, lost, gone, place, _lines, own, zeroes, caps in found:
            possible += points
            taken += lost
            if place in touched:  # by several items
                before = touched[place]
                lost, gone = before[1] + lost, before[2] + gone
            touched[place] = about = place, lost, gone
            rows[place] = self.sections[about]
            missed += own
            zeroed, capped = zeroed or zeroes, capped or caps
        kept = 0 if zeroed else max(0, possible - taken)
        missed.sort()
        return Added(
            engine.SheetScore(POINTS[kept], POINTS[possible], (), (), zeroed, capped),
            lines,
            Rows(
                [row for _requirement, row in missed],
                [row for row in rows if row] if "" in rows else rows,
            ),
        )

    def section(self, about: tuple[int, int, int]) -> str:
        """A section's row with so much taken and left out; none where nothing of it applies."""
        place, lost, left_out = about
        code = self.codes[place]
        possible = hundredths(self.outline.whole[code].possible) - left_out
        points = engine.SectionPoints(POINTS[possible - lost], POINTS[possible])
        return spelled(tuple(section_row(code, points))) if possible else ""

    def of_row(self, about: tuple) -> OfItem | None:
        """What an item comes to by one row alone; None where that takes another back."""
        return None if about[0] == WITHDRAWAL else self.of_item([(None, *about, None)])

    def of_item(self, rows: list[tuple]) -> OfItem:
        """What an item comes to by these rows, all of it, as the fold says."""
        of = self.outline
        events = [of.event(*in_points(row)) for row in rows]
        scored = of.lines[rows[0][ITEM]].scored
        folded = fold([scored], events, self.allow_extra, of.critical)
        (item,) = folded.score.items
        left_out = of.by_code[item.code].item.points if item.not_applicable else ZERO
        lines = tuple(scored_lines(of, folded))
        return OfItem(
            rows[0][ITEM],
            hundredths(item.possible),
            hundredths(item.lost + item.extra),
            hundredths(left_out),
            self.codes.index(of.section_of[item.code]),
            tuple(line._replace(points=AMOUNT.as_kept(line.points)) for line in lines),
            tuple((row[0], spelled(tuple(row))) for row in missed_rows(lines)),
            folded.score.zeroed,
            folded.score.capped,
        )


def in_points(row: tuple) -> tuple:
    """A row as `Outline.event` takes it."""
    *event, points, withdraws = row[EVENT]
    return *event, AMOUNT.value(points), withdraws


def standing(rows: list[tuple]) -> list[tuple]:
    """Rows that were not taken back; what takes back is gone with it (`folding.standing`)."""
    gone = {row[WITHDRAWS] for row in rows if row[KIND] == WITHDRAWAL}
    if not gone:
        return rows
    return [row for row in rows if row[KIND] != WITHDRAWAL and row[ID] not in gone]


def by_item(rows: list[tuple]) -> list[list[tuple]]:
    groups: dict[int, list[tuple]] = defaultdict(list)
    for row in rows:
        groups[row[ITEM]].append(row)
    return list(groups.values())
