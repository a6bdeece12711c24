"""Opens workbooks for flat lists (organization.list_file) as safely as those of rubrics."""

from organization.list_file import Line, Sheet, refused
from scoring.forms import FormRefused, read_tables
from scoring.forms.cells import Row, Table


def read_workbook(data: bytes) -> list[Sheet]:
    """The visible sheets of a workbook; raises ListRefused for one that can't be read safely."""
    try:
        tables = read_tables(data)
    except FormRefused as refusal:
        message = refusal.message
        raise refused(message.message, message.sheet or "", message.cell or "") from refusal
    return [sheet_of(table) for table in tables if not table.hidden]


def sheet_of(table: Table) -> Sheet:
    return Sheet(table.sheet, [line_of(row) for row in table.rows])


def line_of(row: Row) -> Line:
    return Line(
        row.number,
        {number: cell.text.replace("\n", " ") for number, cell in row.cells.items()},
        frozenset(number for number, cell in row.cells.items() if cell.formula or cell.error),
    )
