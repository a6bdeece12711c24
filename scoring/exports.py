"""The league table as an Excel file, exactly as it is filtered and sorted on the page."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from organization.list_book import ListBook, Look
from organization.states import CAPPED
from scoring import standings
from scoring.league_page import Column, LeaguePage
from scoring.standings import Row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (8, 12, 26, 12, 12, 10)
SCORE_WIDTH = 16
BOLD, POINTS = Look(bold=True), Look(points="0.00")


def league_workbook(page: LeaguePage, *, at: datetime) -> bytes:
    """One sheet: title and moment, one row a project, figures as numbers."""
    rows = standings.whole_league(page.campaign, page.banding, page.ask)
    # a column that is empty for everyone says nothing
    has_remarks = any(row.shows_cap for row in rows)
    heads = _heads(page.columns, has_remarks)
    widths = [*WIDTHS, *(SCORE_WIDTH for _each in heads[len(WIDTHS) :])]
    book = ListBook(_("项目排名"), widths, freeze="D4")
    book.append([_("%(campaign)s项目排名") % {"campaign": page.campaign}], BOLD)
    moment = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    book.append([_("截至 %(moment)s · %(rule)s") % {"moment": moment, "rule": page.banding.rule}])
    book.append(heads, BOLD)
    for row in rows:
        remark = [str(CAPPED.word)] if row.shows_cap else []
        book.append([*_values(row, page), *remark], POINTS)
    return book.data()


def _heads(columns: list[Column], has_remarks: bool) -> list[str]:
    fixed = [_("名次"), _("项目编码"), _("项目"), _("区域"), _("综合得分"), _("等级")]
    remarks = [_("备注")] if has_remarks else []
    return [*fixed, *(_column_head(column) for column in columns), *remarks]


def _column_head(column: Column) -> str:
    head = f"{column.name} {column.percent}"
    return _("%(head)s（样例）") % {"head": head} if column.is_sample else head


def _values(row: Row, page: LeaguePage) -> list:
    band = page.banding.of(row.composite, row.capped) if row.is_final else None
    return [
        row.rank, row.code, row.name, row.region, row.composite,
        band.name if band else _("暂列") if row.provisional else _("不适用"),
        *(_score(row, column) for column in page.columns),
    ]  # fmt: skip


def _score(row: Row, column: Column):
    if column.code not in row.scores:
        return _("未评完")
    figure = row.scores[column.code]
    return _("不适用") if figure is None else Decimal(figure)
