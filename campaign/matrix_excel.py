"""The filing matrix as a workbook: every row that the filters leave, states as words with fills."""

import io

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from campaign.matrix import Row
from campaign.matrix_page import LOOKS, MatrixPage
from campaign.models import Milestone
from organization.list_file import cell_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOLD = Font(bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")
DAY = "yyyy-mm-dd"
WIDTHS = (24, 14, 12)
MILESTONE_WIDTH = 14
# The page's tints in light, by the look of a cell.
FILLS = {
    look: PatternFill("solid", fgColor=colour)
    for look, colour in {
        "ok": "E6F4EB",
        "okl": "FDF2DC",
        "wait": "EBF1FD",
        "late": "FDEBE9",
        "ret": "FDF2DC",
        "soon": "FDF2DC",
    }.items()
}
NOT_THEIRS = PatternFill("solid", fgColor="EEF1F5")


def matrix_workbook(page: MatrixPage) -> bytes:
    """One sheet: title and moment, phases and milestones with their days, one row a subject."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("报送情况"))
    writer = Writer(sheet, page)
    writer.measure()
    writer.head()
    for row in page.matrix.all_rows():
        writer.row(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Writer:
    """Writes the rows of one page's ask; every text stays text, every day is a date."""

    def __init__(self, sheet, page: MatrixPage):
        self.sheet, self.page = sheet, page
        self.milestones = list(page.matrix.milestones.values())

    def measure(self) -> None:
        widths = [*WIDTHS, *(MILESTONE_WIDTH for _each in self.milestones), MILESTONE_WIDTH]
        for number, width in enumerate(widths, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = width
        self.sheet.freeze_panes = "D7"

    def head(self) -> None:
        at = timezone.localtime(self.page.at)
        self.sheet.append([self.text(self.page.answer, font=BOLD)])
        about = _("%(campaign)s · 截至 %(moment)s")
        moment = f"{at:%Y-%m-%d %H:%M}"
        self.sheet.append([self.text(about % {"campaign": self.page.campaign, "moment": moment})])
        columns = self.page.matrix.columns
        self.line(_("阶段"), [self.text(m.phase.name) for m in self.milestones])
        self.line(_("期限"), [self.day(m.due) for m in self.milestones])
        self.line(_("完成"), [self.text(f"{c.done} / {c.total}") for c in columns])
        heads = (
            _("谁来报"),
            _("负责人"),
            _("区域"),
            *(m.title for m in self.milestones),
            _("缺报"),
        )
        self.sheet.append([self.text(word, font=BOLD, alignment=WRAPPED) for word in heads])

    def line(self, word: str, cells: list) -> None:
        self.sheet.append([self.text(word), None, None, *cells])

    def row(self, row: Row) -> None:
        cells = [self.cell(row, milestone) for milestone in self.milestones]
        about = [self.text(word) for word in (row.name, row.person, row.region)]
        self.sheet.append([*about, *cells, row.missing])

    def cell(self, row: Row, milestone: Milestone):
        obligation = row.cells.get(milestone.pk)
        if obligation is None:
            return self.text("", fill=NOT_THEIRS)
        state = obligation.state(at=self.page.at)
        word = self.page.word(obligation, state.code, milestone)
        return self.text(word, fill=FILLS.get(LOOKS.get(state.code, "")))

    def day(self, value):
        cell = WriteOnlyCell(self.sheet, value=value)
        cell.number_format = DAY
        return cell

    def text(self, value, *, fill=None, font=None, alignment=None):
        cell = cell_of(self.sheet, value) or WriteOnlyCell(self.sheet)
        for name, look in (("fill", fill), ("font", font), ("alignment", alignment)):
            if look:
                setattr(cell, name, look)
        return cell
