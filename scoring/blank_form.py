"""A rubric as a form to print and fill in by hand, with the way back to its sheet as a QR code."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from campaign.models import Campaign
from organization.models import Project
from organization.pdf import pdf_of
from organization.qr import qr_svg
from scoring.models import Item, Rubric

PDF = "application/pdf"
STYLES = ("css/document.css", "css/blank-form.css")


def blank_form(
    rubric: Rubric, *, address: str, campaign: Campaign, project: Project | None = None
) -> bytes:
    """The form as a PDF, A4 across, with empty columns for score and remarks.

    `address` is where the code leads, a whole URL: the project's sheet, or the list of sheets.
    Raises Refused where this machine lacks the system library that draws PDF (Pango).
    """
    html = render_to_string(
        "scoring/blank_form.html",
        {
            "rubric": rubric,
            "campaign": campaign,
            "project": project,
            "address": address,
            "code": qr_svg(address),
            "sections": sections_of(rubric),
            "total": sum(item.points or 0 for item in rubric.items.all()),
        },
    )
    missing = _("这台服务器缺少生成 PDF 的系统组件（Pango），请下载 Excel 打印。")
    return pdf_of(html, styles=STYLES, missing=missing)


def sections_of(rubric: Rubric) -> list[tuple[str, list[Item]]]:
    found = rubric.sections.prefetch_related("items__requirements", "items__rules")
    return [(section.name, list(section.items.all())) for section in found.order_by("order", "pk")]
