"""Reward rules and team reward on one page of a campaign's set-up."""

from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from organization.errors import Refused
from rewards.amounts import check_settlement, set_reward_rules, set_team_reward
from rewards.models import TeamReward
from rewards.posts_day import posts_day, set_posts_day
from rewards.rules import rule_amounts
from rewards.rules_form import RulesForm
from rewards.setup_list import answer
from scoring.rules_page import RulesPage


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request, campaign):
    return PAGE.answer(request, campaign)


def shown(form: RulesForm) -> dict:
    campaign = form.campaign
    return {"form": form, "answer": answer(campaign), "locked": why_locked(campaign)}


def why_locked(campaign) -> str:
    """Why the rules can't be changed now; empty when they can."""
    try:
        check_settlement(campaign, campaign.settlements.first())
    except Refused as refusal:
        return str(refusal)
    return ""


def save(form: RulesForm, *, campaign, **asked) -> None:
    """Only what was changed goes on record."""
    if form.amounts() != rule_amounts(campaign):
        set_reward_rules(campaign=campaign, amounts=form.amounts(), **asked)
    team = TeamReward.objects.filter(campaign=campaign).first()
    lowest, amount = form.cleaned_data["team_lowest"], form.cleaned_data["team_amount"]
    if lowest is not None and (team is None or (team.lowest, team.amount) != (lowest, amount)):
        set_team_reward(campaign=campaign, lowest=lowest, amount=amount, **asked)
    if (day := form.cleaned_data["posts_on"]) != posts_day(campaign):
        set_posts_day(campaign=campaign, day=day, **asked)


PAGE = RulesPage(
    name="setup_rewards",
    permission="rewards.set_rules",
    template="rewards/setup_rewards.html",
    form=RulesForm,
    context=shown,
    save=save,
    saved=_("奖惩标准已保存。"),
)
