"""Reads the scoring forms that the company keeps in Excel. Pure: files in, plain values out.

`read_rubric` and `read_score_form` are the doors. Behind them the way of a file is
`workbook` (opened safely) → `tables` (cells) → `header` and `body` (what is where) →
`understand` (a rubric) or `filled` (scores).
"""

from collections.abc import Callable
from typing import TypeVar

from .cells import Table
from .filled import Filled, FilledRow, read_filled
from .header import POINTS, SCORE, find_header
from .messages import FormRefused, Message
from .rules import Rule
from .tables import read_tables
from .understand import Item, Understood, understand
from .workbook import Source

__all__ = [
    "Filled",
    "FilledRow",
    "FormRefused",
    "Item",
    "Message",
    "Rule",
    "Understood",
    "read_filled",
    "read_rubric",
    "read_score_form",
    "read_tables",
    "understand",
]

Result = TypeVar("Result", Understood, Filled)


def read_rubric(file: Source) -> Understood:
    """The rubric in a workbook: a path, bytes or an open file.

    Never raises for what is in the file: a file that is refused is an `Understood` with nothing
    but the error. A missing path raises OSError.
    """
    return _read(file, POINTS, understand, Understood)


def read_score_form(file: Source) -> Filled:
    """The scores in a filled form; errors as with `read_rubric`."""
    return _read(file, SCORE, read_filled, Filled)


def _read(
    file: Source, role: str, reader: Callable[[Table], Result], result: type[Result]
) -> Result:
    try:
        tables = read_tables(file)
        chosen = _the_table(tables, role)
    except FormRefused as refusal:
        return result(errors=[refusal.message])
    read = reader(chosen)
    read.warnings += [_left_out(table) for table in tables if table is not chosen]
    return read


def _the_table(tables: list[Table], role: str) -> Table:
    """The one visible sheet with a form on it; without any, the first, to say what it lacks."""
    visible = [table for table in tables if not table.hidden]
    headed = [(table, header) for table in visible if (header := find_header(table))]
    forms = [table for table, header in headed if role in header.columns]
    if len(forms) > 1:
        raise FormRefused("several_tables", sheets="、".join(table.sheet for table in forms))
    if not visible:
        raise FormRefused("no_table")
    return (forms or [table for table, _ in headed] or visible)[0]


def _left_out(table: Table) -> Message:
    return Message("sheet_hidden" if table.hidden else "sheet_unread", table.sheet)
