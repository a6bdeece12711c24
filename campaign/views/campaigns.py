"""All campaigns, and one campaign's set-up: what the president is asked to approve."""

from collections import defaultdict

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign import lifecycle
from campaign.access import campaign_or_404
from campaign.answers import campaign_answer
from campaign.cloning import clone_campaign
from campaign.forms import NewCampaignForm, ReturnForm
from campaign.gates import gates_of
from campaign.models import Campaign, Milestone, Participation
from campaign.registry import setup_parts, what_is_missing
from campaign.setup import create_campaign
from organization.clock import local_day
from organization.errors import Refused, move_of, require
from organization.history import story_of
from organization.prepared import keep_related, prepared

PAGE_SIZE = 20
NAMES_SHOWN = 60
# What a campaign's list of the set-up asks of several times, with what of it.
PARTS_READ = {"weights": ("specialty",), "bands": (), "reward_rules": ()}
CHECKED_BY = ("campaign.set_up", "campaign.approve_campaign")  # who minds odd dates


@require_http_methods(["GET", "HEAD", "POST"])
def campaigns(request):
    if request.method == "POST":
        return make_campaign(request)
    return show_all(request, NewCampaignForm.blank())


def show_all(request, form):
    visible = Campaign.objects.visible_to(request.user).prefetch_related("phases")
    pages = Paginator(visible, PAGE_SIZE)
    context = {"page": pages.get_page(request.GET.get("page")), "form": form}
    return render(request, "campaign/campaigns.html", context)


def make_campaign(request):
    """A draft by the plan or from an earlier campaign, in the year that was asked for."""
    require(request.user, "campaign.create_campaign")
    form = NewCampaignForm(request.POST)
    if not form.is_valid():
        return show_all(request, form)
    try:
        made = new_draft(**form.cleaned_data, by=request.user, at=timezone.now())
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return show_all(request, form)
    messages.success(request, _("已建立草稿，请核对后提交审批。"))
    return redirect(made)


def new_draft(*, source, **asked):
    if source is None:
        return create_campaign(**asked)
    return clone_campaign(source=source, **asked)


@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request, campaign):
    found = campaign_or_404(request, campaign)
    if request.method == "POST":
        return change(request, found)
    return show(request, found)


def show(request, campaign, form=None):
    at, sets_up = timezone.now(), request.user.has_perm("campaign.set_up")
    read_parts(campaign, PARTS_READ if sets_up else {})
    phases = list(campaign.phases.all())
    first_day = phases[0].start if phases else None
    hang_gates(campaign, phases, at=at)
    is_checked = any(map(request.user.has_perm, CHECKED_BY))
    context = {
        "campaign": campaign,
        "is_checked": is_checked,
        "answer": campaign_answer(campaign, request.user, first_day=first_day),
        "phases": phases,
        "flagged": odd_milestones(phases) if is_checked else [],
        "milestone_count": sum(len(phase.milestones.all()) for phase in phases),
        "first_day": first_day,
        "starts_at_once": first_day is not None and first_day <= local_day(at),
        "parts": setup_parts(campaign) if sets_up else [],
        "missing": [] if campaign.started_at else what_is_missing(campaign),
        "projects": [name for (name,) in first_names(campaign=campaign.pk)],
        "project_count": campaign.number_taking_part,
        "entries": story_of(campaign, PAGE_SIZE),
        "form": form or ReturnForm(),
    }
    return render(request, "campaign/campaign.html", context)


def read_parts(campaign, parts) -> None:
    """Have phases with their milestones and these parts at hand, put into SQL once."""
    milestones = defaultdict(list)
    for milestone in milestones_of(campaign=campaign.pk):
        milestones[milestone.phase_id].append(milestone)
    keep_related(campaign, "phases", campaign.phases_in_order)
    for phase in campaign.phases_in_order:
        keep_related(phase, "milestones", milestones[phase.pk])
    for name in parts:
        keep_related(campaign, name, parts_of(campaign=campaign.pk, name=name))


def part(*, campaign, name: str) -> QuerySet:
    model = Campaign._meta.get_field(name).related_model
    return model.objects.filter(campaign__pk=campaign).select_related(*PARTS_READ[name])


def in_its_phases(*, campaign) -> QuerySet[Milestone]:
    return Milestone.objects.filter(phase__campaign__pk=campaign).order_by("order")


def names(*, campaign) -> QuerySet[Participation]:
    parts = Participation.objects.filter(campaign__pk=campaign).order_by("project__code")
    return parts.values_list("project__name")[:NAMES_SHOWN]


OF_CAMPAIGN = {"campaign": Campaign._meta.pk}
parts_of, milestones_of = prepared(part, OF_CAMPAIGN), prepared(in_its_phases, OF_CAMPAIGN)
first_names = prepared(names, OF_CAMPAIGN)


def odd_milestones(phases) -> list[Milestone]:
    """Allowed, and pointed out to who sets a campaign up or approves it."""
    return [m for phase in phases for m in phase.milestones.all() if m.is_outside_its_phase]


def hang_gates(campaign, phases, *, at):
    """Each phase with its gate, once something is owed."""
    gates = gates_of(campaign, at=at, phases=phases) if campaign.started_at else {}
    for phase in phases:
        phase.gate = gates.get(phase.pk)


def submit(request, campaign, at):
    lifecycle.submit_campaign(campaign=campaign, by=request.user, at=at)
    return _("已提交总经理审批。")


def approve(request, campaign, at):
    approved = lifecycle.approve_campaign(campaign=campaign, by=request.user, at=at)
    return _("已批准，专项工作开始。") if approved.started_at else _("已批准，到第一天自动开始。")


def send_back(request, campaign, at):
    reason = request.POST.get("reason", "")
    lifecycle.return_campaign(campaign=campaign, reason=reason, by=request.user, at=at)
    return _("已退回管理中心。")


def close(request, campaign, at):
    lifecycle.close_campaign(campaign=campaign, by=request.user, at=at)
    return _("专项工作已结束。")


# What a button asks for: who may, and what it does.
MOVES = {
    "submit": ("campaign.submit_campaign", submit),
    "approve": ("campaign.approve_campaign", approve),
    "return": ("campaign.approve_campaign", send_back),
    "close": ("campaign.close_campaign", close),
}


def change(request, campaign):
    """Do what the button says; a refusal shows the page again with what was typed."""
    permission, move = move_of(MOVES, request.POST.get("move"))
    require(request.user, permission, campaign)
    try:
        messages.success(request, move(request, campaign, timezone.now()))
    except Refused as refusal:
        form = ReturnForm(request.POST)
        form.add_error("reason" if refusal.field == "reason" else None, str(refusal))
        campaign.refresh_from_db()
        return show(request, campaign, form)
    return redirect(campaign)
