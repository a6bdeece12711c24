"""Lists as workbooks: one sheet, row after row, and no text is ever run.

Written with XlsxWriter: openpyxl makes objects of its own for every cell and takes four times as
long. Forms that people fill in are still openpyxl's (`scoring.company_form`).
"""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

DAY = "yyyy-mm-dd"
# What a spreadsheet may take for a formula. Figures stay figures.
RUNS = re.compile(r"'*[=+\-@\t\r]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what XML cannot hold
# XlsxWriter takes the width of the text, a file has that of the cell around it.
AROUND = 5 / 7
A4 = 9  # as files call it


@dataclass(frozen=True, slots=True)
class Look:
    """`wrapped` texts begin at the top; `fill` is a colour, `points` how points are shown, `side`
    where it stands ("right", "center") when not where its kind does.
    """

    bold: bool = False
    wrapped: bool = False
    fill: str = ""
    points: str = ""
    side: str = ""

    def properties(self) -> dict[str, Any]:
        """As XlsxWriter calls them."""
        bold = {"bold": True} if self.bold else {}
        wrapped = {"text_wrap": True, "valign": "top"} if self.wrapped else {}
        filled = {"bg_color": f"#{self.fill}", "pattern": 1} if self.fill else {}
        side = {"align": self.side} if self.side else {}
        return bold | wrapped | filled | side


PLAIN = Look()


class Cell(NamedTuple):
    """A value that looks otherwise than its row."""

    value: Any
    look: Look


class Formats(NamedTuple):
    """A look as each kind of value has it; `typed` is how Excel keeps a typed apostrophe, so
    that a text stays one when somebody edits the cell."""

    text: Format
    typed: Format
    day: Format
    points: Format
    is_filled: bool


def write_words(
    sheet: Worksheet, row: int, column: int, text: str, look: Format, typed: Format
) -> None:
    """A text that stays one: `typed` is the look, with a quote prefix, of one that could run."""
    if text.isalnum():  # nothing in it that could run or that XML lacks
        sheet.write_string(row, column, text, look)
        return
    text = CONTROL.sub("", text)
    kept = typed if RUNS.match(text) else look
    if text.startswith("<r>") and text.endswith("</r>"):
        # taken for XlsxWriter's own rich text and not escaped, unless it comes in pieces
        sheet.write_rich_string(row, column, text[:1], look, text[1:], kept)
    else:
        sheet.write_string(row, column, text, kept)


class ListBook:
    """A workbook of one sheet; texts stay texts, days are dates, figures are figures.

    `freeze` is the first cell that moves; what is above and left of it stays in sight. A list
    that `is_long` waits on the disk row by row, which takes a third longer and hardly any memory.
    """

    def __init__(self, title: str, widths: Iterable[float], *, freeze: str, is_long: bool = False):
        self.out = TemporaryFile() if is_long else io.BytesIO()  # noqa: SIM115 file() hands it out
        self.book = Workbook(self.out, {"constant_memory": is_long, "in_memory": not is_long})
        self.sheet = self.book.add_worksheet(title)
        self.sheet.freeze_panes(freeze)
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width - AROUND)
        self.formats: dict[Look, Formats] = {}
        self.known: dict[int, tuple[Look, Formats]] = {}  # by id, with what keeps the id its own
        self.rows = 0

    def print_across(self, head: int) -> None:
        """On paper across, as wide as one page, with row `head` (from 0) on top of each."""
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(head)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.sheet.set_footer("&R&8&P / &N")

    def append(self, values: Iterable, look: Look = PLAIN) -> None:
        """One more row; a `Cell` among the values has its own look."""
        formats = self.formats_of(look)
        for column, value in enumerate(values):
            if isinstance(value, Cell):
                self.write(column, value.value, self.formats_of(value.look))
            else:
                self.write(column, value, formats)
        self.rows += 1

    def write(self, column: int, value, formats: Formats) -> None:
        # texts and points are most of what lists have
        if isinstance(value, str) and value:
            self.write_text(column, value, formats)
        elif isinstance(value, Decimal):
            self.sheet.write_number(self.rows, column, float(value), formats.points)
        elif value is None or value == "":
            if formats.is_filled:
                self.sheet.write_blank(self.rows, column, None, formats.text)
        elif isinstance(value, date):
            self.sheet.write_datetime(self.rows, column, value, formats.day)
        elif isinstance(value, int | float):
            self.sheet.write_number(self.rows, column, value, formats.text)
        else:
            self.write_text(column, str(value), formats)

    def write_text(self, column: int, text: str, formats: Formats) -> None:
        write_words(self.sheet, self.rows, column, text, formats.text, formats.typed)

    def formats_of(self, look: Look) -> Formats:
        # by identity first: most looks are constants, and an equal one takes longer to find
        if (known := self.known.get(id(look))) is None:
            known = self.known[id(look)] = (look, self.set_of(look))
        return known[1]

    def set_of(self, look: Look) -> Formats:
        if look not in self.formats:
            made, plain = self.book.add_format, look.properties()
            self.formats[look] = Formats(
                text=made(plain),
                typed=made(plain | {"quote_prefix": True}),
                day=made(plain | {"num_format": DAY}),
                points=made(plain | ({"num_format": look.points} if look.points else {})),
                is_filled=bool(look.fill),
            )
        return self.formats[look]

    def file(self) -> IO[bytes]:
        """What was written, from its beginning, once; whoever takes it closes it."""
        self.book.close()
        self.out.seek(0)
        return self.out

    def data(self) -> bytes:
        with self.file() as file:
            return file.read()
