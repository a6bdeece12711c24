"""Reads the scoring forms that the company keeps in Excel and Word. Pure: files in, values out.

`read_rubric` and `read_score_form` are the doors. Behind them the way of a file is `tables` (what
it is; `xlsx`, `xls`, `separated`, `docx` read it safely into cells) → `header` and `body` (what is
where) → `understand` (a rubric) or `filled` (scores).
"""

from collections.abc import Mapping, Sequence

from .cells import Table
from .filled import Filled, FilledRow, read_filled
from .header import POINTS, SCORE, find_header, header_signature
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
    "header_signature",
    "read_filled",
    "read_rubric",
    "read_score_form",
    "read_tables",
    "rubric_tables",
    "understand",
]

# header's signature → role → column number
Mappings = Mapping[str, Mapping[str, int]]


def rubric_tables(
    tables: Sequence[Table], with_hidden: bool = False, mappings: Mappings | None = None
) -> list[Table]:
    """Those with a header that has points, or one of `mappings`; hidden ones only when asked."""
    return [table for table in _shown(tables, with_hidden) if _has(table, POINTS, mappings)]


def read_rubric(
    file: Source,
    name: str = "",
    number: int | None = None,
    mappings: Mappings | None = None,
    with_hidden: bool = False,
) -> Understood:
    """The rubric in a file: a path, bytes or an open file; `name` is what people call it.

    `number` (from 1) says which of the file's `rubric_tables`; it may be left out where there is
    one. `mappings` are what people said of headers: signature → role → column number. With
    `with_hidden`, hidden rows and sheets are taken in.
    Never raises for what is in the file: a file that is refused is an `Understood` with nothing
    but the error. A missing path raises OSError.
    """
    try:
        tables = read_tables(file, name)
        rubrics = rubric_tables(tables, with_hidden, mappings)
        chosen = _chosen(rubrics, number) or _lacking(tables, with_hidden)
    except FormRefused as refusal:
        return Understood(errors=[refusal.message])
    columns = (mappings or {}).get(header_signature(chosen)) if mappings else None
    read = understand(chosen, columns=columns, with_hidden=with_hidden)
    read.warnings += _left_out(tables, [chosen, *rubrics])
    return read


def read_score_form(file: Source, name: str = "") -> Filled:
    """The scores in a filled form; errors as with `read_rubric`."""
    try:
        tables = read_tables(file, name)
        forms = [table for table in _shown(tables) if _has(table, SCORE)]
        if len(forms) > 1:
            raise FormRefused("several_forms", tables=_listed(forms))
        chosen = forms[0] if forms else _lacking(tables)
    except FormRefused as refusal:
        return Filled(errors=[refusal.message])
    read = read_filled(chosen)
    read.warnings += _left_out(tables, [chosen])
    return read


def _shown(tables: Sequence[Table], with_hidden: bool = False) -> list[Table]:
    """Those with rows that a person sees."""
    seen = (table for table in tables if with_hidden or not table.hidden)
    return [table for table in seen if not all(row.hidden for row in table.rows)]


def _has(table: Table, role: str, mappings: Mappings | None = None) -> bool:
    header = find_header(table)
    known = bool(mappings) and header_signature(table) in (mappings or {})
    return header is not None and (role in header.columns or known)


def _chosen(forms: list[Table], number: int | None) -> Table | None:
    """The form that is meant; None where there is none."""
    if number is None and len(forms) > 1:
        raise FormRefused("several_tables", tables=_listed(forms))
    if forms and number is not None and not 1 <= number <= len(forms):
        raise FormRefused("no_such_table", number=number, tables=_listed(forms))
    return forms[(number or 1) - 1] if forms else None


def _listed(forms: list[Table]) -> list[str]:
    """The forms by number and sheet; of several on one sheet also where they begin."""
    sheets = [table.sheet for table in forms]
    places = [
        f" {table.rows[0].first.address}" if sheets.count(table.sheet) > 1 else ""
        for table in forms
    ]
    numbered = enumerate(zip(sheets, places, strict=True), start=1)
    return [f"{number} {sheet}{place}" for number, (sheet, place) in numbered]


def _lacking(tables: list[Table], with_hidden: bool = False) -> Table:
    """The first table that comes near a form, to say what it lacks."""
    shown = _shown(tables, with_hidden)
    if not shown:
        raise FormRefused("only_hidden")
    return next((table for table in shown if find_header(table)), shown[0])


def _left_out(tables: list[Table], told: list[Table]) -> list[Message]:
    """Which sheets were not read at all."""
    others = [table for table in tables if not any(table is each for each in told)]
    return [
        Message("sheet_hidden" if table.hidden else "sheet_unread", table.sheet)
        for table in others
    ]  # fmt: skip
