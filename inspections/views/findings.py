"""The list of findings: chips and filters stand in the address."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404
from inspections.finding_list import FindingList
from organization.models import Specialty


@require_safe
def findings(request, campaign):
    held = campaign_or_404(request, campaign)
    found = FindingList(held, request.user, timezone.now(), request.GET)
    context = {
        "campaign": held,
        "found": found,
        "page": found.page(request.GET.get("page")),
        "specialties": Specialty.objects.all(),
    }
    return render(request, "inspections/findings.html", context)
