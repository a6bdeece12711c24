"""The league table, a row's rubrics, the distribution behind the chart, the table in Excel."""

from django.http import HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404
from organization.downloads import download
from organization.errors import require
from organization.models import ProjectKind
from organization.replica import may_lag
from scoring import standings
from scoring.bands import Banding
from scoring.breakdown import Breakdown
from scoring.exports import XLSX, league_workbook
from scoring.league_ask import Ask, known
from scoring.league_board import board_of, mark_of
from scoring.league_page import STRIP_LIMIT, LeaguePage
from scoring.models import Standing


@may_lag
@require_safe
def league(request, campaign):
    held = seen_campaign(request, campaign)
    shown = LeaguePage(held, request.GET)
    context = {"campaign": held, "league": shown, "at": timezone.now()}
    return render(request, "scoring/league.html", context)


def seen_campaign(request, code):
    campaign = campaign_or_404(request, code)
    require(request.user, "scoring.see_league", campaign)
    return campaign


@may_lag
@require_safe
def live(request, campaign):
    """The parts of the page that change while sheets come in; 304 for who has them already."""
    held = seen_campaign(request, campaign)
    if mark_of(held) in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified()
    shown = LeaguePage(held, request.GET)
    context = {"campaign": held, "league": shown, "at": timezone.now()}
    answer = render(request, "scoring/_league_live.html", context)
    answer.headers["ETag"] = f'"{shown.mark}"'
    return answer


@may_lag
@require_safe
def row(request, campaign, project):
    """What opens under a row: a part of the league page, fetched when it is asked for."""
    held = seen_campaign(request, campaign)
    standing = get_object_or_404(
        Standing.objects.select_related("project"), campaign=held, project__code=project
    )
    context = {"campaign": held, "standing": standing, "breakdown": Breakdown(standing)}
    return render(request, "scoring/_league_row.html", context)


@may_lag
@require_safe
def distribution(request, campaign):
    """The figures behind the chart, as a table: every project of the league that the address
    names (`?kind=`), or how many at each point.
    """
    held = seen_campaign(request, campaign)
    banding = Banding(held)
    league = Ask(kind=known(request.GET.get("kind"), ProjectKind.values))
    context = {"campaign": held, "banding": banding}
    if league.league_of(Standing.objects.filter(campaign=held)).count() <= STRIP_LIMIT:
        context["rows"] = [
            (row, banding.of(row.composite, row.capped) if row.is_final else None)
            for row in standings.whole_league(held, banding, league)
        ]
    else:
        context["bins"] = board_of(held, kind=league.kind).histogram
    return render(request, "scoring/_league_distribution.html", context)


@may_lag
@require_safe
def excel(request, campaign):
    """Exactly the rows that the page's filters leave, in the page's order."""
    held = seen_campaign(request, campaign)
    book = league_workbook(LeaguePage(held, request.GET), at=timezone.now())
    return download(book, f"league-{held.code}.xlsx", XLSX)
