"""Calendars: what calendar programs read without a session, and the page where one gets them."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.feeds.addresses import address_of, feed_at
from campaign.feeds.opening import make_feed, renew_feed, revoke_feed
from campaign.feeds.reading import name_of, read_feed
from campaign.models import CalendarFeed, Participation
from organization.errors import Refused
from organization.models import Project, User
from organization.numbers import whole
from organization.project_choice import ProjectChoice


@login_not_required
@require_safe
def calendar(request, token):
    """The calendar itself; whatever is wrong with an address, there is nothing at it."""
    feed = feed_at(token)
    if feed is None:
        raise Http404
    reading = read_feed(feed, at=timezone.now())
    changed_at = int(reading.changed_at.timestamp())
    response = HttpResponse(
        reading.ics,
        content_type="text/calendar; charset=utf-8",
        headers={
            "ETag": reading.etag,
            "Last-Modified": http_date(changed_at),
            "Cache-Control": "private, no-cache",
            "Content-Disposition": 'inline; filename="pinzhi.ics"',
            "Content-Language": reading.language,
            "X-Robots-Tag": "noindex",
        },
    )
    return get_conditional_response(
        request, etag=reading.etag, last_modified=changed_at, response=response
    )


@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request):
    """One's calendars; `do` is what a button asks for: make, renew or revoke."""
    if request.method == "POST":
        return act(request)
    return render(request, "campaign/my_calendar.html", {"screen": Screen(request.user)})


def act(request):
    move = MOVES.get(request.POST.get("do", ""))
    try:
        if move:
            messages.success(request, move(request, timezone.now()))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("my_calendar")


def make(request, at) -> str:
    project = None
    if "project" in request.POST:
        project = project_or_404(request)
    make_feed(person=request.user, project=project, by=request.user, at=at)
    return _("地址已生成，把它添加到您的日历里。")


def project_or_404(request) -> Project:
    """The one that was chosen or, where there are many, named."""
    choice = ProjectChoice(Project.objects.visible_to(request.user), request.POST["project"])
    if choice.is_part:
        raise Refused(choice.objection, code="project")
    if choice.chosen is None:
        raise Http404
    return choice.chosen


def renew(request, at) -> str:
    renew_feed(feed=mine_or_404(request), by=request.user, at=at)
    return _("已换成新地址，旧地址已失效。请在日历里换成新的。")


def revoke(request, at) -> str:
    revoke_feed(feed=mine_or_404(request), by=request.user, at=at)
    return _("地址已停用，日历不会再更新。")


def mine_or_404(request) -> CalendarFeed:
    pk = whole(request.POST.get("feed", ""))
    return get_object_or_404(request.user.calendar_feeds.all(), pk=pk)


MOVES = {"make": make, "renew": renew, "revoke": revoke}


@dataclass(frozen=True)
class Shown:
    """One calendar of the reader's, or one that they may have."""

    feed: CalendarFeed
    name: str
    address: str

    @property
    def webcal(self) -> str:
        """What phones and Outlook open by themselves."""
        return "webcal:" + self.address.partition(":")[2]


class Screen:
    """The reader's own calendar, those of their projects, and which more they may have."""

    def __init__(self, reader: User):
        self.reader = reader

    @cached_property
    def feeds(self) -> list[Shown]:
        """Those that still open."""
        found = self.reader.calendar_feeds.open().select_related("person", "project")
        return [
            Shown(feed, name_of(feed), address_of(feed))
            for feed in found
            if self.reader.has_perm("campaign.read_feed", feed)
        ]

    @property
    def answer(self) -> str:
        """What there is to know first."""
        if not self.feeds:
            return _("把期限放进自己的日历")
        if any(each.feed.read_at for each in self.feeds):
            return _("日历在自动更新")
        return _("地址已生成，还没有日历读取过")

    @property
    def mine(self) -> Shown | None:
        return next((each for each in self.feeds if each.feed.project is None), None)

    @property
    def projects(self) -> list[Shown]:
        return [each for each in self.feeds if each.feed.project]

    @cached_property
    def more(self) -> ProjectChoice:
        """Projects whose calendar the reader may have and has not."""
        had = [each.feed.project_id for each in self.projects]
        begun = Participation.objects.filter(campaign__started_at__isnull=False)
        taking_part = Project.objects.filter(pk__in=begun.order_by().values("project"))
        return ProjectChoice(taking_part.visible_to(self.reader).exclude(pk__in=had))
