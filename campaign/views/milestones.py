"""One milestone: who has done it, who is late, who is still to come."""

from functools import partial

from django.db.models import Count, Max, Min, QuerySet
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from campaign.coverage import coverages
from campaign.models import Campaign, Milestone, Obligation
from campaign.obligations import Tally, tallies, tally_of
from campaign.views.bulk import decided
from campaign.words import Scope
from organization.errors import require
from organization.narrow_pages import NarrowPaginator
from organization.prepared import prepared

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
    found = next(iter(called(campaign=campaign.pk, code=code)), None)
    if found is None:
        raise Http404
    if request.method != "POST":
        return show(request, campaign, found, at)
    require(request.user, "campaign.accept_some", found)
    answer = decided(request, found.obligations.visible_to(request.user), at)
    if answer.status == 302:
        return redirect(request.get_full_path())
    return show(request, campaign, found, at, status=answer.status, bulk=answer)


def show(request, campaign, found, at, *, status=200, bulk=None):
    """The list as it stands; `bulk` is what was ticked and typed, and what was refused."""
    shown = request.GET.get("state", "")
    if request.user.sees_company and shown not in SHOWN:
        pages = paginator_of_all(found)
        tally = tally_of(found, pages.count, at=at)
    else:
        visible = found.obligations.visible_to(request.user)
        pages = paginator_of(found, SHOWN[shown](visible, at) if shown in SHOWN else visible)
        # named by the campaign too, as the indexes have them that they are counted from
        counted = campaign.obligations.filter(milestone=found).visible_to(request.user)
        tally = tallies(counted, at=at).get(found.pk, Tally())
    page = pages.get_page(request.GET.get("page"))
    for row in page:
        row.campaign, row.milestone = campaign, found
    covered = coverages(page)
    for row in page:
        row.now, row.coverage = row.state(at=at), covered.get(row.pk)
    context = {
        "campaign": campaign,
        "milestone": found,
        "tally": tally,
        "shown": shown,
        "page": page,
        "bulk": bulk,
    }
    return render(request, "campaign/milestone.html", context, status=status)


def by_code(*, campaign, code) -> QuerySet[Milestone]:
    return Milestone.objects.filter(campaign__pk=campaign, code=code).select_related("phase")


called = prepared(
    by_code, {"campaign": Campaign._meta.pk, "code": Milestone._meta.get_field("code")}
)


# --- pages ---------------------------------------------------------------------------------


def paginator_of(milestone, rows) -> NarrowPaginator:
    """The pages of these of a milestone's obligations."""
    about = rows.order_by().aggregate(**NUMBERS)
    return pages_of(milestone, rows, **about)


def paginator_of_all(milestone) -> NarrowPaginator:
    """The pages of all of a milestone's obligations: what is asked first, put into SQL once."""
    none = dict.fromkeys(NUMBERS)
    found = next(iter(numbers_of(milestone=milestone.pk)), None)
    about = dict(zip(NUMBERS, found, strict=True)) if found else none | {"number": 0}
    is_one_day = about["first"] == about["last"]
    known = {"milestone": milestone.pk, "scope": milestone.scope, "is_one_day": is_one_day}
    opening = partial(opening_of, **known)
    return pages_of(milestone, milestone.obligations.all(), opening=opening, **about)


def pages_of(milestone, rows, *, number, first, last, opening=None) -> NarrowPaginator:
    rows = in_order(rows, milestone.scope, is_one_day=first == last)
    paginator = NarrowPaginator(rows, PAGE_SIZE, opening=opening)
    paginator.count = number
    return paginator


def in_order(rows, scope: str, *, is_one_day: bool):
    """As they are mostly in order. Where all projects of a milestone have the same day, a database
    can walk along their codes and stop at a page's end.
    """
    rows = rows.select_related("project", "specialty")
    if scope != Scope.PROJECT:
        return rows
    day = [] if is_one_day else ["due"]
    return rows.filter(project__code__isnull=False).order_by(*day, "project__code")


def first_page(*, milestone, scope: str, is_one_day: bool) -> QuerySet[Obligation]:
    """Put in order by keys alone, as `NarrowPaginator` does."""
    every = in_order(
        Obligation.objects.filter(milestone__pk=milestone), scope, is_one_day=is_one_day
    )
    keys = every.values("pk")[:PAGE_SIZE]
    return in_order(Obligation.objects.filter(pk__in=keys), scope, is_one_day=is_one_day)


def counted(*, milestone) -> QuerySet[Obligation]:
    rows = Obligation.objects.filter(milestone__pk=milestone).order_by()
    return rows.values("milestone").annotate(**NUMBERS).values_list(*NUMBERS)


NUMBERS = {"number": Count("*"), "first": Min("due"), "last": Max("due")}
OF_MILESTONE = {"milestone": Milestone._meta.pk}
numbers_of, opening_of = prepared(counted, OF_MILESTONE), prepared(first_page, OF_MILESTONE)
