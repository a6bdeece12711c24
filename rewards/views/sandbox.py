"""Trying bands and amounts out: the address holds what is tried, nothing is saved by looking."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.models import Campaign
from organization.errors import Refused, require
from rewards.rules import terms_of
from rewards.sandbox import SHOWN, adopt_rules, trial
from rewards.sandbox_form import SandboxForm
from rewards.views.settlement import seen_campaign
from scoring.weights import scoring_is_open


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, campaign):
    """A POST makes what the address says the campaign's rule; `?part=1` asks for the outcome."""
    campaign = seen_campaign(request, campaign)
    campaigns = Campaign.objects.visible_to(request.user).order_by("-year", "code")
    form = SandboxForm(campaign, terms_of(campaign), request.GET, campaigns)
    if request.method == "POST":
        require(request.user, "rewards.set_rules", campaign)
        if form.is_valid() and adopted(request, form):
            return redirect("setup_rewards", campaign.code)
    return shown(request, form)


def adopted(request, form: SandboxForm) -> bool:
    try:
        adopt_rules(
            campaign=form.campaign,
            lowest=form.lowest,
            amounts=form.amounts,
            team=form.team,
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, refusal)
        return False
    messages.success(request, _("已作为本次专项工作的等级和奖惩标准。"))
    return True


def shown(request, form: SandboxForm):
    context = {"campaign": form.campaign, "form": form, "shown": SHOWN}
    status = 200
    if form.is_valid():
        on = Campaign.objects.get(code=form.cleaned_data["on"])
        names = {mark.code: mark.name for mark in reversed(form.marks)}
        rules = {"in_force": form.terms, "tried": form.tried(), "names": names}
        context |= {"trial": trial(on=on, at=timezone.now(), **rules), "on": on}
        context["may_become"] = not scoring_is_open(form.campaign) and not form.is_in_force
    elif request.GET:
        status = 422
    is_part = "part" in request.GET
    template = "rewards/_sandbox_outcome.html" if is_part else "rewards/sandbox.html"
    return render(request, template, context, status=200 if is_part else status)
