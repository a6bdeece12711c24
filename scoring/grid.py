"""A sheet as it is, for the page: merged cells as spans, doubtful cells with their notes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scoring.forms import Message, Understood
from scoring.forms.cells import Table, address, column_letters

MOST_ROWS = 300
MOST_COLUMNS = 30
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True, slots=True)
class Note:
    """Something said about a cell: a number that ties the two sides of the page together.

    `href` leads to the cell, on whichever page of the sheet it is.
    """

    number: int
    message: Message
    is_error: bool
    href: str = ""

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
class Column:
    """One column of the sheet with what it was read as ("" for nothing)."""

    number: int
    letters: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """The sheet's columns, and the rows of one of its pages as (number, squares, hidden)."""

    columns: list[Column]
    rows: list[tuple[int, list[Square], bool]]
    page: int = 1
    pages: int = 1

    @property
    def span(self) -> str:
        if not self.rows:
            return ""
        return f"A{self.rows[0][0]}:{self.columns[-1].letters}{self.rows[-1][0]}"


class Sheet:
    """A table as the page draws it: which page a cell is on, and which square stands for it."""

    def __init__(self, table: Table):
        self.table = table
        self._index = {row.number: n for n, row in enumerate(table.rows)}

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.table.rows) // MOST_ROWS))

    def page_of(self, row: int) -> int:
        """The page that shows a row; rows without anything on them are nowhere."""
        return self._index.get(row, 0) // MOST_ROWS + 1

    def notes(self, understood: Understood, page: int) -> list[Note]:
        """Everything that is to be said, errors first, numbered, with links to the cells."""
        told = [(message, True) for message in understood.errors]
        told += [(message, False) for message in understood.warnings]
        return [
            Note(n, message, is_error, self.href(message.cell, page))
            for n, (message, is_error) in enumerate(told, start=1)
        ]

    def href(self, cell: str | None, page: int) -> str:
        if not cell:
            return ""
        corner = self.corner(cell)
        there = self.page_of(place_of(corner)[0])
        return f"#c-{corner}" if there == page else f"?rows={there}#c-{corner}"

    def corner(self, cell: str) -> str:
        """The cell whose square covers this one: itself, or the corner of its merged range."""
        row, column = place_of(cell)
        merge = self.table.merge_at(row, column)
        return address(merge.first_row, merge.first_column) if merge else cell

    def draw(self, understood: Understood, notes: Iterable[Note], page: int = 1) -> Grid:
        """A page of 300 rows of 30 columns of what has something on it."""
        by_cell: dict[str, list[Note]] = {}
        for note in notes:
            if note.message.cell and note.message.sheet == self.table.sheet:
                by_cell.setdefault(self.corner(note.message.cell), []).append(note)
        shown = self.table.rows[(page - 1) * MOST_ROWS : page * MOST_ROWS]
        numbers = range(1, min(_last_column(self.table), MOST_COLUMNS) + 1)
        painter = _Painter(self.table, understood, by_cell, [row.number for row in shown], numbers)
        rows = [(row.number, painter.squares(row.number), row.hidden) for row in shown]
        roles = _roles(understood)
        columns = [Column(n, column_letters(n), roles.get(n, "")) for n in numbers]
        return Grid(columns, rows, page, self.pages)


def place_of(cell: str) -> tuple[int, int]:
    """D9 → (9, 4)."""
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(cell[len(letters) :] or 0), column


def _roles(understood: Understood) -> dict[int, str]:
    header = understood.header
    return {column: role for role, column in header.columns.items()} if header else {}


def _last_column(table: Table) -> int:
    used = [max(row.cells) for row in table.rows]
    return max([*used, *(merge.last_column for merge in table.merges)], default=1)


class _Painter:
    def __init__(
        self,
        table: Table,
        understood: Understood,
        notes: Mapping[str, list[Note]],
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
            place = address(merge.first_row, merge.first_column)
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
