"""A workbook with formulas: every cell says what it is, and has its value beside its formula."""

import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from organization.list_book import write_words

FONT = "Microsoft YaHei"
A4 = 9
POINTS, WHOLE, PERCENT = "0.00", "0", "0.####"
MONEY = "+¥#,##0.00;-¥#,##0.00;¥0.00"
LINE = {"bottom": 1, "bottom_color": "#C9D1DC"}
HEAD = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#EEF2F7"} | LINE
TITLE = {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}
QUIET = {"font_color": "#4A5668", "text_wrap": True, "valign": "top"}
FIGURES = {"align": "right"}  # the head over figures
LIVE = {"font_color": "#1F4E9E"}  # what is computed


class Book:
    """Rows and columns count from 0. Formats are made once for each look."""

    def __init__(self) -> None:
        self.out = io.BytesIO()
        plain = {"font_name": FONT, "font_size": 10}
        self.book = Workbook(self.out, {"in_memory": True, "default_format_properties": plain})
        self.looks: dict[tuple, Format] = {}

    def sheet(self, title: str, widths: Iterable[float]) -> Worksheet:
        """A sheet that prints on A4 across, as wide as one page."""
        sheet = self.book.add_worksheet(title)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        return sheet

    def look(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self.looks:
            self.looks[key] = self.book.add_format(properties)
        return self.looks[key]

    def put(self, sheet: Worksheet, row: int, column: int, value: object, **look: Any) -> None:
        """A figure stays a figure, anything else is a text that never runs."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.look(**look))
        elif isinstance(value, int | Decimal):
            sheet.write_number(row, column, value, self.look(**look))
        else:
            typed = self.look(**look, quote_prefix=True)
            write_words(sheet, row, column, str(value), self.look(**look), typed)

    def live(
        self, sheet: Worksheet, row: int, column: int, formula: str, value: object, **look: Any
    ) -> None:
        """A formula of ours, with the value that a viewer shows who does not calculate."""
        shown = float(value) if isinstance(value, Decimal) else value
        sheet.write_formula(row, column, f"={formula}", self.look(**look), shown)

    def across(self, sheet: Worksheet, row: int, last: int, text: str, **look: Any) -> None:
        """A text over all columns up to `last`."""
        sheet.merge_range(row, 0, row, last, "", self.look(**look))
        self.put(sheet, row, 0, text, **look)

    def data(self) -> bytes:
        self.book.close()
        return self.out.getvalue()


def cell(row: int, column: int) -> str:
    return xl_rowcol_to_cell(row, column)


def fixed(row: int, column: int) -> str:
    return xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)


def span(first: str, last: str) -> str:
    return f"{first}:{last}"


def on(sheet: Worksheet, reference: str) -> str:
    """The reference as another sheet's formula names it."""
    return "'{}'!{}".format(sheet.get_name().replace("'", "''"), reference)
