"""The league table as an Excel file, exactly as it is filtered and sorted on the page."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from organization.list_book import Cell, ListBook, Look
from organization.plain import collected_seldom
from organization.states import CAPPED
from scoring import standings
from scoring.export_charts import Charted, draw_charts
from scoring.league_columns import Column
from scoring.league_page import LeaguePage
from scoring.league_rows import kind_word
from scoring.standings import Row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = 3  # rows above the first project
TITLED = Look(bold=True)
HEADED, OVER_FIGURES = (
    Look(bold=True, wrapped=True, fill="EEF2F7", side=side) for side in ("", "right")
)
HEAD_HEIGHT = 45  # points: three lines
# figures, and words that stand for one; "_ " keeps a figure off the text beside it
POINTS, WORDS, PLACE = Look(points="0.00_ "), Look(side="right"), Look(side="center")
CHANGE, AREA = Look(points="+0.00_ ;-0.00_ ;0.00_ "), Look(points="#,##0")


def league_workbook(page: LeaguePage, *, at: datetime) -> bytes:
    """The table, one row a project with figures as numbers, and a sheet of charts of it."""
    with collected_seldom():  # a hundred and fifty thousand cells stay until the end
        return written(page, at)


def written(page: LeaguePage, at: datetime) -> bytes:
    rows = page.table.all_rows()
    writer = Writer(page, rows)
    book = ListBook(_("项目排名"), writer.widths, freeze="D4")
    book.print_across(HEAD - 1)
    book.append([_("%(campaign)s项目排名") % {"campaign": page.campaign}], TITLED)
    moment = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    said = [_("截至 %(moment)s · %(rule)s") % {"moment": moment, "rule": page.banding.rule}]
    if page.filters:
        said.append(_("筛选：%(words)s") % {"words": _("、").join(page.filters)})
    book.append([" · ".join(said)])
    book.sheet.set_row(HEAD - 1, HEAD_HEIGHT)
    book.append(writer.heads, HEADED)
    for row in rows:
        book.append(writer.values(row), POINTS)
    if rows:
        draw_charts(book.book, writer.charted)
    return book.data()


class Writer:
    """The columns of a table and what stands in them."""

    def __init__(self, page: LeaguePage, rows: list[Row]):
        self.page, self.rows = page, rows
        self.managers = standings.all_managers(page.campaign)
        self.has_last = page.before is not None
        # a column that is empty for everyone says nothing
        self.has_remarks = any(row.shows_cap for row in rows)
        self.in_league = bool(page.ask.kind)
        self.bands = {mark.code: mark.name for mark in page.banding}
        self.language = get_language()
        self.remark, self.provisional, self.absent = str(CAPPED.word), _("暂列"), _("不适用")
        self.none, self.unfinished = Cell(self.absent, WORDS), Cell(_("未评完"), WORDS)

    @property
    def _columns(self) -> list[tuple[str, float]]:
        """Heads and widths, in order."""
        rank = _("组内名次") if self.in_league else _("名次")
        fixed = [
            (rank, 8), (_("项目编码"), 12), (_("项目"), 26), (_("区域"), 12), (_("综合得分"), 12),
            (_("等级"), 10), *((_head(column), 22) for column in self.page.columns),
            (_("自查综合得分"), 16), (_("较自查"), 10),
        ]  # fmt: skip
        last = [(_("上次综合得分"), 16), (_("较上次"), 10)] if self.has_last else []
        about = [(_("项目经理"), 16), (_("类型"), 18), (_("面积（平方米）"), 16)]
        overall = [(_("总名次"), 8)] if self.in_league else []
        return [*fixed, *last, *about, *overall, *([(_("备注"), 16)] if self.has_remarks else [])]

    @property
    def heads(self) -> list[str | Cell]:
        texts = {
            _("项目编码"),
            _("项目"),
            _("区域"),
            _("等级"),
            _("项目经理"),
            _("类型"),
            _("备注"),
        }
        heads = [head for head, _width in self._columns]
        return [head if head in texts else Cell(head, OVER_FIGURES) for head in heads]

    @property
    def widths(self) -> list[float]:
        return [width for _head, width in self._columns]

    def values(self, row: Row) -> list:
        last = [row.last, Cell(row.against_last, CHANGE)] if self.has_last else []
        overall = [row.overall] if self.in_league else []
        return [
            Cell(row.rank, PLACE), row.code, row.name, row.region, row.composite, self._band(row),
            *(self._score(row, column) for column in self.page.columns),
            row.own, Cell(row.against_own, CHANGE), *last, self.managers.get(row.project, ""),
            kind_word(row.kind, self.language), Cell(row.area, AREA), *overall,
            *([self.remark] if row.shows_cap else []),
        ]  # fmt: skip

    def _band(self, row: Row) -> str:
        if row.is_final:
            reached = self.page.banding.of(row.composite, row.capped)
            return reached.name if reached else ""
        return self.provisional if row.provisional else self.absent

    def _score(self, row: Row, column: Column):
        if column.code not in row.scores:
            return self.unfinished
        figure = row.scores[column.code]
        return self.none if figure is None else Decimal(figure)

    @property
    def charted(self) -> Charted:
        final = [row for row in self.rows if row.is_final]
        bands = [self._band(row) for row in self.rows]
        names = [*self.bands.values(), self.provisional]
        figures = [
            [Decimal(figure) for row in self.rows if (figure := row.scores.get(column.code))]
            for column in self.page.columns
        ]
        return Charted(
            sheet=_("项目排名"),
            first=HEAD + 1,
            last=HEAD + len(self.rows),
            bands=[(name, bands.count(name)) for name in names],
            points=[int(row.composite) for row in final],
            rubrics=[
                (column.name, sum(some) / len(some) if some else None)
                for column, some in zip(self.page.columns, figures, strict=True)
            ],
        )


def _head(column: Column) -> str:
    head = f"{column.name} {column.percent}"
    return _("%(head)s（样例）") % {"head": head} if column.is_sample else head
