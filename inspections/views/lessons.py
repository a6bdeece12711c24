"""Lessons: the list, one, and what of them is offered beside a problem that somebody writes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.access import campaign_or_404
from inspections.finding.photos import stored
from inspections.forms.lessons import LessonForm
from inspections.forms.policies import kind_choices
from inspections.learning.lesson_list import LessonList
from inspections.learning.lessons import (
    edit_lesson,
    keep_from_finding,
    keep_lesson,
    lessons_like,
    withdraw_lesson,
)
from inspections.models import Finding, Lesson
from inspections.views.self_saving import is_uuid, number
from organization.errors import Conflict, Refused, require
from organization.history import story_of
from organization.long_select import Shared
from organization.models import Specialty
from organization.specialties import every_specialty
from scoring.models import Requirement


@require_http_methods(["GET", "HEAD", "POST"])
def lessons(request, campaign):
    """The list; a POST keeps a verified finding as a lesson."""
    held = campaign_or_404(request, campaign)
    if request.method == "POST":
        return keep(request, held)
    found = LessonList(request.user, request.GET)
    page = found.page(request.GET.get("page"))
    context = {
        "campaign": held,
        "found": found,
        "page": page,
        "answer": found.answer(page),
        "specialties": every_specialty(),
    }
    return render(request, "inspections/lessons.html", context)


def keep(request, held):
    key = request.POST.get("finding", "")
    visible = Finding.objects.opened().visible_to(request.user).filter(campaign=held)
    visible = visible.select_related("specialty", "requirement__item__rubric", "campaign")
    finding = get_object_or_404(visible, pk=key if is_uuid(key) else None)
    require(request.user, "inspections.keep_finding", finding)
    try:
        keep_from_finding(finding=finding, by=request.user, at=timezone.now())
        messages.success(request, _("已记为经验，以后写方案遇到类似问题会提示。"))
    except Refused as refusal:
        messages.error(request, refusal)
    return redirect(finding)


@require_safe
def lessons_for(request, campaign):
    """A part of a page: lessons like a plan's line, a finding, or words that were just typed."""
    held = campaign_or_404(request, campaign)
    problem, requirement, specialty = asked(request, held)
    offers = lessons_like(problem, requirement, specialty)
    return render(request, "inspections/_lessons_for.html", {"offers": offers, "campaign": held})


def asked(request, held) -> tuple[str, Requirement | None, Specialty | None]:
    key, line = request.GET.get("line", ""), None
    if is_uuid(key):
        visible = Finding.objects.visible_to(request.user).filter(campaign=held, pk=key)
        line = visible.select_related("specialty", "requirement__item__rubric").first()
    if line:  # one that was just removed, here or in another tab, is asked about once more
        return request.GET.get("problem") or line.problem, line.requirement, line.specialty
    specialty = Specialty.objects.filter(code=request.GET.get("specialty", "")).first()
    return request.GET.get("problem", "")[:1000], None, specialty


@require_http_methods(["GET", "HEAD", "POST"])
def lesson_new(request, campaign):
    held, at = campaign_or_404(request, campaign), timezone.now()
    require(request.user, "inspections.write_lesson")
    form = form_for(request, held)
    if request.method == "POST" and form.is_valid():
        try:
            photos = stored(form.cleaned_data["photos"], by=request.user, at=at)
            made = keep_lesson(campaign=held, photos=photos, by=request.user, at=at, **form.words)
            return redirect(made)
        except ValidationError as error:
            form.add_error("photos", error)
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
    return edited(request, held, form, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def lesson_edit(request, campaign, pk):
    held, lesson = seen(request, campaign, pk)
    require(request.user, "inspections.write_lesson")
    form, theirs, status = form_for(request, held, lesson), None, 200
    if request.method == "POST":
        status = 422
        try:
            if changed(request, lesson, form):
                messages.success(request, _("已保存。"))
                return redirect("lesson", held.code, pk)
        except Conflict as conflict:
            theirs, status = conflict.theirs, 409
    return edited(request, held, form, status=status, lesson=lesson, theirs=theirs)


def form_for(request, held, lesson: Lesson | None = None) -> LessonForm:
    begun = {}
    if lesson:
        code = lesson.specialty.code if lesson.specialty else ""
        what = f"{code}.{lesson.item}" if lesson.item else code
        begun = {"problem": lesson.problem, "method": lesson.method, "what": what}
        begun["number"] = lesson.number
    return LessonForm(
        request.POST or None,
        request.FILES or None,
        initial=begun,
        choices=Shared(kind_choices(held)),
        is_new=lesson is None,
    )


def changed(request, lesson: Lesson, form: LessonForm) -> bool:
    """Whether it was saved; a stale page is the caller's to show."""
    if not form.is_valid():
        return False
    try:
        edit_lesson(
            lesson=lesson,
            revision=number(request.POST.get("revision", "")),
            changes=form.words,
            by=request.user,
            at=timezone.now(),
        )
    except Conflict:
        raise
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
    return not form.errors


def edited(request, held, form, *, status=200, lesson=None, theirs=None):
    context = {"campaign": held, "form": form, "lesson": lesson, "theirs": theirs}
    return render(request, "inspections/lesson_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request, campaign, pk):
    """One lesson; a POST withdraws it with a reason."""
    held, found = seen(request, campaign, pk)
    if request.method == "POST":
        require(request.user, "inspections.write_lesson")
        reason = request.POST.get("reason", "")
        try:
            withdraw_lesson(lesson=found, reason=reason, by=request.user, at=timezone.now())
            messages.success(request, _("已撤下这条经验。"))
            return redirect("lessons", held.code)
        except Refused as refusal:
            messages.error(request, refusal)
            return shown(request, held, found, reason=reason, status=409)
    return shown(request, held, found)


def shown(request, held, found: Lesson, *, reason="", status=200):
    visible = Finding.objects.visible_to(request.user)
    context = {
        "campaign": held,
        "lesson": found,
        "source": visible.filter(pk=found.finding_id).select_related("campaign").first(),
        "story": story_of(found),
        "reason": reason,
    }
    return render(request, "inspections/lesson.html", context, status=status)


def seen(request, campaign: str, pk: int):
    """A lesson of any campaign, opened from within one."""
    held = campaign_or_404(request, campaign)
    every = Lesson.objects.standing().select_related(
        "specialty", "campaign", "created_by", "requirement__item", "seminar_problem__seminar"
    )
    return held, get_object_or_404(every, pk=pk)
