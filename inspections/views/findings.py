"""The list of findings, as a table, a board or a workbook: what is asked stands in the address."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404
from inspections.finding.finding_board import Board
from inspections.finding.finding_file import findings_workbook
from inspections.finding.finding_list import FindingList
from organization.clock import local_day
from organization.downloads import download
from organization.replica import may_lag

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@may_lag
@require_safe
def findings(request, campaign):
    held = campaign_or_404(request, campaign)
    found = FindingList(held, request.user, timezone.now(), request.GET)
    context = {"campaign": held, "found": found}
    if found.asked.is_board:
        context["board"] = Board(found)
    else:
        context["page"] = found.page(request.GET.get("page"))
    return render(request, "inspections/findings.html", context)


@may_lag
@require_safe
def findings_excel(request, campaign):
    """Exactly what the list shows, all pages of it, in its order."""
    held, at = campaign_or_404(request, campaign), timezone.now()
    found = FindingList(held, request.user, at, request.GET)
    data = findings_workbook(found.ordered, at=at, site=request.build_absolute_uri("/")[:-1])
    name = _("问题清单 %(day)s") % {"day": local_day(at).isoformat()}
    return download(data, f"{name}.xlsx", XLSX)
