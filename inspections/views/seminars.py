"""Seminars: the list, a new one, and the one page on which everything about one is written."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.access import campaign_or_404
from inspections.forms.writing import NewSeminarForm, ProblemForm, SeminarForm
from inspections.handing_in import hand_in_solutions
from inspections.learning.lessons import keep_from_problem
from inspections.learning.seminar_paper import minutes_paper, solutions_paper
from inspections.learning.seminar_screen import SeminarList, SeminarScreen, today_or_first
from inspections.learning.seminars import (
    add_problem,
    close_seminar,
    edit_problem,
    edit_seminar,
    hold_seminar,
    link_findings,
    remove_problem,
    reopen_seminar,
    unlink_finding,
)
from inspections.models import Finding, Seminar
from inspections.views.papers import paper_response
from inspections.views.self_saving import answered, is_uuid, save
from organization.errors import Refused, move_of, require
from organization.models import Specialty
from organization.replica import may_lag
from organization.roles import Role
from organization.specialties import every_specialty

PAPERS = {"solutions": solutions_paper, "minutes": minutes_paper}


@may_lag
@require_safe
def seminars(request, campaign):
    held = campaign_or_404(request, campaign)
    found = SeminarList(held, request.GET)
    context = {
        "campaign": held,
        "found": found,
        "page": found.page(request.GET.get("page")),
        "specialties": every_specialty(),
        "at": timezone.now(),
    }
    return render(request, "inspections/seminars.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def seminar_new(request, campaign):
    held, at = campaign_or_404(request, campaign), timezone.now()
    require(request.user, "inspections.hold_seminar", held)
    form = NewSeminarForm(
        request.POST or None,
        specialties=specialties_of(request.user),
        initial={"day": today_or_first(held, at)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = hold_seminar(
                campaign=held, chair=request.user, by=request.user, at=at, **form.cleaned_data
            )
            return redirect(made)
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
    status = 422 if form.errors else 200
    context = {"campaign": held, "form": form}
    return render(request, "inspections/seminar_new.html", context, status=status)


def specialties_of(user):
    if user.has_role(Role.MANAGEMENT_CENTER):
        return Specialty.objects.all()
    return Specialty.objects.filter(
        post__in=[post.pk for post in user.current_posts if post.role == Role.SPECIALTY_LEAD]
    )


@require_http_methods(["GET", "HEAD", "POST"])
def seminar(request, campaign, pk):
    found, at = seen(request, campaign, pk), timezone.now()
    if request.method == "POST":
        do, _colon, target = request.POST.get("do", "").partition(":")
        return move_of(DOORS, do)(request, found, at, target)
    return shown(request, found, at)


@require_safe
def seminar_paper(request, campaign, pk, paper, ending):
    """The list of solutions or the minutes, as PDF or Word."""
    if paper not in PAPERS:
        raise Http404
    return paper_response(request, PAPERS[paper](seen(request, campaign, pk)), ending)


def seen(request, campaign: str, pk: int) -> Seminar:
    held = campaign_or_404(request, campaign)
    every = Seminar.objects.select_related("specialty", "chair", "closed_by")
    found = get_object_or_404(every, campaign=held, pk=pk)
    found.campaign = held
    return found


def shown(request, found: Seminar, at, typed=None, status=200, **more):
    screen = SeminarScreen(found, request.user, at, request.GET, typed)
    context = {"screen": screen, "seminar": found, "state": found.state()} | more
    return render(request, "inspections/seminar.html", context, status=status)


def problem_of(found: Seminar, key: str):
    """One of this seminar's problems; garbage is none."""
    try:
        pk = UUID(key)
    except ValueError as error:
        raise Http404 from error
    problem = found.problems.select_related("responsible").filter(pk=pk).first()
    if problem:
        problem.seminar = found
    return problem


def save_typed(request, found: Seminar, at, target):
    """The seminar's own words, or those of one problem; asked by script or by a plain form."""
    require(request.user, "inspections.write_seminar", found)
    kind, _dash, key = target.partition("-")
    people = SeminarScreen(found, request.user, at, request.GET).people
    try:
        if kind == "seminar":
            form = SeminarForm(request.POST, thing=found, people=people)
            refused = save(
                request, form, bound(edit_seminar, seminar=found), verb="edit_seminar", at=at
            )
        else:
            form, refused = save_problem(request, found, at, key, people)
    except Refused as refusal:
        form, refused = SeminarForm(thing=found, people=people), str(refusal)

    def page(form, status):
        return shown(request, found, at, typed=form, status=status, unsaved=unsaved(request, found))

    return answered(request, form, refused, at, page=page, done=redirect(found))


def save_problem(request, found: Seminar, at, key: str, people):
    """One that was removed while somebody typed into it comes back with the words typed."""
    problem, seen_at = problem_of(found, key), None
    if problem is None:
        words = [request.POST.get(f"problem-{key}-{name}", "") for name in ("problem", "solution")]
        text = next(filter(None, map(str.strip, words)), "")
        problem = add_problem(seminar=found, problem=text, id=UUID(key), by=request.user, at=at)
        seen_at = problem.revision
        messages.warning(request, _("这一条刚被删除，您写的内容已经重新加入。"))
    form = ProblemForm(request.POST, thing=problem, people=people)
    edit = bound(edit_problem, problem=problem)
    return form, save(request, form, edit, verb="edit_problem", at=at, seen=seen_at)


def unsaved(request, found: Seminar) -> list[str]:
    """What was typed into a seminar that can't be written any more, to be copied elsewhere."""
    if found.closed_at is None:
        return []
    names = ("minutes", "attendees", "problem", "solution")
    return [text for key, text in request.POST.items() if key.endswith(names) and text.strip()]


def bound(edit, **thing):
    return lambda **how: edit(**thing, **how)


def acting(move, done=""):
    """A door that makes one move and says so, or says why not."""

    def door(request, found: Seminar, at, target):
        require(request.user, "inspections.write_seminar", found)
        try:
            move(request, found, at, target)
        except Refused as refusal:
            messages.error(request, refusal)
            typed = {"typed_new": request.POST.get("new", ""), "reason": request.POST.get("reason")}
            return shown(request, found, at, status=409, **typed)
        if done:
            messages.success(request, done)
        return redirect(found)

    return door


def add(request, found, at, target):
    add_problem(seminar=found, problem=request.POST.get("new", ""), by=request.user, at=at)


def remove(request, found, at, target):
    problem = problem_of(found, target)
    if problem:
        remove_problem(problem=problem, by=request.user, at=at)


def link(request, found, at, target):
    """Ticked findings go to the chosen problem, or each becomes a problem of its own."""
    ticked = [key for key in request.POST.getlist("finding") if is_uuid(key)]
    findings = Finding.objects.opened().filter(campaign=found.campaign, pk__in=ticked)
    if not findings:
        raise Refused(_("先勾选要关联的问题。"), code="blank")
    chosen = request.POST.get("problem", "")
    if is_uuid(chosen) and (problem := problem_of(found, chosen)):
        link_findings(problem=problem, findings=findings, by=request.user, at=at)
        return
    for finding in findings:
        add_problem(
            seminar=found, problem=finding.problem, findings=[finding], by=request.user, at=at
        )


def unlink(request, found, at, target):
    key, _colon, finding = target.partition(":")
    problem = problem_of(found, key)
    if problem and is_uuid(finding):
        for each in problem.findings.filter(pk=finding):
            unlink_finding(problem=problem, finding=each, by=request.user, at=at)


def close(request, found, at, target):
    close_seminar(seminar=found, by=request.user, at=at)


def reopen(request, found, at, target):
    reopen_seminar(seminar=found, reason=request.POST.get("reason", ""), by=request.user, at=at)


def hand_in(request, found, at, target):
    obligation = SeminarScreen(found, request.user, at, request.GET).obligation
    if obligation:
        require(request.user, "campaign.submit", obligation)
    hand_in_solutions(seminar=found, by=request.user, at=at)
    messages.success(request, _("解决方案已经交到任务的书面资料里，检查后提交即可。"))


def keep(request, found, at, target):
    problem = problem_of(found, target)
    if problem:
        keep_from_problem(problem=problem, by=request.user, at=at)
        messages.success(request, _("已记为经验，以后写方案遇到类似问题会提示。"))


DOORS = {
    "save": save_typed,
    "add": acting(add),
    "remove": acting(remove),
    "link": acting(link),
    "unlink": acting(unlink),
    "close": acting(close),
    "reopen": acting(reopen),
    "hand_in": acting(hand_in),
    "keep": acting(keep),
}
