"""A sheet as it is, for the page: merged cells as spans, doubtful cells with their notes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scoring.forms import Message, Understood
from scoring.forms.cells import Table, address, column_letters

MOST_ROWS = 300
MOST_COLUMNS = 30
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True, slots=True)
class Note:
    """Something said about a cell: a number that ties the two sides of the page together."""

    number: int
    message: Message
    is_error: bool

    @property
    def sign(self) -> str:
        return CIRCLED[self.number - 1] if self.number <= len(CIRCLED) else f"({self.number})"


@dataclass(slots=True)
class Square:
    """One cell as it is drawn."""

    address: str
    text: str
    look: str = ""
    colspan: int = 1
    rowspan: int = 1
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Grid:
    """The sheet's columns by letter, and its rows as (number, squares, hidden)."""

    columns: list[str]
    rows: list[tuple[int, list[Square], bool]]
    left_out: int

    @property
    def span(self) -> str:
        return f"A1:{self.columns[-1]}{self.rows[-1][0]}" if self.rows else ""


def notes_of(understood: Understood) -> list[Note]:
    """Everything that is to be said, errors first, numbered."""
    told = [(message, True) for message in understood.errors]
    told += [(message, False) for message in understood.warnings]
    return [Note(n, message, is_error) for n, (message, is_error) in enumerate(told, start=1)]


def draw(table: Table, understood: Understood, notes: Iterable[Note]) -> Grid:
    """The part of the sheet that has something on it, at most 300 rows of 30 columns."""
    by_cell: dict[str, list[Note]] = {}
    for note in notes:
        if note.message.cell and note.message.sheet == table.sheet:
            by_cell.setdefault(note.message.cell, []).append(note)
    shown = table.rows[:MOST_ROWS]
    columns = range(1, min(_last_column(table), MOST_COLUMNS) + 1)
    painter = _Painter(table, understood, by_cell, [row.number for row in shown], columns)
    rows = [(row.number, painter.squares(row.number), row.hidden) for row in shown]
    letters = [column_letters(number) for number in columns]
    return Grid(letters, rows, len(table.rows) - len(shown))


def _last_column(table: Table) -> int:
    used = [max(row.cells) for row in table.rows]
    return max([*used, *(merge.last_column for merge in table.merges)], default=1)


class _Painter:
    def __init__(
        self,
        table: Table,
        understood: Understood,
        notes: dict[str, list[Note]],
        shown: Sequence[int],
        columns: range,
    ):
        self.table, self.notes, self.shown, self.columns = table, notes, shown, columns
        header = understood.header
        self.header = range(header.first_row, header.last_row + 1) if header else range(0)

    def squares(self, row: int) -> list[Square]:
        found = (self._square(row, column) for column in self.columns)
        return [square for square in found if square]

    def _square(self, row: int, column: int) -> Square | None:
        merge = self.table.merge_at(row, column)
        place = address(row, column)
        cell = self.table.shown_at(row, column)
        if merge is None:
            square = Square(place, cell.text if cell else "")
        elif self._is_corner(merge, row, column):
            square = Square(
                place, cell.text if cell else "",
                colspan=min(merge.last_column, self.columns[-1]) - column + 1,
                rowspan=sum(row <= number <= merge.last_row for number in self.shown),
            )  # fmt: skip
        else:
            return None
        square.notes = self.notes.get(place, [])
        square.look = self._look(square, row, cell)
        return square

    def _is_corner(self, merge, row: int, column: int) -> bool:
        """The first shown cell of a merged range stands for all of it."""
        top = next(number for number in self.shown if number >= merge.first_row)
        return (row, column) == (top, merge.first_column)

    def _look(self, square: Square, row: int, cell) -> str:
        looks = []
        if row in self.header:
            looks.append("hd")
        elif self.header and row < self.header.start and square.colspan > 1:
            looks.append("title")
        elif square.rowspan > 1:
            looks.append("merge")
        if cell is not None and not isinstance(cell.value, str):
            looks.append("num")
        if square.notes:
            looks.append("stop" if any(note.is_error for note in square.notes) else "ask")
        return " ".join(looks)
