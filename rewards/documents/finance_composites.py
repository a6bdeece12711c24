"""The finance workbook's sheet of composites: points and weights to composite, rank and band."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rewards.documents.book import (
    FIGURES,
    HEAD,
    LINE,
    LIVE,
    PERCENT,
    POINTS,
    TITLE,
    WHOLE,
    Book,
    cell,
    fixed,
    on,
    span,
)
from rewards.documents.finance_rules import Places
from rewards.documents.workings import Rules, Worked
from scoring import engine

FIRST = 4  # the first project's row
FIXED = 3  # columns before the points
HEAD_HEIGHT = 54  # points: a rubric's name breaks into lines
# Doubles hold no half of a hundredth: it is told from the noise behind it before it is rounded.
SURE = 9


@dataclass(frozen=True)
class Row:
    """Where one project's figures stand, for the list's formulas."""

    composite: str
    points: str
    capped: str
    place: str
    band: str


class Composites:
    """Columns: rank, code, project; kept, possible and percent of each rubric; what follows."""

    def __init__(self, book: Book, rules: Rules, places: Places, projects: Sequence[Worked]):
        self.book, self.rules, self.places, self.projects = book, rules, places, projects
        self.count = len(rules.weights)
        self.percents = FIXED + 2 * self.count
        self.after = FIXED + 3 * self.count
        widths = (6, 10, 20, *[9.5] * (3 * self.count), 9, 7, 8, 7, 11, 9, 6)
        self.sheet = book.sheet(_("综合得分"), widths)
        self.last = FIRST + len(projects) - 1

    def write(self) -> dict[str, Row]:
        """Where each project's figures are, by code."""
        title = _("综合得分：各表得分率按权重加权，保留两位小数")
        self.book.across(self.sheet, 0, self.after + 6, title, **TITLE)
        self.write_head()
        self.sheet.freeze_panes(FIRST, FIXED)
        self.sheet.repeat_rows(2, FIRST - 1)
        return {each.code: self.write_row(at, each) for at, each in enumerate(self.projects, FIRST)}

    def write_head(self) -> None:
        names = [name for name, _percent in self.rules.weights]
        heads = [
            _("名次"), _("项目编码"), _("项目"),
            *(_("%(rubric)s 得分") % {"rubric": name} for name in names),
            *(_("%(rubric)s 应得分") % {"rubric": name} for name in names),
            *(_("%(rubric)s 得分率（%%）") % {"rubric": name} for name in names),
            _("综合得分"), _("取整"), _("等级封顶"), _("第几档"), _("等级"),
            _("记录的得分"), _("核对"),
        ]  # fmt: skip
        for column, word in enumerate(heads):
            side = {} if column in (1, 2, self.after + 4) else FIGURES
            self.book.put(self.sheet, 2, column, word, **HEAD, **side)
            self.book.put(self.sheet, 3, column, "", **LINE)
        self.sheet.set_row(2, HEAD_HEIGHT)
        self.book.put(self.sheet, 3, 2, _("权重（%）"), **LINE)
        weights = zip(self.places.weights, self.rules.weights, strict=True)
        for column, (place, (_name, percent)) in enumerate(weights, self.percents):
            self.live(3, column, place, percent, PERCENT)

    def live(
        self, row: int, column: int, formula: str, value, form: str = "General", **look
    ) -> None:
        look |= LINE | LIVE
        self.book.live(self.sheet, row, column, formula, value, num_format=form, **look)

    def write_row(self, row: int, project: Worked) -> Row:
        book, sheet, after = self.book, self.sheet, self.after
        composite, points, capped, place, band, record = (cell(row, after + n) for n in range(6))
        everyone = span(fixed(FIRST, after), fixed(self.last, after))
        self.live(row, 0, f"RANK({composite},{everyone})", project.rank, WHOLE)
        book.put(sheet, row, 1, project.code, **LINE)
        book.put(sheet, row, 2, project.name, **LINE)
        for at, part in enumerate(project.parts):
            self.write_part(row, at, part)
        self.live(row, after, self.weighed(row), project.composite, POINTS)
        whole = f"INT({composite})" if self.floors else f"ROUND({composite},0)"
        self.live(row, after + 1, whole, project.points, WHOLE)
        book.put(sheet, row, after + 2, _("是") if project.capped else "", align="center", **LINE)
        reached = f"MATCH({points},{self.places.lowest},1)"
        capping = f'IF({capped}="",{reached},MIN({reached},{self.places.cap}))'
        self.live(row, after + 3, capping, project.band, WHOLE)
        name = self.rules.bands[project.band - 1][0]
        self.live(row, after + 4, f"INDEX({self.places.names},{place})", name, indent=1)
        book.put(sheet, row, after + 5, project.composite, num_format=POINTS, **LINE)
        self.live(row, after + 6, f'IF({composite}={record},"✓","✗")', "✓", align="right")
        return Row(*(on(sheet, each) for each in (composite, points, capped, place, band)))

    @property
    def floors(self) -> bool:
        return self.rules.rounding == engine.FLOOR

    def write_part(self, row: int, at: int, part) -> None:
        """Points kept, possible, and the percent; nothing for a rubric that left (ruling 5)."""
        kept, possible = part or (None, None)
        places = FIXED + at, FIXED + self.count + at
        for column, value in zip(places, (kept, possible), strict=True):
            self.book.put(self.sheet, row, column, value, num_format=POINTS, **LINE)
        above, below = (cell(row, column) for column in places)
        percent = 100 * kept / possible if part else ""
        self.live(row, self.percents + at, f'IF({below}>0,100*{above}/{below},"")', percent, POINTS)

    def weighed(self, row: int) -> str:
        """The weighted mean of what counts, rounded once, half up (rulings 5 and 7)."""
        weights = span(fixed(3, self.percents), fixed(3, self.after - 1))
        percents = span(cell(row, self.percents), cell(row, self.after - 1))
        counted = f'SUMIF({percents},">=0",{weights})'
        return f"ROUND(ROUND(SUMPRODUCT({weights},{percents})/{counted},{SURE}),2)"
