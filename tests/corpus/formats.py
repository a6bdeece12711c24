"""Writes the corpus's forms as .xls, .csv and .docx, from the same rows as the .xlsx."""

import csv
import zipfile
from io import BytesIO, StringIO
from xml.sax.saxutils import escape

import xlwt
from openpyxl.utils import range_boundaries

from tests.corpus.forms import SHEET

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
PART = "word/document.xml"


def xls(rows, *, merges=(), hidden_rows=(), hidden_sheets=(), more=None, sheet=SHEET) -> bytes:
    """The rows in a workbook of Excel 97 to 2003."""
    book = xlwt.Workbook(encoding="utf-8")
    for name, content in {sheet: rows, **(more or {})}.items():
        page = book.add_sheet(name, cell_overwrite_ok=True)  # merging writes blanks
        page.visibility = int(name in hidden_sheets)
        _fill(page, content, merges if name == sheet else ())
    for number in hidden_rows:
        book.get_sheet(0).row(number - 1).hidden = True
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(page, rows, merges) -> None:
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str) and value.startswith("="):
                page.write(r, c, xlwt.Formula(value[1:]))
            elif value is not None:
                page.write(r, c, value)
    for merge in merges:
        left, top, right, bottom = range_boundaries(merge)
        page.merge(top - 1, bottom - 1, left - 1, right - 1)


def text(rows, *, encoding="utf-8", separator=",") -> bytes:
    """The rows as a .csv."""
    stream = StringIO()
    csv.writer(stream, delimiter=separator).writerows(
        [["" if value is None else value for value in row] for row in rows]
    )
    return stream.getvalue().encode(encoding)


def docx(*blocks: str, parts=None, main=MAIN) -> bytes:
    """A document of paragraphs and tables."""
    stream = BytesIO()
    types = f'<Types><Override PartName="/{PART}" ContentType="{main}"/></Types>'
    body = f'<w:document xmlns:w="{WORD}"><w:body>{"".join(blocks)}</w:body></w:document>'
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"[Content_Types].xml": types, PART: body, **(parts or {})}.items():
            archive.writestr(name, data)
    return stream.getvalue()


def paragraph(words: str, properties: str = "") -> str:
    """Lines are breaks, as Shift and Enter makes them."""
    lines = "<w:br/>".join(f"<w:t>{escape(line)}</w:t>" for line in words.split("\n"))
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r>{lines}</w:r></w:p>"


def listed(words: str, level: int = 0) -> str:
    """A paragraph that Word numbers."""
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr>'
    return paragraph(words, number)


def table(rows, *, merges=(), hidden_rows=()) -> str:
    """The rows as a table of Word; a cell that begins with a tag is taken as it is."""
    width = max(map(len, rows))
    ranges = [range_boundaries(merge) for merge in merges]
    lines = []
    for number, row in enumerate(rows, start=1):
        hidden = "<w:trPr><w:hidden/></w:trPr>" if number in hidden_rows else ""
        lines.append(f"<w:tr>{hidden}{_cells(row, number, width, ranges)}</w:tr>")
    return f"<w:tbl>{''.join(lines)}</w:tbl>"


def _cells(row, number, width, ranges) -> str:
    column, cells = 1, []
    while column <= width:
        value = row[column - 1] if column <= len(row) else None
        over = next((r for r in ranges if r[0] <= column <= r[2] and r[1] <= number <= r[3]), None)
        left, top, right, bottom = over or (column, number, column, number)
        span = f'<w:gridSpan w:val="{right - left + 1}"/>' if right > left else ""
        begins = '<w:vMerge w:val="restart"/>' if number == top else "<w:vMerge/>"
        down = begins if bottom > top else ""
        cells.append(f"<w:tc><w:tcPr>{span}{down}</w:tcPr>{_content(value)}</w:tc>")
        column = right + 1
    return "".join(cells)


def _content(value) -> str:
    written = "" if value is None else str(value)
    return written if written.startswith("<") else paragraph(written)
