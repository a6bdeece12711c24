"""What waits for this reviewer: obligations, plans, rectified findings, later due dates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from campaign.views.bulk import decided
from organization.errors import require
from organization.templatetags.ui import short_day
from portal.queues import (
    appeals_for,
    extensions_for,
    findings_for,
    obligations_for,
    plans_for,
    revisions_for,
)

PREVIEW, PAGE_SIZE = 10, 50


def named(person: str) -> tuple[str, str]:
    """What a person is called, of a relation."""
    return f"{person}__name", f"{person}__username"


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
    """Things of one kind, those that wait longest first."""

    code: str
    word: object
    icon: str
    action: object
    waiting: QuerySet
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
    queues = [queue(campaign, request.user) for queue in QUEUES]
    counts = {queue.code: queue.waiting.count() for queue in queues}
    shown = request.GET.get("show", "")
    chosen = [queue for queue in queues if queue.code == shown]
    context = {
        "campaign": campaign,
        "at": at,
        "total": sum(counts.values()),
        "chips": [(queue, counts[queue.code]) for queue in queues],
        "shown": shown if chosen else "",
        "parts": [
            part(queue, counts[queue.code], request, PAGE_SIZE if chosen else PREVIEW)
            for queue in chosen or queues
            if counts[queue.code]
        ],
    }
    return render(request, "portal/review.html", context | bulk, status=status)


def part(queue: Queue, count: int, request, size: int) -> dict:
    """A queue with one page of its rows; the pages of a preview are its own list's."""
    number = request.GET.get("page") if size == PAGE_SIZE else 1
    paginator = Paginator(queue.waiting, size)
    paginator.count = count  # asked once: among ten thousand it takes as long as all else
    page = paginator.get_page(number)
    rows = [queue.row(thing) for thing in page]
    return {"queue": queue, "count": count, "page": page, "rows": rows}


def decide_chosen(request, campaign, at):
    """Accept or return the ticked obligations; what is refused is named and stays ticked."""
    seen = campaign.obligations.visible_to(request.user)
    answer = decided(request, seen, at)
    if answer.status == 302:
        return redirect(request.get_full_path())
    return show(request, campaign, at, status=answer.status, bulk=answer)


def obligations(campaign, user) -> Queue:
    known = {each.pk: each for each in campaign.milestones.order_by("order")}
    waiting = obligations_for(user, known.values())
    related = ("project", "specialty", "submitted_by")
    shown = ("campaign_id", "milestone_id", "submitted_at", "revision", "project__name")
    waiting = waiting.select_related(*related)
    waiting = waiting.only(*shown, "specialty", *named("submitted_by"))

    def row(each) -> Row:
        each.campaign, each.milestone = campaign, known[each.milestone_id]
        return Row(
            title=each.milestone.title,
            subject=str(each.subject),
            by=str(each.submitted_by or ""),
            since=each.submitted_at,
            url=each.get_absolute_url() + "?queue=1",
            pick=f"{each.pk}:{each.revision}",
            key=each.pk,
        )

    return Queue(
        code="obligations",
        word=_("任务"),
        icon="checklist",
        action=_("审核"),
        waiting=waiting.order_by("submitted_at", "pk"),
        row=row,
    )


def plans(campaign, user) -> Queue:
    waiting = plans_for(user).filter(campaign=campaign).select_related("project", "submitted_by")
    shown = ("submitted_at", "project__name", "project__code", *named("submitted_by"))
    return Queue(
        code="plans",
        word=_("实施方案"),
        icon="clipboard-list",
        action=_("审核"),
        waiting=waiting.only(*shown).order_by("submitted_at", "pk"),
        row=lambda each: Row(
            title=str(_("品质提升实施方案")),
            subject=str(each.project),
            by=str(each.submitted_by or ""),
            since=each.submitted_at,
            url=reverse("plan", args=[campaign.code, each.project.code]),
        ),
    )


def revisions(campaign, user) -> Queue:
    waiting = revisions_for(user).filter(plan__campaign=campaign)
    related = ("plan__campaign", "plan__project", "submitted_by")
    return Queue(
        code="revisions",
        word=_("方案修订"),
        icon="file-diff",
        action=_("审核"),
        waiting=waiting.select_related(*related).order_by("submitted_at", "pk"),
        row=lambda each: Row(
            title=each.reason,
            subject=str(each.project),
            by=str(each.submitted_by or ""),
            since=each.submitted_at,
            url=each.get_absolute_url(),
        ),
    )


def findings(campaign, user) -> Queue:
    waiting = findings_for(user).filter(campaign=campaign)
    waiting = waiting.select_related("project", "rectified_by")
    shown = ("problem", "rectified_at", "project__name", *named("rectified_by"))
    return Queue(
        code="findings",
        word=_("问题"),
        icon="photo-check",
        action=_("验证"),
        waiting=waiting.only(*shown).order_by("rectified_at", "pk"),
        row=lambda each: Row(
            title=each.problem,
            subject=str(each.project),
            by=str(each.rectified_by or ""),
            since=each.rectified_at,
            url=reverse("finding", args=[campaign.code, each.pk]),
        ),
    )


def extensions(campaign, user) -> Queue:
    waiting = extensions_for(user).filter(finding__campaign=campaign)
    waiting = waiting.select_related("finding__project", "asked_by")
    dates = ("due_before", "asked_due", "asked_at")
    shown = (*dates, "finding__problem", "finding__project__name", *named("asked_by"))
    return Queue(
        code="extensions",
        word=_("延期申请"),
        icon="calendar-plus",
        action=_("答复"),
        waiting=waiting.only(*shown).order_by("asked_at", "pk"),
        row=lambda each: Row(
            title=each.finding.problem,
            subject=f"{each.finding.project} · {short_day(each.due_before)} → "
            f"{short_day(each.asked_due)}",
            by=str(each.asked_by or ""),
            since=each.asked_at,
            url=reverse("finding", args=[campaign.code, each.finding_id]) + "#extension",
        ),
    )


def appeals(campaign, user) -> Queue:
    waiting = appeals_for(user).filter(sheet__campaign=campaign)
    related = ("sheet__project", "sheet__specialty", "item", "made_by")
    of_sheet = ("sheet__project__name", "sheet__specialty")
    waiting = waiting.select_related(*related)
    waiting = waiting.only("made_at", "item", *of_sheet, *named("made_by"))

    def row(each) -> Row:
        each.sheet.campaign = campaign
        return Row(
            title=each.item.name,
            subject=str(each.sheet),
            by=str(each.made_by or ""),
            since=each.made_at,
            url=each.get_absolute_url(),
        )

    return Queue(
        code="appeals",
        word=_("申诉"),
        icon="scale",
        action=_("处理"),
        waiting=waiting.order_by("made_at", "pk"),
        row=row,
    )


QUEUES = (obligations, plans, revisions, findings, extensions, appeals)
