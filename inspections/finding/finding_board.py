"""Findings as a board: a column per state, a card per finding, its next action on the card."""

from dataclasses import dataclass
from functools import cached_property

from inspections.finding.finding_filters import TABS
from inspections.finding.finding_list import FindingList, FindingRow, with_marks

PER_COLUMN = 12
# Every finding in force stands in exactly one of them.
COLUMNS = {
    "overdue": "is-late",
    "soon": "is-warn",
    "later": "",
    "waiting": "is-wait",
    "verified": "is-ok",
}


@dataclass(frozen=True)
class Column:
    code: str
    word: object
    tone: str
    count: int
    cards: list[FindingRow]
    current: bool

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


class Board:
    """The same findings as the list, with the same filters; one query a column."""

    def __init__(self, found: FindingList):
        self.found = found

    @property
    def shown(self) -> str:
        """The one column that a phone shows: the asked one, else the first with something in it."""
        if self.found.tab in COLUMNS:
            return self.found.tab
        filled = (code for code in COLUMNS if self.found.counts[code])
        return next(filled, "later")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column(
                code=code,
                word=TABS[code].word,
                tone=tone,
                count=self.found.counts[code],
                cards=self.cards(code),
                current=code == self.shown,
            )
            for code, tone in COLUMNS.items()
        ]

    def cards(self, code: str) -> list[FindingRow]:
        ordered = self.found.of(code).order_by(*TABS[code].order)
        return self.found.rows.of(with_marks(ordered)[:PER_COLUMN])
