"""A staff list in Excel, read into rows; columns are found by their names, in any order."""

from django.utils.translation import gettext as _

from organization.staff import COLUMNS, REQUIRED, StaffError, StaffRefused, StaffRow
from scoring.forms import FormRefused, read_tables
from scoring.forms.cells import Cell, Row, Table, address

WORDS = {word: column for column, words in COLUMNS.items() for word in words}


def read_staff(file) -> list[StaffRow]:
    """The rows of the first sheet that is headed like a staff list.

    `file` is a path, bytes or an open file. Raises StaffRefused naming the file's fault, or
    every column that is missing, and every cell that holds a formula or an error.
    """
    try:
        tables = read_tables(file)
    except FormRefused as refusal:
        message = refusal.message
        raise StaffRefused(
            [StaffError(message.sheet or "", message.cell or "", message.message)]
        ) from refusal
    for table in tables:
        for row in table.rows[:10]:
            if {"username", "role"} <= (columns := headings(row)).keys():
                return body(table, row, columns)
    raise StaffRefused([StaffError("", "", _("没有找到表头：要有“用户名”“姓名”“角色”等列。"))])


def headings(row: Row) -> dict[str, int]:
    """Column name -> column number, for a row that may be the header."""
    named = {number: cell.text.replace("\n", "").strip() for number, cell in row.cells.items()}
    return {WORDS[word.lower()]: number for number, word in named.items() if word.lower() in WORDS}


def body(table: Table, header: Row, columns: dict[str, int]) -> list[StaffRow]:
    """Every row below the header that has anything in a known column."""
    missing = [COLUMNS[column][0] for column in REQUIRED if column not in columns]
    if missing:
        where = address(header.number, 1)
        raise StaffRefused(
            [
                StaffError(
                    table.sheet, where, _("缺少列：%(columns)s。") % {"columns": "、".join(missing)}
                )
            ]
        )
    rows = [row for row in table.rows if row.number > header.number]
    errors = [e for row in rows for e in unreadable(table, row, columns)]
    if errors:
        raise StaffRefused(errors)
    read = [staff_row(table, row, columns) for row in rows]
    return [row for row in read if any(row.values.values())]


def unreadable(table: Table, row: Row, columns: dict[str, int]) -> list[StaffError]:
    found = [cell for number in columns.values() if (cell := row.cells.get(number))]
    return [
        StaffError(table.sheet, cell.address, _("这里是公式或错误值，请改成文字。"))
        for cell in found
        if cell.formula or cell.error
    ]


def staff_row(table: Table, row: Row, columns: dict[str, int]) -> StaffRow:
    return StaffRow(
        values={column: text_of(row.cells.get(number)) for column, number in columns.items()},
        sheet=table.sheet,
        cells={column: address(row.number, number) for column, number in columns.items()},
    )


def text_of(cell: Cell | None) -> str:
    return cell.text if cell else ""
