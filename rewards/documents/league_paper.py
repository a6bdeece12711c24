"""The league table to hang on a wall: A3 across, exactly the rows that the page's filters leave."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from campaign.history import head_of
from organization.errors import Refused
from organization.pdf import pdf_of
from rewards.documents.prints import print_of
from scoring import standings
from scoring.league_page import LeaguePage

MOST = 1000  # rows: about 25 sheets of paper, and half a minute of work


def league_pdf(page: LeaguePage, *, at: datetime) -> bytes:
    """The table as PDF.

    Raises Refused for more than 1,000 projects (`too_many`: filter, or take the Excel), and where
    the machine lacks what draws PDF (`no_pdf`).
    """
    if page.shown.of(page.ask.band) > MOST:
        said = _("超过 %(most)d 个项目，请先按区域或等级筛选，或导出 Excel。") % {"most": MOST}
        raise Refused(said, code="too_many")
    rows = standings.whole_league(page.campaign, page.banding, page.ask)
    context = {
        "campaign": page.campaign,
        "league": page,
        "columns": page.columns,
        "rows": [(row, band_of(row, page), scores_of(row, page)) for row in rows],
        "print": print_of(page.campaign),
        "head": head_of(page.campaign),
        "at": at,
    }
    return pdf_of(
        render_to_string("rewards/league_document.html", context),
        styles=["css/document.css", "css/paper-a3.css"],
        missing=_("这台服务器缺少生成 PDF 的系统组件（Pango），请先导出 Excel，或在浏览器里打印。"),
    )


def band_of(row, page: LeaguePage) -> str:
    if not row.is_final:
        return _("暂列") if row.provisional else _("不适用")
    return page.banding.of(row.composite, row.capped).name


def scores_of(row, page: LeaguePage) -> list[str]:
    """Each rubric's score; unfinished and not applicable in words."""
    none, unfinished = _("不适用"), _("未评完")
    codes = [column.code for column in page.columns]
    return [(row.scores[code] or none) if code in row.scores else unfinished for code in codes]
