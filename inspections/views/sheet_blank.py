"""One sheet as a blank form to print: its project's name, and the way back to it as a QR code."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from inspections.views.sheets import sheet_or_404
from organization.downloads import download
from organization.errors import Refused
from scoring.blank_form import PDF, blank_form


@require_safe
def blank(request, campaign, pk):
    sheet = sheet_or_404(request, campaign, pk)
    try:
        data = blank_form(
            sheet.rubric, address=settings.SITE_URL + sheet.get_absolute_url(),
            campaign=sheet.campaign, project=sheet.project,
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(sheet)
    return download(data, f"{sheet.project} {sheet.specialty}.pdf", PDF, inline=True)
