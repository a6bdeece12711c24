"""The calendar of audit visits, its schedule from draft to approval, and single visits."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.access import campaign_or_404
from inspections.audit_visit.calendar_page import VisitCalendar
from inspections.audit_visit.carrying_out import finish_visit, seen_on, sheets_of, start_visit
from inspections.audit_visit.changes import add_visit, change_visit, remove_visit
from inspections.audit_visit.schedule import (
    REASON_LIMIT,
    STANDS,
    approve_schedule,
    draft_schedule,
    return_schedule,
    submit_schedule,
)
from inspections.forms.audit_visits import DraftForm, ReasonForm, VisitForm
from inspections.forms.written_tests import TestObservationForm
from inspections.models import AuditSchedule, AuditVisit
from inspections.post_question.visit_page import VisitQuestions
from inspections.sheet.due_sheets import INSPECTION
from inspections.words import Method
from inspections.written_test.page import TestPage
from organization.clock import local_day
from organization.downloads import download
from organization.errors import Conflict, Refused, move_of, require
from organization.history import story_of
from organization.replica import may_lag
from scoring.exports import XLSX

UNPROCESSABLE, STALE = 422, 409
DOUBLES, PER_DAY, SEED, DAYS = 20, 2, 1, 2
CARRYING_OUT = {"start": start_visit, "finish": finish_visit}
MOVES = {
    "submit": ("inspections.plan_visits", submit_schedule),
    "approve": ("inspections.approve_schedule", approve_schedule),
    "return": ("inspections.approve_schedule", return_schedule),
}


@may_lag
@require_safe
def audit_visits(request, campaign):
    return shown(request, campaign_or_404(request, campaign))


def shown(request, held, *, form: ReasonForm | None = None, status=200):
    found = VisitCalendar(held, request.user, timezone.now(), request.GET)
    schedule = found.schedule
    context = {
        "campaign": held,
        "found": found,
        "schedule": schedule,
        "form": form or ReasonForm(initial={"revision": schedule and schedule.revision}),
        "entries": story_of(schedule, 20) if schedule else [],
    }
    return render(request, "inspections/audit_visits.html", context, status=status)


@may_lag
@require_safe
def excel(request, campaign):
    held = campaign_or_404(request, campaign)
    found = VisitCalendar(held, request.user, timezone.now(), request.GET)
    return download(found.workbook(), f"visits-{held.code}.xlsx", XLSX)


# --- the schedule ------------------------------------------------------------------------------


@require_POST
def schedule_move(request, campaign):
    """Hand in, approve or return; what was typed stays where it was refused."""
    held = campaign_or_404(request, campaign)
    permission, act = move_of(MOVES, request.POST.get("do"))
    schedule = get_object_or_404(AuditSchedule, campaign=held)
    schedule.campaign = held
    require(request.user, permission, schedule)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return shown(request, held, form=form, status=UNPROCESSABLE)
    typed = {"reason": form.cleaned_data["reason"]} if act is return_schedule else {}
    try:
        act(
            schedule=schedule, by=request.user, at=timezone.now(),
            revision=form.cleaned_data["revision"], **typed,
        )  # fmt: skip
    except Refused as refusal:
        return refused(request, form, refusal, lambda **more: shown(request, held, **more))
    messages.success(request, _("已记下，有关的人已收到通知。"))
    return redirect(schedule)


def refused(request, form, refusal: Refused, show):
    """The page again with everything typed; a stale one sends what stands now with it."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal))
    if not isinstance(refusal, Conflict):
        return show(form=form, status=UNPROCESSABLE)
    form.data = form.data.copy()
    form.data["revision"] = refusal.theirs.revision
    return show(form=form, status=STALE)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_draft(request, campaign):
    """Draft the whole schedule, or draft it anew."""
    held = campaign_or_404(request, campaign)
    require(request.user, "inspections.plan_visits", held)
    schedule = AuditSchedule.objects.filter(campaign=held).first()
    if schedule and schedule.submitted_at and request.method != "POST":
        messages.warning(request, STANDS[schedule.state().code])
        return redirect("audit_visits", held.code)
    form = DraftForm(request.POST or None, initial=first_values(held, schedule))
    if request.method != "POST" or not form.is_valid():
        return show_draft(request, held, schedule, form=form, status=422 if form.errors else 200)
    try:
        draft_schedule(campaign=held, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return refused(
            request, form, refusal, lambda **more: show_draft(request, held, schedule, **more)
        )
    messages.success(request, _("已编排，请看过再报批。"))
    return redirect("audit_visits", held.code)


def show_draft(request, held, schedule, *, form, status=200):
    context = {"campaign": held, "schedule": schedule, "form": form}
    return render(request, "inspections/audit_schedule_form.html", context, status=status)


def first_values(held, schedule: AuditSchedule | None) -> dict:
    """As drafted last; else the inspection's days and everybody who audits."""
    if schedule:
        names = ("first", "last", "doubles", "per_day", "seed", "revision")
        people = AuditVisit.objects.announced().filter(campaign=held)
        chosen = set(people.values_list("auditors", flat=True)) - {None}
        return {name: getattr(schedule, name) for name in names} | {"auditors": chosen}
    phase = held.phase_called(INSPECTION)
    first = phase.start if phase else local_day(timezone.now())
    last = phase.end if phase else first + timedelta(days=DAYS)
    return {"first": first, "last": last, "doubles": DOUBLES, "per_day": PER_DAY, "seed": SEED}


# --- single visits -----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def visit_new(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "inspections.plan_visits", held)
    form = VisitForm(request.POST or None, campaign=held, is_new=True)
    if request.method != "POST" or not form.is_valid():
        return show_form(request, held, form=form, status=422 if form.errors else 200)
    typed = {
        name: form.cleaned_data[name] for name in ("project", "method", "day", "auditors", "reason")
    }
    try:
        visit = add_visit(campaign=held, by=request.user, at=timezone.now(), **typed)
    except Refused as refusal:
        return refused(request, form, refusal, lambda **more: show_form(request, held, **more))
    messages.success(request, _("已增加这次检查。"))
    return redirect(visit)


def show_form(request, held, *, form, status=200):
    schedule = AuditSchedule.objects.filter(campaign=held).first()
    context = {"campaign": held, "schedule": schedule, "form": form}
    return render(request, "inspections/audit_visit_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request, campaign, pk):
    """One visit: when, who, what happened to it; the center moves or cancels it here."""
    held = campaign_or_404(request, campaign)
    visible = AuditVisit.objects.visible_to(request.user).filter(campaign=held)
    found = get_object_or_404(visible.select_related("project"), pk=pk)
    found.campaign = held
    if request.method == "POST" and request.POST.get("do") in CARRYING_OUT:
        return carried_out(request, found)
    if request.method == "POST":
        require(request.user, "inspections.plan_visits", held)
        return changed(request, found)
    return show_visit(request, found)


def carried_out(request, found: AuditVisit):
    require(request.user, "inspections.carry_out_visit", found)
    do = request.POST["do"]
    typed = {"reason": request.POST.get("reason", "")[:REASON_LIMIT]} if do == "finish" else {}
    try:
        CARRYING_OUT[do](visit=found, by=request.user, at=timezone.now(), **typed)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(found)


def changed(request, found: AuditVisit):
    form = VisitForm(request.POST, campaign=found.campaign, is_new=False)
    do = move_of({"change": True, "remove": False}, request.POST.get("do"))
    if not form.is_valid() and (do or not form.cleaned_data.keys() >= {"reason", "revision"}):
        return show_visit(request, found, form=form, status=UNPROCESSABLE)
    typed = form.cleaned_data
    acting = {"by": request.user, "at": timezone.now()}
    acting |= {"reason": typed["reason"], "revision": typed["revision"]}
    try:
        if do:
            change_visit(visit=found, day=typed["day"], auditors=typed["auditors"], **acting)
        else:
            remove_visit(visit=found, **acting)
    except Refused as refusal:
        return refused(request, form, refusal, lambda **more: show_visit(request, found, **more))
    messages.success(request, _("已保存。") if do else _("已取消这次检查。"))
    return redirect(found)


def show_visit(request, found: AuditVisit, *, form: VisitForm | None = None, status=200):
    people = list(found.auditors.order_by("username"))
    schedule = AuditSchedule.objects.filter(campaign=found.campaign).first()
    may_plan = request.user.has_perm("inspections.plan_visits", found.campaign)
    may_change = may_plan and not (found.withdrawn_at or found.started_at)
    if found.method == Method.OPEN:
        may_change = may_change and schedule and not schedule.is_waiting
    initial = {"day": found.day, "auditors": [each.pk for each in people]}
    initial["revision"] = found.revision
    context = {
        "campaign": found.campaign,
        "visit": found,
        "people": people,
        "schedule": schedule if request.user.sees_company else None,
        "form": (form or VisitForm(initial=initial, campaign=found.campaign, is_new=False))
        if may_change
        else None,
        "entries": story_of(found) if request.user.sees_company else [],
        "may_go": request.user.has_perm("inspections.carry_out_visit", found),
        "sheets": sheets_of(found, request.user),
        "seen": list(seen_on(found, request.user)),
        **of_method(found, request.user),
    }
    return render(request, "inspections/audit_visit.html", context, status=status)


def of_method(visit: AuditVisit, reader) -> dict:
    """What a visit by one method shows besides; nothing before it has begun."""
    questions = test = None
    if visit.started_at and visit.method == Method.POST_QUESTION:
        questions = VisitQuestions(visit, reader)
    if visit.started_at and visit.method == Method.WRITTEN_TEST:
        test = TestPage(visit, reader, timezone.now())
    form = TestObservationForm(page=test) if test and test.abouts else None
    return {"questions": questions, "test": test, "test_form": form}
