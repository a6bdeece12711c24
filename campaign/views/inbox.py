"""The inbox: what a person was told, newest first; opening a line leads to the thing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from campaign.reminders.letters import details, headline, in_reading_order
from organization.clock import local_day
from organization.numbers import whole

PAGE_SIZE = 50
# More lines than this of one digest wait behind a word: forty would hide the next message.
SHOWN = 5


@require_safe
def inbox(request):
    received = request.user.messages_received.all()
    unread = received.unread().count()
    only_unread = "unread" in request.GET
    shown = received.unread() if only_unread else received
    page = Paginator(with_lines(shown), PAGE_SIZE).get_page(request.GET.get("page"))
    for message in page:
        message.day = local_day(message.sent_at)
        message.lines, message.more = lines_of(message)
    return render(
        request,
        "campaign/inbox.html",
        {
            "page": page,
            "unread": unread,
            "only_unread": only_unread,
            "answer": in_words(unread),
            "newest": max((message.pk for message in page), default=0),
            "today": local_day(timezone.now()),
        },
    )


def with_lines(received):
    """Messages with their campaigns, and of digests the rows that they tell of."""
    return received.select_related("campaign", "letter").prefetch_related("letter__reminders")


def lines_of(message) -> tuple[list, list]:
    """What a digest lists under its title: what is seen at once, and the rest.

    One line alone is the message itself.
    """
    rows = in_reading_order(message.letter.reminders.all()) if message.letter else []
    if len(rows) < 2:
        return [], []
    lines = [{"pk": row.pk, "title": headline(row), "details": details(row)} for row in rows]
    return lines[:SHOWN], lines[SHOWN:]


def in_words(unread: int) -> str:
    if not unread:
        return _("没有未读消息")
    return ngettext("%(count)d 条未读消息", "%(count)d 条未读消息", unread) % {"count": unread}


@require_safe
def message(request, pk):
    """Mark it read and go to what it is about, or to what one of its lines (`?line=`) is about."""
    found = get_object_or_404(request.user.messages_received, pk=pk)
    if not found.read_at:
        found.read_at = timezone.now()
        found.save(update_fields=["read_at"])
    return redirect(address_of(found, whole(request.GET.get("line", ""))) or "inbox")


def address_of(found, line: int | None) -> str:
    if line is None or not found.letter_id:
        return found.url
    row = found.letter.reminders.filter(pk=line).first()
    return row.url if row else found.url


@require_POST
def read_all(request):
    """Mark all read that the page showed or that are older; what came since stays unread."""
    newest = whole(request.POST.get("newest", ""))
    unread = request.user.messages_received.unread()
    if newest is not None:
        unread = unread.filter(pk__lte=newest)
    unread.update(read_at=timezone.now())
    messages.success(request, _("已全部标为已读。"))
    return redirect("inbox")
