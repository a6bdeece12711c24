"""Notes what is amiss in the cells of one sheet."""

from collections.abc import Callable
from decimal import Decimal

from .amounts import parse_points
from .cells import Cell
from .messages import Message
from .wording import tidy


class Notebook:
    """Notes what is amiss on one sheet, each cell's own fault only once."""

    def __init__(self, sheet: str):
        self.sheet = sheet
        self.errors: list[Message] = []
        self.warnings: list[Message] = []
        self._told: set[str] = set()

    def error(self, code: str, cell: str | None, **params) -> None:
        self.errors.append(Message(code, self.sheet, cell, params))

    def warn(self, code: str, cell: str | None, **params) -> None:
        self.warnings.append(Message(code, self.sheet, cell, params))

    def usable(self, cell: Cell, *, calculated: bool = False) -> bool:
        """Whether the cell has a value; one that a formula had last is told of.

        A sum may well be `calculated` by a formula, so it is not told there.
        """
        if cell.error or (cell.formula and cell.value is None):
            self._report(cell)
            return False
        if cell.formula and not calculated:
            self._once(cell, self.warn, "formula_value")
        return True

    def points(self, cell: Cell, kind: str = "points") -> Decimal | None:
        """The cell's points, or None after an error was noted; `kind` is points or score."""
        try:
            points = parse_points(cell.text)
        except ValueError:
            self.error(f"{kind}_not_a_number", cell.address, value=tidy(cell.text)[:40])
            return None
        if points < 0:
            self.error(f"{kind}_negative", cell.address, value=points)
            return None
        return points

    def points_together(self, cells: list[Cell], kind: str = "points") -> Decimal | None:
        """The points of all the cells, or None after an error was noted at any."""
        read = [self.points(cell, kind) for cell in cells if self.usable(cell)]
        known = [points for points in read if points is not None]
        return sum(known, Decimal(0)) if len(known) == len(cells) else None

    def _report(self, cell: Cell) -> None:
        if cell.error:
            self._once(cell, self.error, "error_cell", value=cell.text)
        else:
            self._once(cell, self.error, "formula")

    def _once(self, cell: Cell, tell: Callable, code: str, **params) -> None:
        if cell.address not in self._told:
            self._told.add(cell.address)
            tell(code, cell.address, **params)
