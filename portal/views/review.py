"""What waits for this reviewer: obligations, plans, rectified findings, later due dates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from campaign.views.bulk import decided
from organization.errors import require
from organization.templatetags.ui import short_day
from portal.review_lists import Lists, reader_of
from portal.work.campaigns import milestones_of


@dataclass(frozen=True)
class Row:
    """One thing that waits, since when and from whom."""

    title: str
    subject: str
    by: str
    since: datetime
    url: str
    pick: str = ""  # what a tick sends: the thing as it stands on the page
    key: int = 0


@dataclass(frozen=True)
class Queue:
    """Things of one kind, those that wait longest first; `row` makes one, of its campaign."""

    code: str
    word: object
    icon: str
    action: object
    row: Callable


@require_http_methods(["GET", "HEAD", "POST"])
def review(request, campaign):
    campaign, at = campaign_or_404(request, campaign), timezone.now()
    require(request.user, "portal.review", campaign)
    if request.method == "POST":
        return decide_chosen(request, campaign, at)
    return show(request, campaign, at)


def show(request, campaign, at, *, status=200, **bulk):
    """The queues as they stand; `bulk` is what was ticked and typed, and what was refused."""
    milestones = {each.pk: each for each in milestones_of(campaigns=[campaign.pk])}
    shown = request.GET.get("show", "")
    shown = shown if shown in QUEUES else ""
    lists = Lists(reader_of(campaign, request.user, milestones.values()), shown, at=at)
    counts = {code: lists.counts.get(code, 0) for code in QUEUES}
    number = request.GET.get("page") if shown else 1
    context = {
        "campaign": campaign,
        "at": at,
        "total": sum(counts.values()),
        "chips": [(queue, counts[code]) for code, queue in QUEUES.items()],
        "shown": shown,
        "parts": [
            part(QUEUES[code], lists, number, partial(QUEUES[code].row, campaign, milestones))
            for code in ([shown] if shown else QUEUES)
            if counts[code]
        ],
    }
    return render(request, "portal/review.html", context | bulk, status=status)


def part(queue: Queue, lists: Lists, number, row: Callable) -> dict:
    """A queue with one page of its rows; the pages of a preview are its own list's."""
    count = lists.counts[queue.code]
    page = Paginator(range(count), lists.size).get_page(number)
    things = lists.first[queue.code]
    if page.number > 1:
        things = lists[queue.code][page.start_index() - 1 : page.end_index()]
    return {"queue": queue, "count": count, "page": page, "rows": [row(each) for each in things]}


def decide_chosen(request, campaign, at):
    """Accept or return the ticked obligations; what is refused is named and stays ticked."""
    seen = campaign.obligations.visible_to(request.user)
    answer = decided(request, seen, at)
    if answer.status == 302:
        return redirect(request.get_full_path())
    return show(request, campaign, at, status=answer.status, bulk=answer)


def obligation(campaign, milestones, each) -> Row:
    each.campaign, each.milestone = campaign, milestones[each.milestone_id]
    return Row(
        title=each.milestone.title,
        subject=str(each.subject),
        by=str(each.submitted_by or ""),
        since=each.submitted_at,
        url=each.get_absolute_url() + "?queue=1",
        pick=f"{each.pk}:{each.revision}",
        key=each.pk,
    )


def plan(campaign, _milestones, each) -> Row:
    return Row(
        title=str(_("品质提升实施方案")),
        subject=str(each.project),
        by=str(each.submitted_by or ""),
        since=each.submitted_at,
        url=reverse("plan", args=[campaign.code, each.project.code]),
    )


def revision(_campaign, _milestones, each) -> Row:
    return Row(
        title=each.reason,
        subject=str(each.project),
        by=str(each.submitted_by or ""),
        since=each.submitted_at,
        url=each.get_absolute_url(),
    )


def finding(campaign, _milestones, each) -> Row:
    return Row(
        title=each.problem,
        subject=str(each.project),
        by=str(each.rectified_by or ""),
        since=each.rectified_at,
        url=reverse("finding", args=[campaign.code, each.pk]),
    )


def extension(campaign, _milestones, each) -> Row:
    days = f"{short_day(each.due_before)} → {short_day(each.asked_due)}"
    return Row(
        title=each.finding.problem,
        subject=f"{each.finding.project} · {days}",
        by=str(each.asked_by or ""),
        since=each.asked_at,
        url=reverse("finding", args=[campaign.code, each.finding_id]) + "#extension",
    )


def appeal(campaign, _milestones, each) -> Row:
    each.sheet.campaign = campaign
    return Row(
        title=each.item.name,
        subject=str(each.sheet),
        by=str(each.made_by or ""),
        since=each.made_at,
        url=each.get_absolute_url(),
    )


QUEUES = {
    queue.code: queue
    for queue in (
        Queue("obligations", _("任务"), "checklist", _("审核"), obligation),
        Queue("plans", _("实施方案"), "clipboard-list", _("审核"), plan),
        Queue("revisions", _("方案修订"), "file-diff", _("审核"), revision),
        Queue("findings", _("问题"), "photo-check", _("验证"), finding),
        Queue("extensions", _("延期申请"), "calendar-plus", _("答复"), extension),
        Queue("appeals", _("申诉"), "scale", _("处理"), appeal),
    )
}
