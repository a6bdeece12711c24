"""Appeals: all that the reader may see, as a page and in Excel, and a new one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.access import campaign_or_404
from campaign.models import Campaign
from inspections.appeal.appeal_list import AppealList
from inspections.appeal.appeal_page import Contested
from inspections.appeal.appeals import appeal, require_contestable, standing_appeal
from inspections.forms.appeals import AppealForm
from inspections.models import Appeal, Observation, ScoreSheet
from organization.downloads import download
from organization.errors import Refused, require
from organization.models import Project, User
from organization.prepared import prepared
from organization.replica import may_lag
from scoring.exports import XLSX


@may_lag
@require_safe
def appeals(request, campaign):
    held = campaign_or_404(request, campaign)
    found = AppealList(held, request.user, timezone.now(), request.GET)
    return render(request, "inspections/appeals.html", {"campaign": held, "found": found})


@may_lag
@require_safe
def excel(request, campaign):
    held = campaign_or_404(request, campaign)
    found = AppealList(held, request.user, timezone.now(), request.GET)
    return download(found.workbook(), f"appeals-{held.code}.xlsx", XLSX)


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_new(request, campaign, pk):
    """Contest the deduction that an observation belongs to; one contested before is shown."""
    held, at = campaign_or_404(request, campaign), timezone.now()
    observation = observation_or_404(request.user, held, pk)
    require(request.user, "inspections.appeal", observation.sheet)
    if found := standing_appeal(observation):
        return redirect(found)
    form = AppealForm(request.POST or None, request.FILES or None)
    sent = request.method == "POST"
    made = made_or_none(form, observation, by=request.user, at=at) if sent else None
    if made:
        messages.success(request, _("申诉已提交，管理中心收到了通知。"))
        return redirect(made)
    context = {
        "campaign": held,
        "sheet": observation.sheet,
        "contested": Contested.by(observation),
        "form": form,
        "closed": "" if sent else why_not(observation, at),
    }
    return render(request, "inspections/appeal_new.html", context, status=422 if sent else 200)


def observation_or_404(reader: User, campaign: Campaign, pk) -> Observation:
    """One of a sheet that the reader may know of; nearly everybody who asks works in a project."""
    if reader.sees_company:
        sheets = ScoreSheet.objects.visible_to(reader).filter(campaign=campaign)
        found = with_all(Observation.objects.filter(pk=pk, sheet__in=sheets))
    else:
        projects = sorted(reader.project_ids)
        found = seen_in(campaign=campaign.pk, projects=projects, observation=pk)
    observation = next(iter(found), None)
    if observation is None:
        raise Http404
    observation.sheet.campaign = campaign
    return observation


def with_all(observations):
    sheet = ("sheet__project", "sheet__specialty", "sheet__rubric")
    return observations.select_related(*sheet, "item", "requirement", "rule").order_by("pk")


def shown_in(*, campaign, projects, observation):
    sheets = ScoreSheet.objects.shown_in(projects).filter(campaign__pk=campaign)
    return with_all(Observation.objects.filter(pk=observation, sheet__in=sheets))


seen_in = prepared(
    shown_in,
    {
        "campaign": Campaign._meta.pk,
        "projects": Project._meta.pk,
        "observation": Observation._meta.pk,
    },
)


def why_not(observation: Observation, at) -> str:
    """Why the deduction cannot be contested now, for the page instead of its form."""
    try:
        require_contestable(observation, at=at)
    except Refused as refusal:
        return str(refusal)
    return ""


def made_or_none(form: AppealForm, observation: Observation, *, by, at) -> Appeal | None:
    if not form.is_valid():
        return None
    try:
        reason, files = form.cleaned_data["reason"], form.evidence
        return appeal(observation=observation, reason=reason, files=files, by=by, at=at)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
    except ValidationError as error:
        form.add_error("files", error)
    return None
