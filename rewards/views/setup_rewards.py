"""Reward rules and team reward on one page of a campaign's set-up."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from organization.errors import Conflict, Refused, require
from rewards.amounts import check_settlement, set_reward_rules, set_team_reward
from rewards.models import TeamReward
from rewards.rules import rule_amounts
from rewards.rules_form import RulesForm
from rewards.setup_list import answer
from scoring.models import CampaignResults


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "rewards.set_rules", held)
    if request.method == "POST":
        return keep(request, held)
    return show(request, RulesForm(held))


def show(request, form, status=200):
    campaign = form.campaign
    context = {
        "campaign": campaign,
        "form": form,
        "answer": answer(campaign),
        "locked": why_locked(campaign),
    }
    return render(request, "rewards/setup_rewards.html", context, status=status)


def why_locked(campaign) -> str:
    """Why the rules can't be changed now; empty when they can."""
    try:
        check_settlement(campaign, campaign.settlements.first())
    except Refused as refusal:
        return str(refusal)
    return ""


def keep(request, campaign):
    form = RulesForm(campaign, request.POST)
    if not form.is_valid():
        return show(request, form, status=422)
    try:
        save(campaign, form, by=request.user, at=timezone.now())
    except Conflict:
        form = RulesForm(campaign, request.POST)  # beside what is stored now
        form.is_conflict = True
        return show(request, form, status=409)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return show(request, form, status=422)
    messages.success(request, _("奖惩标准已保存。"))
    return redirect("setup_rewards", campaign.code)


@transaction.atomic
def save(campaign, form, *, by, at) -> None:
    """Only what was changed goes on record."""
    CampaignResults.objects.hold(campaign)
    if form.cleaned_data["seen"] != RulesForm(campaign).mark:
        raise Conflict(_("您打开这一页之后，有人改了奖惩标准。"), theirs=campaign)
    asked = {"campaign": campaign, "by": by, "at": at}
    if form.amounts() != rule_amounts(campaign):
        set_reward_rules(amounts=form.amounts(), **asked)
    team = TeamReward.objects.filter(campaign=campaign).first()
    lowest, amount = form.cleaned_data["team_lowest"], form.cleaned_data["team_amount"]
    if lowest is not None and (team is None or (team.lowest, team.amount) != (lowest, amount)):
        set_team_reward(lowest=lowest, amount=amount, **asked)
