"""All trainings and surveys of a campaign; planning a training, and changing one."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.access import campaign_or_404
from inspections.forms.trainings import ALL, HAVING, SOME, NewTrainingForm, TrainingForm
from inspections.project_pick import is_finding, picking
from inspections.training.needs import topic_counts
from inspections.training.training_list import TrainingList
from inspections.training.trainings import change_training, plan_training
from organization.errors import Conflict, Refused, require
from organization.replica import may_lag
from organization.roles import PROJECT_ROLES
from organization.specialties import every_specialty

TOPICS_TAKEN = 5


@may_lag
@require_safe
def trainings(request, campaign):
    held = campaign_or_404(request, campaign)
    found = TrainingList(held, request.user, timezone.now(), request.GET)
    context = {
        "campaign": held,
        "found": found,
        "page": found.page(request.GET.get("page")),
        "specialties": every_specialty(),
    }
    return render(request, "inspections/trainings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def training_new(request, campaign):
    """From a survey its most needed topics are there already."""
    held = campaign_or_404(request, campaign)
    require(request.user, "inspections.plan_training")
    survey = survey_of(held, request.GET.get("survey", ""))
    first = first_values(survey)
    form = NewTrainingForm(request.POST or None, user=request.user, campaign=held, initial=first)
    if is_finding(request):
        return show_form(request, form, survey=survey)
    if request.method == "POST" and form.is_valid():
        made = planned(request, held, survey, form)
        if made:
            messages.success(request, _("已安排，受邀人员已收到通知。"))
            return redirect(made)
    return show_form(request, form, survey=survey)


def survey_of(campaign, pk: str):
    return campaign.surveys.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 12 else None


def first_values(survey) -> dict:
    values = {"reach": HAVING, "roles": list(PROJECT_ROLES)}
    if survey is None:
        return values
    wanted = [topic.text for topic in topic_counts(survey)[:TOPICS_TAKEN] if topic.count]
    return values | {"specialty": survey.specialty.code, "topics": "\n".join(wanted)}


def planned(request, campaign, survey, form):
    """The new training, or None with the errors beside their fields."""
    specialty = form.cleaned_data["specialty"]
    require(request.user, "inspections.train", specialty)
    typed = form.arranged(specialty)
    typed.pop("revision")
    try:
        return plan_training(
            campaign=campaign, survey=survey, by=request.user, at=timezone.now(), **typed
        )
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
    return None


@require_http_methods(["GET", "HEAD", "POST"])
def training_edit(request, campaign, pk):
    held = campaign_or_404(request, campaign)
    found = get_object_or_404(held.trainings.visible_to(request.user), pk=pk)
    require(request.user, "inspections.train", found.specialty)
    form = TrainingForm(request.POST or None, campaign=held, initial=values_of(found))
    if request.method != "POST" or is_finding(request) or not form.is_valid():
        return show_form(request, form, training=found)
    try:
        typed = form.arranged(found.specialty)
        change_training(training=found, by=request.user, at=timezone.now(), **typed)
    except Conflict as conflict:
        form.data = form.data.copy()
        form.data["revision"] = conflict.theirs.revision
        form.add_error(None, str(conflict))
        return show_form(request, form, training=conflict.theirs, status=409)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return show_form(request, form, training=found)
    messages.success(request, _("已保存。"))
    return redirect(found)


def values_of(training) -> dict:
    names = ("title", "topics", "starts_at", "place", "trainer", "roles", "revision")
    values = {name: getattr(training, name) for name in names}
    return values | reach_of(training)


def reach_of(training) -> dict:
    """Whom it invites as the form has it: all, those with the specialty, or these."""
    invited = training.projects.through.objects.filter(training=training).order_by()
    parts = training.campaign.participations.order_by()
    lacking = parts.filter(lacks=training.specialty)
    number, taking_part, without = (rows.count() for rows in (invited, parts, lacking))
    if number in (taking_part, taking_part - without):  # else no need to compare ten thousand
        others = invited.exclude(project__in=parts.values("project"))
        if not without:
            lacking = invited.none()
        else:
            lacking = invited.filter(project__in=lacking.values("project"))
        if not others.exists():
            if number == taking_part - without and not lacking.exists():
                return {"reach": HAVING}
            if number == taking_part:
                return {"reach": ALL}
    codes = training.projects.values_list("code", flat=True)
    return {"reach": SOME, "projects": sorted(codes)}


def show_form(request, form, *, status=None, **more):
    context = {"campaign": form.campaign, "form": form} | picking(request, form.campaign, form)
    status = status or (422 if form.errors else 200)
    return render(request, "inspections/training_form.html", context | more, status=status)
