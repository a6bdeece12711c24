"""A rubric as a file: the company's Excel form, and the blank form to print."""

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from organization.downloads import download
from organization.errors import Refused
from organization.replica import may_lag
from scoring.blank_form import PDF, blank_form
from scoring.company_form import company_form
from scoring.exports import XLSX
from scoring.views.rubrics import rubric_or_404, show_rubric


@may_lag
@require_safe
def excel(request, campaign, pk):
    rubric = rubric_or_404(request, campaign, pk)
    return download(company_form(rubric), f"{rubric.name_zh_hans} v{rubric.version}.xlsx", XLSX)


@require_safe
def blank(request, campaign, pk):
    """To print before it is known where: the code leads to the specialty's sheets."""
    rubric = rubric_or_404(request, campaign, pk)
    query = urlencode({"specialty": rubric.specialty.code})
    address = f"{reverse('sheets', args=[campaign])}?{query}"
    try:
        data = blank_form(rubric, address=settings.SITE_URL + address, campaign=request.campaign)
    except Refused as refusal:
        return show_rubric(request, rubric, problem=str(refusal), status=503)
    return download(data, f"{rubric.name_zh_hans} v{rubric.version}.pdf", PDF, inline=True)
