"""One training: what, when and where, who came, and handing the sheet in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.access import campaign_or_404
from inspections.exam.rates import by_exam
from inspections.list_uploads import keep_list
from inspections.training import trainings as moves
from inspections.training.attendance import AttendanceList
from inspections.training.attendance_list import ATTENDANCE
from inspections.training.training_paper import blank_sheet, list_rows
from organization.downloads import download
from organization.errors import Refused, move_of, require
from organization.files import SHEET
from organization.history import story_of
from organization.list_file import workbook_of
from organization.lists import ListRefused
from organization.models import User
from organization.papers import as_pdf
from organization.project_choice import ProjectChoice
from organization.replica import may_lag
from organization.roles import Role

ENTRIES_SHOWN = 20


def training_or_404(request, campaign, pk):
    held = campaign_or_404(request, campaign)
    seen = held.trainings.visible_to(request.user).select_related("specialty", "campaign")
    return get_object_or_404(seen, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def training(request, campaign, pk):
    found = training_or_404(request, campaign, pk)
    if request.method != "POST":
        return show(request, found)
    require(request.user, "inspections.train", found.specialty)
    asked = next((name for name in MOVES if name in request.POST), None)
    return move_of(MOVES, asked)(request, found, timezone.now())


def show(request, training, *, status=200, **more):
    at, user = timezone.now(), request.user
    listed = AttendanceList(training, request.GET)
    obligation = moves.training_obligation(training)
    context = {
        "campaign": training.campaign,
        "training": training,
        "state": training.state(at=at),
        "roles": [Role(role).label for role in training.roles],
        "listed": listed,
        "page": listed.page(request.GET.get("page")) if user.sees_company else None,
        "obligation": obligation if user.sees_company else None,
        "may_mark": user.has_perm("inspections.train", training.specialty)
        and not training.cancelled_at
        and listed.has_begun(at),
        "exams": by_exam(exams_of(training), at=at) if user.sees_company else [],
        "entries": story_of(training, ENTRIES_SHOWN) if user.sees_company else [],
    }
    return render(request, "inspections/training.html", context | more, status=status)


def exams_of(training):
    """Those that verify it."""
    return training.exams.standing().select_related("campaign").order_by("opens_at")


def back(request, training):
    """To the same part of the list."""
    query = request.GET.urlencode()
    return redirect(training.get_absolute_url() + (f"?{query}" if query else "") + "#people")


def mark(request, training, at):
    """`mark` is "<user's id>:1" or ":0"; a script asks for JSON, a form comes back to the list."""
    user, _colon, came = request.POST["mark"].partition(":")
    if not user.isdecimal() or len(user) > 12 or came not in ("0", "1"):
        raise Http404
    person = get_object_or_404(User, pk=user)
    wants_json = request.headers.get("Accept") == "application/json"
    try:
        moves.mark_attendance(
            training=training, user=person, came=came == "1", by=request.user, at=at
        )
    except Refused as refusal:
        if wants_json:
            return JsonResponse({"message": str(refusal)}, status=409)
        messages.error(request, str(refusal))
        return back(request, training)
    if wants_json:
        return JsonResponse({"came": came == "1", "words": AttendanceList(training, {}).answer})
    return back(request, training)


def guest(request, training, at):
    choice = ProjectChoice(training.projects.all(), request.POST.get("project", ""))
    name = request.POST["guest"]
    typed = {"guest_name": name, "guest_choice": choice, "status": 422}
    if choice.asked and not choice.chosen and not choice.is_list:
        return show(request, training, guest_error=choice.objection, **typed)
    try:
        moves.add_guest(training=training, name=name, project=choice.chosen, by=request.user, at=at)
    except Refused as refusal:
        return show(request, training, guest_error=str(refusal), **typed)
    messages.success(request, _("已登记“%(name)s”。") % {"name": name.strip()})
    return back(request, training)


def drop(request, training, at):
    pk = request.POST["drop"]
    if not pk.isdecimal() or len(pk) > 12:
        raise Http404
    found = get_object_or_404(training.attendances, pk=pk)
    try:
        moves.remove_guest(guest=found, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return back(request, training)


def upload(request, training, at):
    """A list from a file: looked at on the next page, or every bad cell named on this one."""
    file = request.FILES.get("list")
    if file is None:
        return show(request, training, status=422, list_refused=_("请选择文件。"))
    try:
        return redirect(keep_list(about=training, upload=file, by=request.user, at=at))
    except ListRefused as refused:
        return show(request, training, status=422, list_errors=refused.errors)
    except ValidationError as error:
        return show(request, training, status=422, list_refused=" ".join(error.messages))
    except Refused as refusal:
        return show(request, training, status=422, list_refused=str(refusal))


def hand_in(request, training, at):
    obligation = moves.training_obligation(training)
    if obligation:
        require(request.user, "campaign.submit", obligation)
    try:
        moves.hand_in_attendance(training=training, by=request.user, at=at)
        messages.success(request, _("签到表已交到“专业培训”任务里。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(training)


def cancel(request, training, at):
    reason = request.POST.get("reason", "")
    try:
        moves.cancel_training(training=training, reason=reason, by=request.user, at=at)
    except Refused as refusal:
        return show(request, training, status=422, cancel_error=str(refusal), reason=reason)
    messages.success(request, _("已取消，受邀人员已收到通知。"))
    return redirect(training)


MOVES = {
    "mark": mark,
    "guest": guest,
    "drop": drop,
    "upload": upload,
    "hand_in": hand_in,
    "cancel": cancel,
}


@require_safe
def sheet(request, campaign, pk):
    """Everybody invited with room to sign, to be printed."""
    found = training_or_404(request, campaign, pk)
    require(request.user, "inspections.read_sign_in", found.specialty)
    listed = AttendanceList(found, {"project": request.GET.get("project", "")})
    if listed.is_many and not listed.choice.chosen:
        messages.info(
            request, _("项目太多，请先选一个项目，再打印它的签到表。全部名单在 Excel 里。")
        )
        return redirect(reverse("training", args=[campaign, pk]))
    try:
        data = as_pdf(blank_sheet(found, listed.names()))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("training", args=[campaign, pk]))
    return download(data, f"sign-in-{found.pk}.pdf", "application/pdf")


@may_lag
@require_safe
def excel(request, campaign, pk):
    """The list as it stands, which can be filled in and brought back."""
    found = training_or_404(request, campaign, pk)
    require(request.user, "inspections.read_sign_in", found.specialty)
    listed = AttendanceList(found, {})
    people = moves.invited_people(found).select_related("user", "project")
    rows = list_rows(people, listed.marks, listed.guests)
    return download(workbook_of(ATTENDANCE.heads(), rows), f"sign-in-{found.pk}.xlsx", SHEET)
