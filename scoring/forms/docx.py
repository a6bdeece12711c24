"""Reads the tables of a Word document as if each were a sheet.

Columns are those of the table's grid, rows count from its top. The paragraph above a table names
it; a remark below it is its last row. Text is what a reader of the document sees: insertions
that are being tracked, but nothing deleted, moved away, hidden, or in a text box.
"""

import re

from .cells import Cell, Merge, Row, Table
from .limits import CHARACTERS_LIMIT, Allowance
from .messages import FormRefused
from .values import clean, typed
from .wording import folded
from .workbook import Package, PartHandler

# Elements that are passed over with all that is in them: deleted or moved away, former
# formatting, the same drawing once more for older programs, text boxes, reading aids.
ASIDE = {
    "del", "moveFrom", "pPrChange", "rPrChange", "tblPrChange", "tblGridChange", "trPrChange",
    "tcPrChange", "Fallback", "txbxContent", "rt",
}  # fmt: skip
SIGNS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-"}
NOTE = re.compile(r"(?:备注|附?注|说明|remarks?|notes?)(?:\d{0,2}[:.、]|$)")
NO_TITLE = re.compile(r".*[:：。]")
LONGEST_TITLE = 60
# Word's own limit.
COLUMNS_LIMIT = 63
# Lines of a grid closer than this (twips, 3.5 mm) are one line that was not drawn straight.
NARROWEST = 200
OFF = {"0", "false", "off", "none"}


def read_docx(package: Package, main: str) -> list[Table]:
    """The tables of the part `main` in their order; FormRefused when there are none."""
    document = _Document()
    package.parse(main, document)
    if not document.tables:
        raise FormRefused("no_word_table")
    return document.tables


class _Document(PartHandler):
    """Goes through the text; knows of the table and the cell that it is in."""

    def __init__(self):
        super().__init__()
        self.tables: list[Table] = []
        self._allowance = Allowance()
        self._above = ""
        self._table: _Grid | None = None
        self._depth = self._aside = self._characters = 0
        self._lines = _Lines()
        self._in_run = self._in_text = self._vanishes = False

    def start(self, name, attrs):
        if self._aside or name in ASIDE:
            self._aside += 1
        elif name == "tbl":
            self._start_table()
        elif self._table and self._depth == 1 and name in _Grid.STARTS:
            _Grid.STARTS[name](self._table, _value(attrs, "w" if name == "gridCol" else "val"))
        else:
            self._start_text(name, attrs)

    def end(self, name):
        if self._aside:
            self._aside -= 1
        elif name == "p":
            self._end_paragraph()
        elif name in ("r", "t"):
            self._in_text = False
            self._in_run = self._in_run and name != "r"
        elif name == "tbl":
            self._end_table()
        elif self._table and self._depth == 1:
            self._end_part(self._table, name)

    def characters(self, content):
        if self._in_text and not self._aside and not self._vanishes:
            self._characters += len(content)
            if self._characters > CHARACTERS_LIMIT:
                raise FormRefused("too_much")
            self._lines.add(content)

    def _start_text(self, name, attrs) -> None:
        if name == "r":
            self._in_run, self._vanishes = True, False
        elif name == "t":
            self._in_text = True
        elif name == "vanish" and self._in_run:
            self._vanishes = _value(attrs) not in OFF
        elif name in SIGNS and self._in_run:
            self._lines.add(SIGNS[name])
        elif name in ("ilvl", "numId"):
            self._lines.numbering[name] = _value(attrs)

    def _end_paragraph(self) -> None:
        self._lines.end()
        if not self._table and (text := self._lines.taken()):
            self._take_paragraph(text)

    def _take_paragraph(self, text: str) -> None:
        if NOTE.match(folded(text)) and self.tables and not self._above:
            last = self.tables[-1].rows
            _add_row(self._allowance, self.tables[-1].sheet, last, last[-1].number + 1, {1: text})
        elif len(text) <= LONGEST_TITLE and not NO_TITLE.match(text):
            self._above = text

    def _start_table(self) -> None:
        self._depth += 1
        if self._depth == 1:
            self._table = _Grid(self._name(), self._allowance)
            self._lines.taken()

    def _name(self) -> str:
        name, taken = self._above, {table.sheet for table in self.tables}
        self._above = ""
        return name if name and name not in taken else f"{name or '表'} {len(self.tables) + 1}"

    def _end_table(self) -> None:
        self._depth -= 1
        if self._depth == 0 and self._table:
            table = self._table.table()
            self.tables += [table] if table.rows else []
            self._table = None

    def _end_part(self, table: "_Grid", name: str) -> None:
        if name == "tc":
            table.end_cell(self._lines.taken())
        elif name == "tr":
            table.end_row()


class _Lines:
    """The lines of a cell, with the numbers that Word shows before them in a list."""

    def __init__(self):
        self.numbering: dict[str, str] = {}
        self._pieces: list[str] = []
        self._lines: list[tuple[bool, str]] = []

    def add(self, text: str) -> None:
        self._pieces.append(text)

    def end(self) -> None:
        """A paragraph ends."""
        listed = self.numbering.get("numId", "0") != "0"
        if text := clean("".join(self._pieces)):
            self._lines.append((listed and self.numbering.get("ilvl", "0") == "0", text))
        self._pieces.clear()
        self.numbering.clear()

    def taken(self) -> str:
        """What was collected since the last time; one line of a list alone needs no number."""
        lines, self._lines = self._lines, []
        if sum(numbered for numbered, _ in lines) < 2:
            return "\n".join(text for _, text in lines)
        numbers = iter(range(1, len(lines) + 1))
        return "\n".join(f"{next(numbers)}.{text}" if n else text for n, text in lines)


class _Grid:
    """One table as it is being read: cells on a grid, those that span several as ranges.

    A line that is moved in one row only makes a narrow column of the grid, which nobody sees.
    """

    def __init__(self, sheet: str, allowance: Allowance):
        self.sheet, self._allowance = sheet, allowance
        self._rows: list[Row] = []
        self._merges: list[Merge] = []
        # the column in which a range begins -> its first row, last row and last column
        self._open: dict[int, tuple[int, int, int]] = {}
        self._number, self._column, self._hidden = 0, 1, False
        self._texts: dict[int, str] = {}
        self._span, self._merge = 1, ""
        self._lines, self._width = [1], NARROWEST

    def add_line(self, value: str) -> None:
        """A column of the grid is so wide; without a width it is one as any other."""
        self._width += float(value or NARROWEST)
        wide = self._width >= NARROWEST
        if len(self._lines) > COLUMNS_LIMIT:
            raise FormRefused("damaged", self.sheet)
        self._lines.append(self._lines[-1] + wide)
        self._width = 0 if wide else self._width

    def start_row(self, _value: str) -> None:
        self._number += 1
        self._column, self._hidden = 1, False
        self._texts = {}

    def start_cell(self, _value: str) -> None:
        self._span, self._merge = 1, ""

    def skip(self, value: str) -> None:
        self._column += int(value)

    def span(self, value: str) -> None:
        self._span = int(value)

    def merge(self, value: str) -> None:
        self._merge = value or "continue"

    def hide(self, value: str) -> None:
        self._hidden = value not in OFF

    STARTS = {
        "tr": start_row, "tc": start_cell, "gridBefore": skip, "gridSpan": span,
        "vMerge": merge, "hidden": hide, "gridCol": add_line,
    }  # fmt: skip

    def end_cell(self, text: str) -> None:
        end = self._column + self._span
        if not 1 <= self._column < end <= COLUMNS_LIMIT + 1:
            raise FormRefused("damaged", self.sheet)
        row, first = self._number, self._number_of(self._column)
        last = max(first, self._number_of(end) - 1)
        above = self._open.get(first)
        if self._merge == "continue" and above:
            self._open[first] = (above[0], row, above[2])
        else:
            self._close(first, last)
            self._open[first] = (row, row, last)
            self._texts[first] = "\n".join(filter(None, (self._texts.get(first), text)))
        self._column = end

    def _number_of(self, column: int) -> int:
        """The visible column that begins with this one of the grid."""
        beyond = max(0, column - len(self._lines))
        return self._lines[column - beyond - 1] + beyond

    def end_row(self) -> None:
        _add_row(self._allowance, self.sheet, self._rows, self._number, self._texts, self._hidden)

    def table(self) -> Table:
        self._close(1, COLUMNS_LIMIT)
        return Table(self.sheet, self._rows, self._merges)

    def _close(self, first: int, last: int) -> None:
        """The ranges that begin in these columns reach no further down."""
        for column in [first] if first == last else sorted(self._open):
            if first <= column <= last and column in self._open:
                top, bottom, right = self._open.pop(column)
                if (top, column) != (bottom, right):
                    self._merges.append(Merge(top, column, bottom, right))


def _add_row(allowance, sheet, rows, number, texts, hidden=False) -> None:
    values = {column: typed(text) for column, text in texts.items()}
    cells = {
        column: allowance.cell(sheet, Cell(number, column, value))
        for column, value in values.items() if value is not None
    }  # fmt: skip
    row = Row(number, cells, hidden)
    if allowance.row(sheet, row):
        rows.append(row)


def _value(attrs, name: str = "val") -> str:
    """The element's value, whatever the prefix."""
    return next((value for key, value in attrs.items() if key.rpartition(":")[2] == name), "")
