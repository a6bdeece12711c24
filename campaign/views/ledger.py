"""The ledger of reminders: found by filters, sent once more, as a file."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import FileResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaign.ledger.filters import Asked, Narrowing
from campaign.ledger.page import LedgerPage, resendable
from campaign.ledger.resending import MOST, Resent, resend
from campaign.ledger.state import State, as_data
from campaign.ledger.unreachable import UnreachablePage
from campaign.ledger.workbook import ledger_workbook
from campaign.models import Reminder
from campaign.told import Told
from organization.clock import local_day
from organization.errors import Refused, require
from organization.numbers import whole
from organization.replica import may_lag

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class Pressed:
    """What came of a button, shown with the page: who was refused, what was typed and ticked."""

    refused: list[tuple[Told, str]] = field(default_factory=list)
    error: str = ""
    reason: str = ""
    ticked: set[int] = field(default_factory=set)


@require_http_methods(["GET", "HEAD", "POST"])
def ledger(request):
    require(request.user, "campaign.see_ledger")
    if request.method == "POST":
        require(request.user, "campaign.resend")
        return send_again(request, timezone.now())
    return show(request, timezone.now())


def show(request, at, *, pressed: Pressed | None = None, status: int = 200):
    found = LedgerPage(request.GET, at, reader=request.user)
    context = {"found": found, "pressed": pressed, "most": MOST}
    return render(request, "campaign/ledger.html", context, status=status)


def send_again(request, at):
    """What is ticked, or with `all` everything of the filters in the address that may be."""
    reason = request.POST.get("reason", "")
    chosen = chosen_in(request, at)
    try:
        resent = resend(reminders=chosen, by=request.user, at=at, reason=reason)
    except Refused as refusal:
        ticked = {row.pk for row in chosen}
        pressed = Pressed(error=str(refusal), reason=reason, ticked=ticked)
        return show(request, at, pressed=pressed, status=422)
    if resent.again:
        messages.success(request, in_words(resent))
    if not resent.refused:
        return redirect(request.get_full_path())
    refused = [(Told(row), why) for row, why in resent.refused]
    return show(request, at, pressed=Pressed(refused=refused))


def chosen_in(request, at) -> list[Reminder]:
    if "all" in request.POST:
        rows = resendable(Narrowing(Asked.of(request.GET), at, reader=request.user).rows)
        return list(rows.order_by("-pk")[: MOST + 1])
    ticks = {whole(each) for each in request.POST.getlist("chosen")[: MOST + 1]}
    seen = Narrowing(Asked(), at, reader=request.user).rows
    return list(seen.filter(pk__in=ticks - {None}))


def in_words(resent: Resent) -> str:
    count = len(resent.again)
    words = ngettext("已安排重新发送 %(count)d 条。", "已安排重新发送 %(count)d 条。", count)
    return words % {"count": count}


@may_lag
@require_safe
def ledger_excel(request):
    """What the filters leave, the newest first."""
    require(request.user, "campaign.see_ledger")
    at = timezone.now()
    found = Narrowing(Asked.of(request.GET), at, reader=request.user)
    file = ledger_workbook(found, site=request.build_absolute_uri("/")[:-1])
    name = _("提醒台账 %(day)s") % {"day": local_day(at).isoformat()}
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


@require_safe
def state(request):
    """Whether reminders run, for people."""
    require(request.user, "campaign.see_ledger")
    return render(request, "campaign/reminder_state.html", {"state": State(timezone.now())})


@require_safe
def state_data(request):
    """The same for programs that watch: 503 where something has to be done."""
    require(request.user, "campaign.see_ledger")
    now = State(timezone.now())
    return JsonResponse(as_data(now), status=200 if now.is_well else 503)


@may_lag
@require_safe
def unreachable(request):
    """Whom neither mail nor a robot reaches, for who can do something about it."""
    require(request.user, "campaign.see_ledger")
    name = request.GET.get("name", "").strip()[:60]
    found = UnreachablePage(name, request.GET.get("page"))
    return render(request, "campaign/unreachable.html", {"found": found})
