"""The filing matrix as a workbook: every row that the filters leave, states as words with fills."""

from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.matrix import Row
from campaign.matrix_page import LOOKS, MatrixPage
from campaign.models import Milestone
from organization.list_book import PLAIN, Cell, ListBook, Look

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOLD, HEAD = Look(bold=True), Look(bold=True, wrapped=True)
WIDTHS = (24, 14, 12)
MILESTONE_WIDTH = 14
# The page's tints in light, by the look of a cell.
FILLS = {
    "ok": Look(fill="E6F4EB"),
    "okl": Look(fill="FDF2DC"),
    "wait": Look(fill="EBF1FD"),
    "late": Look(fill="FDEBE9"),
    "ret": Look(fill="FDF2DC"),
    "soon": Look(fill="FDF2DC"),
}
NOT_THEIRS = Cell("", Look(fill="EEF1F5"))


def matrix_workbook(page: MatrixPage) -> bytes:
    """One sheet: title and moment, phases and milestones with their days, one row a subject."""
    writer = Writer(page)
    writer.head()
    for row in page.matrix.all_rows():
        writer.row(row)
    return writer.book.data()


class Writer:
    """Writes the rows of one page's ask; every text stays text, every day is a date."""

    def __init__(self, page: MatrixPage):
        self.page = page
        self.milestones = list(page.matrix.milestones.values())
        widths = [*WIDTHS, *(MILESTONE_WIDTH for _each in self.milestones), MILESTONE_WIDTH]
        self.book = ListBook(_("报送情况"), widths, freeze="D7")

    def head(self) -> None:
        at = timezone.localtime(self.page.at)
        self.book.append([self.page.answer], BOLD)
        about = _("%(campaign)s · 截至 %(moment)s")
        moment = f"{at:%Y-%m-%d %H:%M}"
        self.book.append([about % {"campaign": self.page.campaign, "moment": moment}])
        columns = self.page.matrix.columns
        self.line(_("阶段"), [m.phase.name for m in self.milestones])
        self.line(_("期限"), [m.due for m in self.milestones])
        self.line(_("完成"), [f"{c.done} / {c.total}" for c in columns])
        titles = [milestone.title for milestone in self.milestones]
        self.book.append([_("谁来报"), _("负责人"), _("区域"), *titles, _("缺报")], HEAD)

    def line(self, word: str, values: list) -> None:
        self.book.append([word, None, None, *values])

    def row(self, row: Row) -> None:
        cells = [self.cell(row, milestone) for milestone in self.milestones]
        self.book.append([row.name, row.person, row.region, *cells, row.missing])

    def cell(self, row: Row, milestone: Milestone) -> Cell:
        obligation = row.cells.get(milestone.pk)
        if obligation is None:
            return NOT_THEIRS
        state = obligation.state(at=self.page.at)
        word = self.page.word(obligation, state.code, milestone)
        return Cell(word, FILLS.get(LOOKS.get(state.code, ""), PLAIN))
