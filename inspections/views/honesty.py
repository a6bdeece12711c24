"""What projects said of themselves beside what the inspection found; the same in Excel."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404
from inspections.self_check.honesty_page import HonestyPage
from organization.downloads import download
from organization.replica import may_lag
from scoring.exports import XLSX


@may_lag
@require_safe
def honesty(request, campaign):
    held = campaign_or_404(request, campaign)
    page = HonestyPage(held, request.user, request.GET)
    context = {"campaign": held, "honesty": page, "at": timezone.now()}
    return render(request, "inspections/honesty.html", context)


@may_lag
@require_safe
def excel(request, campaign):
    held = campaign_or_404(request, campaign)
    book = HonestyPage(held, request.user, request.GET).workbook()
    return download(book, f"self-check-{held.code}.xlsx", XLSX)
