"""Plain values for what stands on a sheet: cells, rows, merged ranges, tables."""

from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal


def column_letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def address(row: int, column: int) -> str:
    """The name that Excel shows for the cell: (3, 4) → D3."""
    return f"{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with something in it. A formula keeps the value that was calculated last, if any."""

    row: int
    column: int
    value: str | Decimal | None
    formula: bool = False
    error: bool = False

    @property
    def address(self) -> str:
        return address(self.row, self.column)

    @property
    def text(self) -> str:
        return "" if self.value is None else str(self.value).strip()


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; its value is that of the first cell, counted once."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def range(self) -> str:
        first = address(self.first_row, self.first_column)
        return f"{first}:{address(self.last_row, self.last_column)}"

    @property
    def width(self) -> int:
        return self.last_column - self.first_column + 1

    @property
    def height(self) -> int:
        return self.last_row - self.first_row + 1

    def crosses(self, first_row: int, last_row: int) -> bool:
        """Whether it reaches into these rows from outside, or out of them."""
        overlaps = self.first_row <= last_row and self.last_row >= first_row
        return overlaps and (self.first_row < first_row or self.last_row > last_row)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that has at least one cell with something in it."""

    number: int
    cells: dict[int, Cell]
    hidden: bool = False

    @property
    def first(self) -> Cell:
        return self.cells[min(self.cells)]


@dataclass
class Table:
    """One sheet: its rows with values, in order, and its merged ranges as context.

    What lies under a merged range besides its first cell is not shown by Excel and not read.
    """

    sheet: str
    rows: list[Row] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden: bool = False

    def __post_init__(self):
        self._by_column: dict[int, list[Merge]] = {}
        if self.merges:
            self.rows = [shown for row in self.rows if (shown := self._without_covered(row)).cells]
        self._by_number = {row.number: row for row in self.rows}

    def cell(self, row: int, column: int) -> Cell | None:
        found = self._by_number.get(row)
        return found.cells.get(column) if found else None

    def merge_at(self, row: int, column: int) -> Merge | None:
        """The merged range that this place belongs to."""
        merges = self._merges_of(column)
        index = bisect_right(merges, row, key=lambda merge: merge.first_row) - 1
        return merges[index] if index >= 0 and merges[index].last_row >= row else None

    def shown_at(self, row: int, column: int) -> Cell | None:
        """The cell a reader sees at this place: its own or that of the range over it."""
        merge = self.merge_at(row, column)
        return self.cell(merge.first_row, merge.first_column) if merge else self.cell(row, column)

    def _merges_of(self, column: int) -> list[Merge]:
        if column not in self._by_column:
            over = [m for m in self.merges if m.first_column <= column <= m.last_column]
            self._by_column[column] = sorted(over, key=lambda merge: merge.first_row)
        return self._by_column[column]

    def _without_covered(self, row: Row) -> Row:
        cells = {column: cell for column, cell in row.cells.items() if not self._covered(cell)}
        return Row(row.number, cells, row.hidden)

    def _covered(self, cell: Cell) -> bool:
        merge = self.merge_at(cell.row, cell.column)
        return merge is not None and (merge.first_row, merge.first_column) != (
            cell.row,
            cell.column,
        )
