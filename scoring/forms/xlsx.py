"""Streams the sheets of an .xlsx and keeps only what has a value.

openpyxl's read-only mode fills every gap between rows and knows no merged ranges, its other
mode builds a cell for every formatted one; a sheet of a million formatted empty rows has to be
told from a form at once, so the parts are read here as they come.
"""

import posixpath
import re
from decimal import Decimal

from .cells import Cell, Merge, Row, Table, column_number
from .limits import CHARACTERS_LIMIT, Allowance
from .messages import FormRefused
from .values import number, unescaped
from .workbook import Package, PartHandler

STRINGS_LIMIT = 100_000
MERGES_LIMIT = 20_000

ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


def read_xlsx(package: Package, main: str) -> list[Table]:
    """The sheets whose list is the part `main`, in the workbook's order; hidden ones marked."""
    book, links = Book(), Links(posixpath.dirname(main))
    package.parse(main, book)
    package.parse(posixpath.join(links.folder, "_rels", posixpath.basename(main) + ".rels"), links)
    return _read_sheets(package, book, links)


def _read_sheets(package: Package, book: "Book", links: "Links") -> list[Table]:
    strings = Strings()
    if links.strings and package.has(links.strings):
        package.parse(links.strings, strings)
    allowance = Allowance()
    tables = []
    for name, target, hidden in links.sheets_of(book):
        sheet = Sheet(name, strings.values, allowance)
        package.parse(target, sheet, sheet=name)
        tables.append(Table(name, sheet.rows, sheet.merges, hidden))
    return tables


class Book(PartHandler):
    """The workbook's list of sheets: name, relation, hidden."""

    def __init__(self):
        super().__init__()
        self.sheets: list[tuple[str, str, bool]] = []

    def start(self, name, attrs):
        if name == "sheet":
            relation = next((v for k, v in attrs.items() if k.endswith(":id")), "")
            hidden = attrs.get("state", "visible") != "visible"
            self.sheets.append((attrs.get("name", ""), relation, hidden))


class Links(PartHandler):
    """Where the workbook's parts are."""

    def __init__(self, folder: str):
        super().__init__()
        self.folder = folder
        self.worksheets: dict[str, str] = {}
        self.strings: str | None = None

    def start(self, name, attrs):
        kind = attrs.get("Type", "")
        if kind.endswith("/worksheet"):
            self.worksheets[attrs.get("Id", "")] = self._path(attrs.get("Target", ""))
        elif kind.endswith("/sharedStrings"):
            self.strings = self._path(attrs.get("Target", ""))

    def sheets_of(self, book: Book) -> list[tuple[str, str, bool]]:
        """Name, part and hidden of each worksheet; sheets that are charts have no part here."""
        return [
            (name, self.worksheets[relation], hidden)
            for name, relation, hidden in book.sheets
            if relation in self.worksheets
        ]

    def _path(self, target: str) -> str:
        return posixpath.normpath(posixpath.join("/", self.folder, target)).lstrip("/")


class TextHandler(PartHandler):
    """Collects the text of `v` and `t`, without the reading aids of East Asian text."""

    def __init__(self):
        super().__init__()
        self._pieces: list[str] = []
        self._collecting = False
        self._aside = self._characters = 0

    def start(self, name, attrs):
        if name in ("v", "t"):
            self._collecting = not self._aside
        elif name == "rPh":
            self._aside += 1

    def end(self, name):
        if name in ("v", "t"):
            self._collecting = False
        elif name == "rPh":
            self._aside -= 1

    def characters(self, content):
        if self._collecting:
            self._characters += len(content)
            if self._characters > CHARACTERS_LIMIT:
                raise FormRefused("too_much")
            self._pieces.append(content)

    def taken(self) -> str:
        """What was collected since the last time."""
        text = "".join(self._pieces)
        self._pieces.clear()
        return text


class Strings(TextHandler):
    """The table of texts that the cells of all sheets refer to."""

    def __init__(self):
        super().__init__()
        self.values: list[str] = []

    def end(self, name):
        super().end(name)
        if name == "si":
            self.values.append(unescaped(self.taken()))
            if len(self.values) > STRINGS_LIMIT:
                raise FormRefused("too_much")


class Sheet(TextHandler):
    """One worksheet: rows with values, merged ranges. Stops at what is no form any more."""

    def __init__(self, name: str, strings: list[str], allowance: Allowance):
        super().__init__()
        self.name = name
        self.rows: list[Row] = []
        self.merges: list[Merge] = []
        self._strings = strings
        self._allowance = allowance
        self._row = self._column = 0
        self._hidden = False
        self._cells: dict[int, Cell] = {}
        self._kind, self._formula = "n", False

    def start(self, name, attrs):
        super().start(name, attrs)
        if name == "c":
            self._start_cell(attrs)
        elif name == "row":
            self._start_row(attrs)
        elif name == "f":
            self._formula = True
        elif name == "mergeCell":
            self._add_merge(attrs.get("ref", ""))

    def end(self, name):
        super().end(name)
        if name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()

    def _start_row(self, attrs) -> None:
        self._row = int(attrs.get("r") or self._row + 1)
        self._column = 0
        self._hidden = attrs.get("hidden") in ("1", "true")
        self._cells = {}

    def _start_cell(self, attrs) -> None:
        match = ADDRESS.fullmatch(attrs.get("r", ""))
        self._column = column_number(match[1]) if match else self._column + 1
        self._kind, self._formula = attrs.get("t", "n"), False
        self.taken()

    def _end_cell(self) -> None:
        value = self._value()
        if value is None and not self._formula:
            return
        error = self._kind == "e"
        cell = Cell(self._row, self._column, value, self._formula, error)
        self._cells[self._column] = self._allowance.cell(self.name, cell)

    def _end_row(self) -> None:
        row = Row(self._row, self._cells, self._hidden)
        if self._allowance.row(self.name, row):
            self.rows.append(row)

    def _value(self) -> str | Decimal | None:
        raw = self.taken()
        if self._kind == "s":
            return (self._strings[int(raw)] if raw else "") or None
        if self._kind == "n":
            return number(raw)
        if self._kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        return unescaped(raw) or None

    def _add_merge(self, reference: str) -> None:
        if len(self.merges) >= MERGES_LIMIT:
            raise FormRefused("too_much", self.name)
        if match := RANGE.fullmatch(reference):
            first, top, last, bottom = match.groups()
            merge = Merge(int(top), column_number(first), int(bottom), column_number(last))
            self.merges.append(merge)
