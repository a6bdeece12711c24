"""Lists as files: .xlsx and .csv written so that no cell is run, and read back the same.

Workbooks are opened by whoever registered to do it safely (`WORKBOOK_READERS`); text is read
here. What is bounded there (rows, bytes) is bounded here.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organization.list_book import RUNS, ListBook
from organization.lists import Columns, ListError, ListRefused, ListRow, fold, plain

BYTES_LIMIT = 20 * 1024 * 1024
ROWS_LIMIT = 20_000
HEADER_WITHIN = 10
WORKBOOK_MAGIC = (b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"))
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
FIGURE = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Line:
    """One row of a file: texts by column number, and the columns with a formula or an error."""

    number: int
    cells: dict[int, str]
    unreadable: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Sheet:
    name: str
    lines: list[Line]


@dataclass(frozen=True)
class ReadList:
    """A list's rows, and the heads that mean nothing to it."""

    rows: list[ListRow]
    unknown: list[str] = field(default_factory=list)


# Opens a workbook's bytes: its visible sheets, or ListRefused. Filled by an upper app.
WORKBOOK_READERS: list[Callable[[bytes], list[Sheet]]] = []


def read_list(file, columns: Columns) -> ReadList:
    """The rows of the first sheet that is headed by these columns, in any order.

    `file` is a path, bytes or an open file: a workbook or text (UTF-8, UTF-16, GB18030), told
    by content. Raises ListRefused naming the file's fault, or every column that is missing, and
    every cell that holds a formula or an error. Blank rows are no rows.
    """
    known = columns.named()
    for sheet in sheets_of(content_of(file)):
        headed = [(line, headings(line, known)) for line in sheet.lines[:HEADER_WITHIN]]
        header, found = max(headed, key=lambda pair: len(pair[1]), default=(None, {}))
        if len(found) >= 2:
            return body(sheet, header, found, columns)
    heads = "".join(f"“{columns.head(column)}”" for column in columns.required)
    raise refused(_("没有找到表头：要有%(heads)s等列。") % {"heads": heads})


def refused(message: str, sheet: str = "", cell: str = "") -> ListRefused:
    return ListRefused([ListError(sheet, cell, message)])


def content_of(file) -> bytes:
    if isinstance(file, bytes):
        return file
    if isinstance(file, str | Path):
        return Path(file).read_bytes()
    return file.read(BYTES_LIMIT + 1)


def sheets_of(data: bytes) -> list[Sheet]:
    if len(data) > BYTES_LIMIT:
        raise refused(_("文件超过 20 MB。"))
    if data.startswith(WORKBOOK_MAGIC):
        return WORKBOOK_READERS[0](data)
    return [Sheet("", list(text_lines(decoded(data))))]


def decoded(data: bytes) -> str:
    """Text as Excel saves it: with a mark of its encoding, or plain UTF-8, or GB18030."""
    marked = next((name for bom, name in BOMS.items() if data.startswith(bom)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise refused(_("这个文件不是 Excel 表，也不是 CSV 文本。"))


def text_lines(text: str) -> Iterator[Line]:
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, values in enumerate(reader, 1):
            if number > ROWS_LIMIT:
                raise refused(_("超过 %(limit)s 行，请分成几个文件。") % {"limit": ROWS_LIMIT})
            cells = {at: unescaped(value) for at, value in enumerate(values, 1) if value.strip()}
            if cells:
                yield Line(number, cells)
    except csv.Error as problem:
        raise refused(_("这个文件不是 Excel 表，也不是 CSV 文本。")) from problem


def headings(line: Line, known: dict[str, str]) -> dict[str, int]:
    """Column -> its number, for a line that may be the header; the first of two counts."""
    found: dict[str, int] = {}
    for number, text in sorted(line.cells.items()):
        if column := known.get(fold(text)):
            found.setdefault(column, number)
    return found


def body(sheet: Sheet, header: Line, found: dict[str, int], columns: Columns) -> ReadList:
    check_header(sheet, header, found, columns)
    lines = [line for line in sheet.lines if line.number > header.number]
    check_readable(sheet, lines, found)
    rows = [list_row(sheet, line, found, columns) for line in lines]
    taken = set(found.values())
    unknown = [text for number, text in sorted(header.cells.items()) if number not in taken]
    return ReadList([row for row in rows if any(row.values.values())], unknown)


def check_header(sheet: Sheet, header: Line, found: dict[str, int], columns: Columns) -> None:
    missing = [columns.head(column) for column in columns.required if column not in found]
    if missing:
        message = ngettext("缺少列：%(columns)s。", "缺少列：%(columns)s。", len(missing))
        raise refused(
            message % {"columns": _("、").join(missing)}, sheet.name, address(header.number, 1)
        )
    known = columns.named()
    named = [known[fold(text)] for text in header.cells.values() if fold(text) in known]
    for column in found:
        if named.count(column) > 1:
            raise refused(
                _("“%(column)s”这一列出现了两次。") % {"column": columns.head(column)},
                sheet.name,
                address(header.number, found[column]),
            )


def check_readable(sheet: Sheet, lines: list[Line], found: dict[str, int]) -> None:
    message = _("这里是公式或错误值，请改成文字。")
    errors = [
        ListError(sheet.name, address(line.number, number), message, line.number, column)
        for line in lines
        for column, number in found.items()
        if number in line.unreadable
    ]
    if errors:
        raise ListRefused(errors)


def list_row(sheet: Sheet, line: Line, found: dict[str, int], columns: Columns) -> ListRow:
    texts = {column: line.cells.get(number, "").strip() for column, number in found.items()}
    return ListRow(
        values={
            column: text if column in columns.free else plain(text)
            for column, text in texts.items()
        },
        sheet=sheet.name,
        cells={column: address(line.number, number) for column, number in found.items()},
        number=line.number,
    )


def address(row: int, column: int) -> str:
    """The name that Excel shows for a cell: (3, 4) -> D3."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def workbook_of(heads: Sequence[str], rows: Iterable[Sequence], title: str = "Sheet1") -> bytes:
    """An .xlsx of one sheet; text stays text, also where it begins like a formula.

    The heads stay in sight, and columns are wide enough to read their heads. Rows beyond what a
    list may have on its way in are waited for on the disk: a hundred thousand people are half a
    gigabyte in memory.
    """
    widths, rows = (max(12, 2 * len(head) + 2) for head in heads), iter(rows)
    first = list(islice(rows, ROWS_LIMIT))
    book = ListBook(str(title), widths, freeze="A2", is_long=len(first) == ROWS_LIMIT)
    for row in chain([heads], first, rows):
        book.append(v.isoformat() if isinstance(v, date) else v for v in row)
    return book.data()


def text_of(heads: Sequence[str], rows: Iterable[Sequence]) -> str:
    """The same as .csv, marked as UTF-8 so that a Chinese Excel reads it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([escaped(value) for value in row] for row in chain([heads], rows))
    return "\ufeff" + out.getvalue()


def escaped(value) -> str:
    """A text that a spreadsheet would run gets an apostrophe, which reading takes off again."""
    text = "" if value is None else str(value)
    return f"'{text}" if RUNS.match(text) and not FIGURE.fullmatch(text) else text


def unescaped(text: str) -> str:
    return text[1:] if text.startswith("'") and RUNS.match(text) else text
