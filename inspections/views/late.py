"""Late observations: all that the reader may see; the center accepts or refuses each."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from inspections.models import LateObservation
from inspections.sync.late import accept_late, refuse_late
from inspections.sync.late_page import LatePage
from organization.errors import Conflict, Refused, move_of, require

MOVES = {"accept": accept_late, "refuse": refuse_late}


@require_http_methods(["GET", "HEAD", "POST"])
def late(request, campaign):
    """A POST decides the one that it names, with a reason."""
    held = campaign_or_404(request, campaign)
    if request.method != "POST":
        return shown(request, held)
    require(request.user, "inspections.decide_late")
    move = move_of(MOVES, request.POST.get("do"))
    visible = LateObservation.objects.filter(sheet__campaign=held)
    related = visible.select_related("sheet__campaign", "sheet__project", "sheet__rubric", "by")
    found = get_object_or_404(related, pk=uuid_or_404(request.POST.get("late", "")))
    reason = request.POST.get("reason", "")
    try:
        move(late=found, reason=reason, by=request.user, at=timezone.now())
    except Refused as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        return shown(request, held, refused=(found.pk, reason, str(refusal)), status=status)
    done = _("已采纳，得分已更新。") if found.is_accepted else _("未采纳，记录和理由都留存。")
    messages.success(request, done)
    return redirect("late", held.code)


def shown(request, campaign, *, refused=(None, "", ""), status=200):
    page = LatePage(campaign, request.user, timezone.now(), request.GET.get("page", ""))
    pk, typed, error = refused
    for row in page.rows:
        if row.late.pk == pk:
            row.typed, row.error = typed, error
    context = {"campaign": campaign, "found": page, "at": page.at}
    return render(request, "inspections/late.html", context, status=status)


def uuid_or_404(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error
