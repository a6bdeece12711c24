"""One milestone: who has done it, who is late, who is still to come."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404
from campaign.obligations import Tally, tallies

PAGE_SIZE = 50
# What the chips show, in their order: the word in the address and how it narrows the list.
SHOWN = {
    "late": lambda owed, at: owed.overdue(at=at),
    "waiting": lambda owed, at: owed.waiting_review(),
    "returned": lambda owed, at: owed.returned(),
    "open": lambda owed, at: owed.not_yet_due(at=at),
    "done": lambda owed, at: owed.accepted(),
}


@require_safe
def milestone(request, campaign, code):
    campaign, at = campaign_or_404(request, campaign), timezone.now()
    found = get_object_or_404(campaign.milestones.select_related("phase"), code=code)
    visible = found.obligations.visible_to(request.user)
    shown = request.GET.get("state", "")
    rows = SHOWN[shown](visible, at) if shown in SHOWN else visible
    page = Paginator(rows.with_all(), PAGE_SIZE).get_page(request.GET.get("page"))
    for row in page:
        row.now = row.state(at=at)
    context = {
        "campaign": campaign,
        "milestone": found,
        "tally": tallies(visible, at=at).get(found.pk, Tally()),
        "shown": shown,
        "page": page,
    }
    return render(request, "campaign/milestone.html", context)
