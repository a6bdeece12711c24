"""One milestone: who has done it, who is late, who is still to come."""

from django.db.models import Count, Max, Min
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from campaign.coverage import coverages
from campaign.obligations import Tally, tallies
from campaign.views.bulk import decided
from campaign.words import Scope
from organization.errors import require
from organization.narrow_pages import NarrowPaginator

PAGE_SIZE = 25
# What the chips show, in their order: the word in the address and how it narrows the list.
SHOWN = {
    "late": lambda owed, at: owed.overdue(at=at),
    "waiting": lambda owed, at: owed.waiting_review(),
    "returned": lambda owed, at: owed.returned(),
    "open": lambda owed, at: owed.not_yet_due(at=at),
    "done": lambda owed, at: owed.accepted(),
}


@require_http_methods(["GET", "HEAD", "POST"])
def milestone(request, campaign, code):
    campaign, at = campaign_or_404(request, campaign), timezone.now()
    found = get_object_or_404(campaign.milestones.select_related("phase"), code=code)
    if request.method != "POST":
        return show(request, campaign, found, at)
    require(request.user, "campaign.accept_some", found)
    answer = decided(request, found.obligations.visible_to(request.user), at)
    if answer.status == 302:
        return redirect(request.get_full_path())
    return show(request, campaign, found, at, status=answer.status, bulk=answer)


def show(request, campaign, found, at, *, status=200, bulk=None):
    """The list as it stands; `bulk` is what was ticked and typed, and what was refused."""
    visible = found.obligations.visible_to(request.user)
    # named by the campaign too, as the indexes have them that they are counted from
    counted = campaign.obligations.filter(milestone=found).visible_to(request.user)
    shown = request.GET.get("state", "")
    rows = SHOWN[shown](visible, at) if shown in SHOWN else visible
    related = rows.select_related("project", "specialty")
    page = paginator_of(found, related).get_page(request.GET.get("page"))
    for row in page:
        row.campaign, row.milestone = campaign, found
    covered = coverages(page)
    for row in page:
        row.now, row.coverage = row.state(at=at), covered.get(row.pk)
    context = {
        "campaign": campaign,
        "milestone": found,
        "tally": tallies(counted, at=at).get(found.pk, Tally()),
        "shown": shown,
        "page": page,
        "bulk": bulk,
    }
    return render(request, "campaign/milestone.html", context, status=status)


def paginator_of(milestone, rows) -> NarrowPaginator:
    """The pages of a milestone's obligations, as they are mostly in order. Where all of its
    projects have the same day, a database can walk along their codes and stop at a page's end.
    """
    about = rows.order_by().aggregate(rows=Count("*"), first=Min("due"), last=Max("due"))
    if milestone.scope == Scope.PROJECT:
        of_projects = rows.filter(project__code__isnull=False)
        day = [] if about["first"] == about["last"] else ["due"]
        rows = of_projects.order_by(*day, "project__code")
    paginator = NarrowPaginator(rows, PAGE_SIZE)
    paginator.count = about["rows"]
    return paginator
