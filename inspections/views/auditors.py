"""How severe auditors are beside each other; the same in Excel."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404
from inspections.auditor.auditors_page import ENOUGH, WIDE, AuditorsPage
from organization.downloads import download
from organization.errors import require
from organization.replica import may_lag
from scoring.exports import XLSX


@may_lag
@require_safe
def auditors(request, campaign):
    held = seen_campaign(request, campaign)
    context = {"campaign": held, "auditors": AuditorsPage(held, request.GET)}
    context |= {"enough": ENOUGH, "wide": WIDE, "lenient": -WIDE, "at": timezone.now()}
    return render(request, "inspections/auditors.html", context)


@may_lag
@require_safe
def excel(request, campaign):
    held = seen_campaign(request, campaign)
    return download(AuditorsPage(held, request.GET).workbook(), f"auditors-{held.code}.xlsx", XLSX)


def seen_campaign(request, code):
    held = campaign_or_404(request, code)
    require(request.user, "inspections.compare_auditors", held)
    return held
