"""The inbox: what a person was told, newest first; opening a line leads to the thing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from organization.clock import local_day
from organization.numbers import whole

PAGE_SIZE = 50


@require_safe
def inbox(request):
    received = request.user.messages_received.all()
    unread = received.unread().count()
    only_unread = "unread" in request.GET
    shown = received.unread() if only_unread else received
    page = Paginator(shown.select_related("campaign"), PAGE_SIZE).get_page(request.GET.get("page"))
    for message in page:
        message.day = local_day(message.sent_at)
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


def in_words(unread: int) -> str:
    if not unread:
        return _("没有未读消息")
    return ngettext("%(count)d 条未读消息", "%(count)d 条未读消息", unread) % {"count": unread}


@require_safe
def message(request, pk):
    """Mark it read and go to what it is about."""
    found = get_object_or_404(request.user.messages_received, pk=pk)
    if not found.read_at:
        found.read_at = timezone.now()
        found.save(update_fields=["read_at"])
    return redirect(found.url or "inbox")


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
