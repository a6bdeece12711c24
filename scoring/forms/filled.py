"""From a filled company form to what was scored: points kept, not applicable, remarks."""

from dataclasses import dataclass, field
from decimal import Decimal

from .cells import Cell, Table, address
from .header import REMARK, SCORE
from .messages import Message
from .notebook import Notebook
from .rubric import Item, Understood
from .understand import understand
from .wording import folded, tidy

NOT_APPLICABLE = {"不适用", "n/a", "na"}
ABOUT_ROWS = {"row_hidden", "row_unread", "formula_value"}


@dataclass(frozen=True)
class FilledRow:
    """One item of a filled form.

    `kept` are the points the item kept, None if it is not applicable or its cell is at fault;
    `points` are those the form gives it. `remark` is the remark or the reason, maybe empty.
    `cells` says where name, score and remark stand.
    """

    section: str
    name: str
    points: Decimal | None
    kept: Decimal | None
    not_applicable: bool
    remark: str
    cells: dict[str, str]


@dataclass
class Filled:
    """A filled form as read; usable when it has no errors."""

    sheet: str | None = None
    title: str = ""
    rows: list[FilledRow] = field(default_factory=list)
    errors: list[Message] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)


def read_filled(table: Table) -> Filled:
    """What a filled form says of each item. Never raises: what is amiss is in `errors`.

    The 评分 column holds the points kept or 不适用; an empty cell, or points that are negative,
    no number or more than the item has, are errors, as is a sum that is not theirs.
    """
    form = understand(table)
    filled = Filled(form.sheet, form.title, errors=list(form.errors))
    filled.warnings = [warning for warning in form.warnings if warning.code in ABOUT_ROWS]
    if form.header is None:
        return filled
    if SCORE not in form.header.columns:
        place = address(form.header.first_row, min(form.header.columns.values()))
        filled.errors.append(Message("no_score_column", form.sheet, place))
        return filled
    scores = _Scores(table, form)
    filled.rows = [scores.row(item) for item in form.items]
    scores.check_total(filled.rows)
    filled.errors += scores.notes.errors
    filled.warnings += scores.notes.warnings
    return filled


class _Scores:
    """Reads the columns that a person fills in."""

    def __init__(self, table: Table, form: Understood):
        self.table, self.form = table, form
        self.columns = form.header.columns if form.header else {}
        self.notes = Notebook(table.sheet)

    def row(self, item: Item) -> FilledRow:
        cells = self._cells(item, SCORE)
        skipped = [cell for cell in cells if folded(cell.text) in NOT_APPLICABLE]
        kept = None if skipped else self._kept(item, cells)
        if skipped and len(skipped) < len(cells):
            self.notes.error("score_mixed", cells[0].address, name=item.name)
        return FilledRow(
            section=item.section,
            name=item.name,
            points=item.points,
            kept=kept,
            not_applicable=bool(skipped),
            remark=self._remark(item),
            cells=self._places(item),
        )

    def check_total(self, rows: list[FilledRow]) -> None:
        """A sum written under the scores has to be theirs; one that leaves items out need not."""
        cell = self.table.cell(self.form.total_row or 0, self.columns[SCORE])
        if cell is None or not isinstance(cell.value, Decimal):
            return
        known = [row.kept for row in rows if row.kept is not None]
        read = sum(known, Decimal(0))
        if len(known) == len(rows) and cell.value != read:
            self.notes.error("score_total_differs", cell.address, stated=cell.value, read=read)

    def _cells(self, item: Item, role: str) -> list[Cell]:
        column = self.columns.get(role, 0)
        cells = (self.table.cell(row, column) for row in item.rows)
        return [cell for cell in cells if cell is not None]

    def _places(self, item: Item) -> dict[str, str]:
        found = {role: self.columns[role] for role in (SCORE, REMARK) if role in self.columns}
        places = {role: address(item.rows[0], column) for role, column in found.items()}
        return {"name": item.cells["name"], **places}

    def _kept(self, item: Item, cells: list[Cell]) -> Decimal | None:
        """Parts of a score in several cells add up, like parts of the points."""
        if not cells:
            place = address(item.rows[0], self.columns[SCORE])
            self.notes.error("score_empty", place, name=item.name)
            return None
        kept = self.notes.points_together(cells, "score")
        if kept is not None and item.points is not None and kept > item.points:
            params = {"value": kept, "points": item.points}
            self.notes.error("score_over_points", cells[0].address, **params)
            return None
        return kept

    def _remark(self, item: Item) -> str:
        cells = [cell for cell in self._cells(item, REMARK) if self.notes.usable(cell)]
        return tidy("\n".join(cell.text for cell in cells))
