"""The settlement's list as a PDF to sign."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from campaign.history import head_of
from organization.errors import Refused
from organization.pdf import pdf_of
from organization.qr import qr_svg
from rewards.models import Settlement
from rewards.snapshots import address_of
from rewards.summary import adjustments_of, awards_page, by_role, note_of, totals

MOST = 8000  # lines: half a minute of work, and a gigabyte


def settlement_pdf(settlement: Settlement, *, at: datetime) -> bytes:
    """The list as a PDF to sign.

    Raises Refused where it has more lines than are drawn ("long"), and where this machine lacks
    the system library that draws PDF (Pango); everything else goes on working.
    """
    awards = [(award, note_of(award)) for award in awards_page(settlement, "all")]
    if len(awards) > MOST:
        said = _("名单一共 %(rows)d 行，PDF 最多 %(most)d 行，请导出 Excel。")
        raise Refused(said % {"rows": len(awards), "most": MOST}, code="long")
    html = render_to_string(
        "rewards/settlement_document.html",
        {
            "settlement": settlement,
            "campaign": settlement.campaign,
            "at": at,
            "code": code_of(settlement),
            "head": head_of(settlement.campaign),
            "totals": totals(settlement),
            "rows": by_role(settlement),
            "awards": awards,
            "adjustments": adjustments_of(settlement).standing(),
            "bands": {band.code: band.name for band in settlement.campaign.bands.all()},
        },
    )
    missing = _("这台服务器缺少生成 PDF 的系统组件（Pango），请先导出 Excel，或在浏览器里打印。")
    return pdf_of(html, styles=["css/document.css"], missing=missing)


def code_of(settlement: Settlement) -> str:
    return qr_svg(address_of(settlement.fingerprint)) if settlement.fingerprint else ""
