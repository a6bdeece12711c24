"""From a file to tables, whatever its format: what it is, its content says and not its name."""

from typing import BinaryIO

from .cells import Table
from .docx import read_docx
from .limits import TABLES_LIMIT
from .messages import FormRefused
from .separated import read_separated
from .stacked import apart
from .workbook import OLE_MAGIC, XLSX, ZIP_MAGIC, Source, open_package, opened
from .xls import read_xls
from .xlsx import read_xlsx


def read_tables(file: Source, name: str = "") -> list[Table]:
    """Every table that has values, in the file's order; those on hidden sheets are marked.

    `file` is a path, bytes or an open binary file: .xlsx, .xls, .csv or .docx. `name` is what
    people call it, which names the sheet of a .csv. Raises FormRefused, with sheet and cell where
    there is one, for what can't be read safely.
    """
    with opened(file) as stream:
        sheets = _sheets(stream, name)
    tables = [table for sheet in sheets if sheet.rows for table in apart(sheet)]
    if not tables:
        raise FormRefused("no_table")
    if len(tables) > TABLES_LIMIT:
        raise FormRefused("too_much", tables[TABLES_LIMIT].sheet)
    return tables


def _sheets(stream: BinaryIO, name: str) -> list[Table]:
    head = stream.read(len(OLE_MAGIC))
    stream.seek(0)
    if head == OLE_MAGIC:
        return read_xls(stream)
    if not head.startswith(ZIP_MAGIC):
        return read_separated(stream, name)
    with open_package(stream) as (package, format, main):
        return read_xlsx(package, main) if format == XLSX else read_docx(package, main)
