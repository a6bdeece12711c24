"""One appeal: what was seen, what the project says, what is decided; all its forms post here."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from inspections.appeal.appeal_page import AppealPage
from inspections.appeal.appeals import decide_appeal, take_back_appeal
from inspections.forms.appeals import DecisionForm
from inspections.models import Appeal
from organization.errors import Conflict, Refused, move_of, require
from organization.numbers import whole

RELATED = ("sheet__project", "sheet__specialty", "item")


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request, campaign, pk):
    found = appeal_or_404(request, campaign, pk)
    if request.method == "POST":
        return move_of(DOORS, request.POST.get("do"))(request, found)
    return shown(request, found)


def appeal_or_404(request, code: str, pk: int) -> Appeal:
    held = campaign_or_404(request, code)
    visible = Appeal.objects.visible_to(request.user).filter(sheet__campaign=held)
    found = get_object_or_404(visible.select_related(*RELATED), pk=pk)
    found.sheet.campaign = held
    return found


def shown(request, found: Appeal, *, form: DecisionForm | None = None, status=200):
    """The page as things stand, with what was typed and refused."""
    page = AppealPage(found, request.user, timezone.now(), request.GET.get("files", ""))
    form = form or DecisionForm(initial={"revision": found.revision})
    context = {"campaign": found.sheet.campaign, "appeal": found, "page": page, "form": form}
    return render(request, "inspections/appeal.html", context, status=status)


def decide(request, found: Appeal):
    require(request.user, "inspections.decide_appeal", found)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return shown(request, found, form=form, status=422)
    try:
        decide_appeal(appeal=found, **form.cleaned_data, by=request.user, at=timezone.now())
    except Conflict as conflict:
        return overtaken(request, found, form, conflict)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return shown(request, found, form=form, status=422)
    messages.success(request, _("已决定，得分和排名已更新，项目和检查人收到了通知。"))
    return redirect(found)


def overtaken(request, found: Appeal, form: DecisionForm, conflict: Conflict):
    """Somebody was first: the page shows what they did beside what was typed."""
    form.add_error(None, str(conflict))
    again = appeal_or_404(request, found.sheet.campaign.code, found.pk)
    form.data = form.data.copy()
    form.data["revision"] = again.revision  # whoever sends once more has seen it
    return shown(request, again, form=form, status=409)


def take_back(request, found: Appeal):
    require(request.user, "inspections.appeal", found.sheet)
    revision = whole(request.POST.get("revision", ""))
    try:
        take_back_appeal(appeal=found, revision=revision, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("申诉已收回，扣分照旧。"))
    return redirect(found)


DOORS = {"decide": decide, "take_back": take_back}
