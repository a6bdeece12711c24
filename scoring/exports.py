"""The league table as an Excel file, exactly as it is filtered and sorted on the page."""

import io
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from organization.states import CAPPED
from scoring import standings
from scoring.league_page import Column, LeaguePage
from scoring.standings import Row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@")
WIDTHS = (8, 12, 26, 12, 12, 10)
SCORE_WIDTH = 16
BOLD = Font(bold=True)


def league_workbook(page: LeaguePage, *, at: datetime) -> bytes:
    """One sheet: title and moment, one row a project, figures as numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("项目排名"))
    rows = standings.whole_league(page.campaign, page.banding, page.ask)
    # a column that is empty for everyone says nothing
    has_remarks = any(row.shows_cap for row in rows)
    heads = _heads(page.columns, has_remarks)
    for number in range(1, len(heads) + 1):
        width = WIDTHS[number - 1] if number <= len(WIDTHS) else SCORE_WIDTH
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "D4"
    writer = _Writer(sheet)
    writer.row([_("%(campaign)s项目排名") % {"campaign": page.campaign}], font=BOLD)
    moment = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    writer.row([_("截至 %(moment)s · %(rule)s") % {"moment": moment, "rule": page.banding.rule}])
    writer.row(heads, font=BOLD)
    for row in rows:
        writer.row([*_values(row, page), *([str(CAPPED.word)] if row.shows_cap else [])])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


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


class _Writer:
    """Writes rows whose words stay words: a name that begins with = + - @ is no formula."""

    def __init__(self, sheet):
        self.sheet = sheet

    def row(self, values, font=None):
        self.sheet.append([self._cell(value, font) for value in values])

    def _cell(self, value, font):
        if isinstance(value, str):
            return self._word(value, font)
        if isinstance(value, Decimal):
            cell = WriteOnlyCell(self.sheet, value=value)
            cell.number_format = "0.00"
            return cell
        return value

    def _word(self, value: str, font):
        risky = value.startswith(FORMULA_STARTS)
        if not risky and font is None:
            return value
        cell = WriteOnlyCell(self.sheet, value=value)
        if risky:
            cell.data_type, cell.quotePrefix = "s", True
        if font:
            cell.font = font
        return cell
