"""The rules of scoring on one page of a campaign's set-up: kept together, or not at all."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from organization.errors import Conflict, Refused, require
from scoring.bands import set_bands
from scoring.models import CampaignResults
from scoring.rules_form import RulesForms
from scoring.setup_list import answer
from scoring.terms import set_appeal_days, set_rounding
from scoring.weights import scoring_is_open, set_weights


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "scoring.set_weights", held)
    if request.method == "POST":
        return keep(request, held)
    return show(request, RulesForms(held))


def show(request, forms, status=200):
    campaign = forms.campaign
    samples = campaign.weights.filter(is_sample=True).values_list("specialty__code", flat=True)
    context = {
        "campaign": campaign,
        "forms": forms,
        "answer": answer(campaign),
        "samples": set(samples),
        "is_open": scoring_is_open(campaign),
    }
    return render(request, "scoring/setup_scoring.html", context, status=status)


def keep(request, campaign):
    forms = RulesForms(campaign, request.POST)
    if not forms.is_valid():
        return show(request, forms, status=422)
    try:
        save(campaign, forms, by=request.user, at=timezone.now())
    except Conflict:
        forms = RulesForms(campaign, request.POST)  # beside what is stored now
        forms.is_conflict = True
        return show(request, forms, status=409)
    except Refused as refusal:
        forms.problem = str(refusal)
        return show(request, forms, status=422)
    messages.success(request, _("评分规则已保存。"))
    return redirect("setup_scoring", campaign.code)


@transaction.atomic
def save(campaign, forms, *, by, at) -> None:
    """Only what was changed goes on record; weights that were samples are adopted."""
    CampaignResults.objects.hold(campaign)
    campaign.refresh_from_db()
    now = RulesForms(campaign)
    if forms.terms.cleaned_data["seen"] != now.mark:
        raise Conflict(_("您打开这一页之后，有人改了评分规则。"), theirs=campaign)
    asked = {"campaign": campaign, "by": by, "at": at}
    samples = campaign.weights.filter(is_sample=True).exists()
    if samples or forms.weights.has_changed():
        set_weights(percents=forms.percents(), **asked)
    if forms.bands.has_changed():
        set_bands(bands=forms.band_rows(), **asked)
    set_rounding(rounding=forms.terms.cleaned_data["rounding"], **asked)
    set_appeal_days(days=forms.terms.cleaned_data["appeal_days"], **asked)
