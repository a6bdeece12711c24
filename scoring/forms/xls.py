"""Reads .xls, the workbooks of Excel 97 to 2003.

xlrd reads them, with merged ranges, hidden rows and hidden sheets. What it doesn't tell is found
by walking over the records before: whether there is a password, a macro sheet or a link, which
cells are formulas, and how much there is, before anything is built of it.
"""

import struct
from collections.abc import Iterator
from io import StringIO
from typing import BinaryIO

import xlrd
from xlrd.compdoc import CompDoc

from .cells import Cell, Merge, Row, Table
from .limits import CELLS_LIMIT, Allowance
from .messages import FormRefused
from .values import clean, number

MEGABYTE = 1024 * 1024
# 2,000 items take half a one.
FILE_LIMIT = 6 * MEGABYTE
BLANKS_LIMIT = 500_000
MERGES_LIMIT = 20_000
# What else the workbook and a sheet are made of: formats, names, rows, drawings.
PARTS_LIMIT, LINES_LIMIT = 20_000, 100_000

BOF, EOF, PASSWORD, SHEET, LINK = 0x809, 0x0A, 0x2F, 0x85, 0x1AE
FORMULAS = {0x06, 0x206, 0x406}
# one value; several in a row; one or several blanks with a format
VALUES, SEVERAL = {0xD6, 0xFD, 0x203, 0x204, 0x205, 0x27E, *FORMULAS}, {0xBD}
BLANK, BLANKS, MERGES = 0x201, 0xBE, 0xE5
CELLS = VALUES | SEVERAL | {BLANK, BLANKS}
MACRO_SHEETS = {1, 6}
# in place of a file's name: the workbook itself, or an add-in's functions
LINKED_TO_ITSELF = {b"\x01\x04", b"\x01\x3a"}
ENCRYPTED_STREAM = "EncryptedPackage"
MACRO_STORAGES = {"_VBA_PROJECT_CUR", "_VBA_PROJECT", "Macros", "VBA"}


def read_xls(stream: BinaryIO) -> list[Table]:
    """The sheets of an OLE container that is a workbook; FormRefused for any other."""
    data = stream.read(FILE_LIMIT + 1)
    if len(data) > FILE_LIMIT:
        raise FormRefused("too_large", limit=FILE_LIMIT // MEGABYTE)
    try:
        return _read(_workbook_stream(data))
    except FormRefused:
        raise
    except Exception as error:  # xlrd raises whatever it stumbles over in a broken file
        raise FormRefused("damaged") from error


def _workbook_stream(data: bytes) -> bytes:
    """The records; what else a container may be is refused by its own name."""
    if ENCRYPTED_STREAM.encode("utf-16-le") in data:
        raise FormRefused("encrypted")  # a password puts an .xlsx or .docx into such a container
    container = CompDoc(data, logfile=StringIO())
    names = {entry.name for entry in container.dirlist}
    if names & MACRO_STORAGES:
        raise FormRefused("macros")
    if "WordDocument" in names:
        raise FormRefused("old_format")
    stream = next((name for name in ("Workbook", "Book") if name in names), None)
    if stream is None:
        raise FormRefused("not_a_workbook")
    return container.get_named_stream(stream)


def _read(stream: bytes) -> list[Table]:
    positions = _sheet_positions(stream)
    book = xlrd.open_workbook(
        file_contents=stream, formatting_info=True, ragged_rows=True, on_demand=True,
        logfile=StringIO(),
    )  # fmt: skip
    allowance, texts = Allowance(), {}
    tables = []
    for name, position in zip(book.sheet_names(), positions, strict=True):
        formulas = _formulas(stream, position, name)
        tables.append(_Sheet(book.sheet_by_name(name), formulas, allowance, texts).table())
        book.unload_sheet(name)
    return tables


def _records(stream: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    """(kind, content) up to the end of this part of the stream."""
    depth = 0  # a chart on a sheet is a part within the part
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        yield kind, stream[position + 4 : position + 4 + length]
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 0:
            return
        position += 4 + length


def _sheet_positions(stream: bytes) -> list[int]:
    """Where the worksheets begin; refuses what must not come in."""
    positions = []
    for count, (kind, content) in enumerate(_records(stream, 0)):
        if count > PARTS_LIMIT:
            raise FormRefused("too_much")
        if kind == PASSWORD:
            raise FormRefused("encrypted")
        if kind == LINK and content[2:4] not in LINKED_TO_ITSELF:
            raise FormRefused("external_links")
        if kind == SHEET:
            if content[5] in MACRO_SHEETS:
                raise FormRefused("macros")
            if content[5] == 0:
                positions.append(struct.unpack_from("<I", content)[0])
    return positions


def _formulas(stream: bytes, position: int, sheet: str) -> set[tuple[int, int]]:
    """The formulas of a sheet as (row, column) from 0, after counting what is on it."""
    formulas = set()
    values = blanks = merges = lines = 0
    for kind, content in _records(stream, position):
        if kind in FORMULAS:
            formulas.add(struct.unpack_from("<HH", content))
        values += (kind in VALUES) + (len(content) // 6 if kind in SEVERAL else 0)
        blanks += (kind == BLANK) + (len(content) // 2 if kind == BLANKS else 0)
        merges += len(content) // 8 if kind == MERGES else 0
        lines += kind not in CELLS
        if values > CELLS_LIMIT or blanks > BLANKS_LIMIT:
            raise FormRefused("too_much", sheet)
        if merges > MERGES_LIMIT or lines > LINES_LIMIT:
            raise FormRefused("too_much", sheet)
    return formulas


class _Sheet:
    """One sheet as xlrd has read it."""

    def __init__(
        self,
        sheet: xlrd.sheet.Sheet,
        formulas: set[tuple[int, int]],
        allowance: Allowance,
        texts: dict[str, str],
    ):
        self.sheet, self.formulas = sheet, formulas
        self._allowance, self._texts = allowance, texts

    def table(self) -> Table:
        merges = [
            Merge(top + 1, first + 1, bottom, last)
            for top, bottom, first, last in self.sheet.merged_cells
        ]
        rows = [row for row in map(self._row, range(self.sheet.nrows)) if row]
        return Table(self.sheet.name, rows, merges, bool(self.sheet.visibility))

    def _row(self, index: int) -> Row | None:
        cells = (self._cell(index, column) for column in range(self.sheet.row_len(index)))
        info = self.sheet.rowinfo_map.get(index)
        row = Row(index + 1, {c.column: c for c in cells if c}, bool(info and info.hidden))
        told = row.cells or info
        return row if told and self._allowance.row(self.sheet.name, row) else None

    def _cell(self, row: int, column: int) -> Cell | None:
        kind = self.sheet.cell_type(row, column)
        value = self._value(kind, self.sheet.cell_value(row, column))
        formula = (row, column) in self.formulas
        if value is None and not formula:
            return None
        error = kind == xlrd.XL_CELL_ERROR
        return self._allowance.cell(
            self.sheet.name, Cell(row + 1, column + 1, value, formula, error)
        )

    def _value(self, kind: int, value):
        if kind == xlrd.XL_CELL_TEXT:
            # many cells may share one text
            return self._texts.setdefault(value, clean(value)) or None
        if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            return number(repr(value))
        if kind == xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if value else "FALSE"
        if kind == xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(value, "#ERROR!")
        return None
