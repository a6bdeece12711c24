"""A sheet's points added up item by item, what comes again folded once.

What an item keeps has nothing to do with other items, so that a sheet's points are the sum of its
items', and forty thousand sheets are made of a few thousand different items with what was seen of
them. What an item comes to is what the fold says (inspections.sheet.folding); a test holds the
sum and the fold of the whole sheet together.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from inspections.sheet.folding import WITHDRAWAL, fold
from inspections.sheet.ledger import scored_lines
from inspections.sheet.outline import Outline
from organization.plain import Remembered
from scoring import engine
from scoring.counting import missed_rows, section_row
from scoring.score_rows import Line

ZERO = Decimal(0)
ID, KIND, ITEM, WITHDRAWS = 0, 1, 2, 6  # where a row has them
EVENT = slice(WITHDRAWS + 1)
ABOUT = slice(KIND, WITHDRAWS)  # what a row comes to, whoever saw it


class OfItem(NamedTuple):
    """What an item comes to by all that was seen of it.

    Of its `possible` points so many are `taken`, those beyond it included; `left_out` are those of
    an item that is not applicable. `section` is the place of its section among the rubric's codes,
    `missed` are rows of the counts.
    """

    possible: Decimal
    taken: Decimal
    left_out: Decimal
    section: int
    lines: tuple[Line, ...]
    missed: Sequence[list]
    zeroed: bool
    capped: bool


class Added(NamedTuple):
    """What a sheet comes to, with its rows of the counts; `lines` are values of `Line`s."""

    score: engine.SheetScore
    lines: Sequence[tuple]
    missed: list[list]
    sections: list[list]


class Adding:
    """Adds up sheets of one rubric; `allow_extra` says whether the campaign counts extras.

    A row is an observation as `Outline.event` takes it, whatever it has beyond that.
    """

    def __init__(self, outline: Outline, allow_extra: bool):
        self.outline, self.allow_extra = outline, allow_extra
        self.codes = sorted(outline.whole)
        self.alone = Remembered(lambda about: self.of_item([(None, *about, None)]))
        self.sections = Remembered(self.section)
        self.whole = [self.sections[place, ZERO, ZERO] for place in range(len(self.codes))]

    def sheet(self, rows: list[tuple]) -> Added:
        """What all rows of one sheet come to. Raises KeyError or ValueError for what the rubric
        lacks.
        """
        stands = standing(rows)
        if not stands:
            return Added(engine.SheetScore(ZERO, ZERO), [], [], self.rows({}))
        if len({row[ITEM] for row in stands}) < len(stands):
            return self.together([self.of_item(own) for own in by_item(stands)])
        # of each item one row, as nearly always: only by whom it was seen is new
        alone = self.alone
        found = [alone[row[ABOUT]] for row in stands]
        lines = [
            (line[0], line[1], line[2], row[ID], line[4])  # a `Line` takes four times as long
            for row, item in zip(stands, found, strict=True)
            for line in item.lines
        ]
        return self.together(found, lines)

    def together(self, found: list[OfItem], lines: list[tuple] | None = None) -> Added:
        """A sheet of these items; `lines` are theirs unless given."""
        points, losses, left_out, places, own, missed, zeroes, caps = zip(*found, strict=True)
        possible, zeroed = sum(points, ZERO), True in zeroes
        kept = ZERO if zeroed else max(ZERO, possible - sum(losses, ZERO))
        touched: dict[int, tuple[Decimal, Decimal]] = {}
        for place, lost, gone in zip(places, losses, left_out, strict=True):
            if place in touched:
                before = touched[place]
                lost, gone = before[0] + lost, before[1] + gone
            touched[place] = lost, gone
        return Added(
            engine.SheetScore(kept, possible, zeroed=zeroed, capped=True in caps),
            list(chain.from_iterable(own)) if lines is None else lines,
            sorted(chain.from_iterable(missed)),
            self.rows(touched),
        )

    def rows(self, touched: dict[int, tuple[Decimal, Decimal]]) -> list[list]:
        """Those of all sections, whole but for these."""
        rows = self.whole[:]
        for place, (lost, left_out) in touched.items():
            rows[place] = self.sections[place, lost, left_out]
        return [row for row in rows if row] if None in rows else rows

    def section(self, about: tuple[int, Decimal, Decimal]) -> list | None:
        """A section's row with so much taken and left out; None where nothing of it applies."""
        place, lost, left_out = about
        code = self.codes[place]
        possible = self.outline.whole[code].possible - left_out
        points = engine.SectionPoints(possible - lost, possible)
        return section_row(code, points) if possible else None

    def of_item(self, rows: list[tuple]) -> OfItem:
        """What an item comes to by these rows, all of it, as the fold says."""
        of = self.outline
        events = [of.event(*row[EVENT]) for row in rows]
        folded = fold(of.engine_items, events, self.allow_extra, of.critical)
        (item,) = folded.score.items
        left_out = of.by_code[item.code].item.points if item.not_applicable else ZERO
        lines = tuple(scored_lines(of, folded))
        return OfItem(
            item.possible,
            item.lost + item.extra,
            left_out,
            self.codes.index(of.section_of[item.code]),
            lines,
            missed_rows(lines),
            folded.score.zeroed,
            folded.score.capped,
        )


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
