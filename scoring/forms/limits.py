"""What all sheets of one file together may hold: far above every form, far below what hurts."""

from .cells import Cell, Row, address
from .messages import FormRefused

# The largest form has 2,000 items.
ROWS_LIMIT = 20_000
EMPTY_ROWS_LIMIT = 10_000
CELLS_LIMIT = 100_000
# As many as an .xls has; with merged ranges over all of them each column costs.
COLUMNS_LIMIT = 256
TABLES_LIMIT = 200
# Cells may share one text, so a small file can hold more than its size.
CHARACTERS_LIMIT = 5_000_000
# Excel's own limit for one cell.
TEXT_LIMIT = 32_767


class Allowance:
    """Counts what is read of one file, and stops where it is no form any more."""

    def __init__(self):
        self.rows = ROWS_LIMIT
        self.empty_rows = EMPTY_ROWS_LIMIT
        self.cells = CELLS_LIMIT
        self.characters = CHARACTERS_LIMIT
        self._last: dict[str, int] = {}

    def cell(self, sheet: str, cell: Cell) -> Cell:
        """The cell, counted."""
        if isinstance(cell.value, str):
            if len(cell.value) > TEXT_LIMIT:
                raise FormRefused("text_too_long", sheet, cell.address, limit=TEXT_LIMIT)
            self.characters -= len(cell.value)
        self.cells -= 1
        if self.cells < 0 or self.characters < 0 or cell.column > COLUMNS_LIMIT:
            raise FormRefused("too_much", sheet, cell.address)
        return cell

    def row(self, sheet: str, row: Row) -> bool:
        """Count the row; whether there is anything on it."""
        if row.cells:
            self.rows -= 1
            self._last[sheet] = row.number
        else:
            self.empty_rows -= 1
        if self.rows < 0:
            raise FormRefused("too_many_rows", sheet, address(row.number, 1), limit=ROWS_LIMIT)
        if self.empty_rows < 0:
            first = address(self._last.get(sheet, 0) + 1, 1)
            raise FormRefused("empty_rows", sheet, first, limit=EMPTY_ROWS_LIMIT)
        return bool(row.cells)
