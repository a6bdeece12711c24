"""Robots of groups, for administrators: the list, a new one, one with its button to test it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from campaign.models import Robot
from campaign.models.channels import RobotKind
from campaign.reminders.senders import Outcome
from campaign.robots import setting_up, testing
from campaign.robots.forms import OffForm, RobotForm
from campaign.robots.listing import RobotList
from organization.errors import Conflict, Refused, require
from organization.history import history_of

PAGE_SIZE = 50
STORY = 30
pasted = sensitive_post_parameters("address", "secret")


@require_safe
def robots(request):
    require(request.user, "campaign.manage_robots")
    found = RobotList(request.GET)
    page = Paginator(found.rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "campaign/robots.html", {"found": found, "page": page})


@pasted
@require_http_methods(["GET", "HEAD", "POST"])
def robot_new(request):
    require(request.user, "campaign.manage_robots")
    kind = kind_of(request)
    form = RobotForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        made = set_up(request, form)
        if made:
            messages.success(request, _("已添加。发一条测试消息，到群里看看有没有收到。"))
            return redirect("robot", made.pk)
    context = {"form": form, "kind": kind, "kinds": RobotKind}
    return render(request, "campaign/robot_new.html", context, status=status_of(form))


def kind_of(request) -> RobotKind:
    asked = request.GET.get("kind", "")
    return RobotKind(asked) if asked in RobotKind else RobotKind.WECOM


def set_up(request, form) -> Robot | None:
    """The new robot, or None with the errors beside their fields."""
    try:
        return setting_up.set_up_robot(
            kind=form.kind, **form.facts, **form.secrets, by=request.user, at=timezone.now()
        )
    except Refused as refusal:
        add_refusal(form, refusal)
    return None


def add_refusal(form, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def status_of(*forms) -> int:
    return 422 if any(form.errors for form in forms) else 200


# --- one robot ---------------------------------------------------------------------------


@pasted
@require_http_methods(["GET", "HEAD", "POST"])
def robot(request, pk):
    require(request.user, "campaign.manage_robots")
    found = get_object_or_404(Robot.objects.select_related("project", "created_by"), pk=pk)
    move = MOVES.get(request.POST.get("move", "")) if request.method == "POST" else show
    return move(request, found) if move else redirect("robot", found.pk)


def show(request, found, *, form=None, off=None, status=None, **more):
    form = form or RobotForm(kind=RobotKind(found.kind), robot=found)
    off = off or OffForm()
    context = {
        "robot": found,
        "form": form,
        "off": off,
        "entries": story_of(found),
    }
    return render(
        request, "campaign/robot.html", context | more, status=status or status_of(form, off)
    )


def story_of(found) -> list:
    """What a test was answered is a sentence of ours where the other side said nothing."""
    entries = list(history_of(found)[:STORY])
    for entry in entries:
        if entry.verb == "test_robot" and entry.reason:
            entry.reason = _(entry.reason)
    return entries


def change(request, found):
    form = RobotForm(request.POST, kind=RobotKind(found.kind), robot=found)
    if not form.is_valid():
        return show(request, found, form=form)
    try:
        setting_up.change_robot(
            robot=found,
            changes=form.facts,
            **form.secrets,
            by=request.user,
            at=timezone.now(),
            revision=form.cleaned_data["revision"],
        )
    except Conflict as conflict:
        return show_conflict(request, conflict, form)
    except Refused as refusal:
        add_refusal(form, refusal)
        return show(request, found, form=form)
    messages.success(request, _("已保存。"))
    return redirect("robot", found.pk)


def show_conflict(request, conflict: Conflict, form):
    """What was typed stays, beside how it stands now; saved again it wins."""
    theirs = conflict.theirs
    form.data = form.data.copy()
    form.data["revision"] = theirs.revision
    form.add_error(None, str(conflict))
    return show(request, theirs, form=form, status=409)


def test(request, found):
    try:
        answer = testing.test_robot(robot=found, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("robot", found.pk)
    found.refresh_from_db()
    if answer.outcome == Outcome.SENT:
        messages.success(request, _("测试消息已发出，请到群里看看。"))
    elif answer.outcome == Outcome.UNKNOWN:
        words = _("不知道有没有发到：%(error)s。请到群里看看。")
        messages.warning(request, words % {"error": found.trouble})
    else:
        messages.error(request, _("没有发出去：%(error)s") % {"error": found.trouble})
    return redirect("robot", found.pk)


def switch_off(request, found):
    off = OffForm(request.POST)
    if not off.is_valid():
        return show(request, found, off=off)
    try:
        setting_up.switch_off_robot(
            robot=found, reason=off.cleaned_data["reason"], by=request.user, at=timezone.now()
        )
    except Refused as refusal:
        add_refusal(off, refusal)
        return show(request, found, off=off)
    messages.success(request, _("已停用，不会再往这个群发消息。"))
    return redirect("robot", found.pk)


def switch_on(request, found):
    try:
        setting_up.switch_on_robot(robot=found, by=request.user, at=timezone.now())
        messages.success(request, _("已重新启用。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("robot", found.pk)


MOVES = {"change": change, "test": test, "off": switch_off, "on": switch_on}
