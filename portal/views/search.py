"""Search within a campaign, from the side of every page."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404
from organization.replica import may_lag
from portal.search import LONGEST, Kind, search

PREVIEW, PAGE_SIZE = 8, 50


@may_lag
@require_safe
def page(request, campaign):
    campaign, at = campaign_or_404(request, campaign), timezone.now()
    text = request.GET.get("q", "").strip()[:LONGEST]
    kinds = search(text, campaign=campaign, reader=request.user, at=at) if text else []
    counts = {kind.code: kind.found.count() for kind in kinds}
    chosen = [kind for kind in kinds if kind.code == request.GET.get("kind")]
    context = {
        "campaign": campaign,
        "text": text,
        "longest": LONGEST,
        "total": sum(counts.values()),
        "chips": [(kind, counts[kind.code]) for kind in kinds if counts[kind.code]],
        "shown": chosen[0].code if chosen else "",
        "parts": [
            part(kind, counts[kind.code], request.GET.get("page"), is_alone=bool(chosen))
            for kind in chosen or kinds
            if counts[kind.code]
        ],
    }
    return render(request, "portal/search.html", context)


def part(kind: Kind, count: int, number: str | None, *, is_alone: bool) -> dict:
    """A kind's first hits, or one page of them where it is the only one shown."""
    size = PAGE_SIZE if is_alone else PREVIEW
    shown = Paginator(kind.found, size).get_page(number if is_alone else 1)
    return {"kind": kind, "count": count, "page": shown, "hits": [kind.hit(each) for each in shown]}
