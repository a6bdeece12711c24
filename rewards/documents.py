"""The settlement as documents: an Excel list for finance, a PDF to sign."""

import io
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from organization.pdf import pdf_of
from organization.qr import qr_png, qr_svg
from rewards.models import Settlement
from rewards.snapshots import address_of
from rewards.summary import adjustments_of, awards_page, by_role, totals

MONEY = "+¥#,##0.00;[Black]-¥#,##0.00;¥0"
CODE_SIZE = 110  # pixels
WIDTHS = (12, 20, 12, 16, 10, 12, 14, 24, 16)
THIN = Side(style="thin", color="C9D1DC")


def settlement_workbook(settlement: Settlement, *, at: datetime) -> bytes:
    """One sheet: title, the list with amounts as numbers, a live total, places to sign."""
    book = Workbook()
    sheet = book.active
    sheet.title = _("奖惩结算表")
    header(sheet, settlement, at)
    columns = (
        _("项目编码"),
        _("项目"),
        _("姓名"),
        _("岗位"),
        _("等级"),
        _("综合得分"),
        _("金额（元）"),
        _("说明"),
        _("签字"),
    )
    write_row(sheet, 4, columns, bold=True)
    bands = {band.code: band.name for band in settlement.campaign.bands.all()}
    row = 4
    for row, award in enumerate(awards_page(settlement, "all"), 5):
        write_row(sheet, row, award_cells(award, bands))
        sheet.cell(row, 6).number_format = "0.00"
        sheet.cell(row, 7).number_format = MONEY
    for adjustment in adjustments_of(settlement).standing():
        row += 1
        write_row(sheet, row, adjustment_cells(adjustment))
        sheet.cell(row, 7).number_format = MONEY
    footer(sheet, row + 1)
    if settlement.fingerprint:
        add_code(sheet, settlement, row + 5)
    for column, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A5"
    sheet.print_title_rows = "4:4"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def header(sheet, settlement: Settlement, at: datetime) -> None:
    sheet.merge_cells("A1:I1")
    text(sheet.cell(1, 1), _("%(campaign)s奖惩结算表") % {"campaign": settlement.campaign})
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.merge_cells("A2:I2")
    text(
        sheet.cell(2, 1),
        _("%(state)s · 制表 %(moment)s · 指纹 %(print)s")
        % {
            "state": settlement.state(),
            "moment": f"{timezone.localtime(at):%Y-%m-%d %H:%M}",
            "print": settlement.fingerprint or "—",
        },
    )
    sheet["A2"].alignment = Alignment(horizontal="center")


def award_cells(award, bands: dict[str, str]) -> tuple:
    others = _("另任%(roles)s，取最高") % {"roles": _("、").join(award.other_role_words)}
    return (
        award.project.code,
        award.project.name,
        award.person.name if award.person else _("%(project)s团队") % {"project": award.project},
        str(award.get_role_display()),
        bands.get(award.band, award.band),
        award.composite,
        award.amount,
        others if award.other_roles else "",
        "",
    )


def adjustment_cells(adjustment) -> tuple:
    """A line that somebody added: no band and no score stand behind it, but a reason."""
    project, person = adjustment.project, adjustment.person
    return (
        project.code,
        project.name,
        person.name if person else _("%(project)s团队") % {"project": project},
        _("人工调整"),
        "",
        "",
        adjustment.amount,
        adjustment.reason,
        "",
    )


def write_row(sheet, row: int, values, *, bold: bool = False) -> None:
    for column, value in enumerate(values, 1):
        cell = sheet.cell(row, column)
        cell.border = Border(bottom=THIN)
        if isinstance(value, str):
            text(cell, value)
        else:
            cell.value = value
        if bold:
            cell.font = Font(bold=True)


def text(cell, value: str) -> None:
    """Words stay words: a name that begins with = + - @ must not become a formula."""
    cell.value = value
    cell.data_type = "s"
    cell.quotePrefix = value[:1] in "=+-@"


def footer(sheet, row: int) -> None:
    text(sheet.cell(row, 1), _("合计"))
    last = row - 1
    sheet.cell(row, 7).value = f"=SUM(G5:G{last})" if last >= 5 else 0
    sheet.cell(row, 7).number_format = MONEY
    for column in (1, 7):
        sheet.cell(row, column).font = Font(bold=True)
    for column, word in ((1, _("制表")), (4, _("管理中心负责人")), (7, _("总经理"))):
        text(sheet.cell(row + 2, column), word + _("："))


def add_code(sheet, settlement: Settlement, row: int) -> None:
    """The way back to the record: whoever scans it sees whether the fingerprint is on it."""
    picture = Image(io.BytesIO(qr_png(address_of(settlement.fingerprint))))
    picture.width = picture.height = CODE_SIZE
    sheet.add_image(picture, f"A{row}")
    text(sheet.cell(row, 3), _("扫码核对指纹"))
    text(sheet.cell(row + 1, 3), settlement.fingerprint)


def settlement_pdf(settlement: Settlement, *, at: datetime) -> bytes:
    """The list as a PDF to sign.

    Raises Refused where this machine lacks the system library that draws PDF (Pango); everything
    else goes on working.
    """
    html = render_to_string(
        "rewards/settlement_document.html",
        {
            "settlement": settlement,
            "campaign": settlement.campaign,
            "at": at,
            "code": code_of(settlement),
            "totals": totals(settlement),
            "rows": by_role(settlement),
            "awards": awards_page(settlement, "all"),
            "adjustments": adjustments_of(settlement).standing(),
            "bands": {band.code: band.name for band in settlement.campaign.bands.all()},
        },
    )
    missing = _("这台服务器缺少生成 PDF 的系统组件（Pango），请先导出 Excel，或在浏览器里打印。")
    return pdf_of(html, styles=["css/document.css"], missing=missing)


def code_of(settlement: Settlement) -> str:
    return qr_svg(address_of(settlement.fingerprint)) if settlement.fingerprint else ""
