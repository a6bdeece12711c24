"""Asking to correct an approved settlement, and the president's answer."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organization.errors import Refused, require
from rewards.corrections import ask_correction, grant_correction, refuse_correction
from rewards.forms import CorrectionForm, RefusalForm
from rewards.models import Correction
from rewards.views.settlement import last_or_404, seen_campaign, shown


@require_POST
def ask(request, campaign):
    campaign = seen_campaign(request, campaign)
    require(request.user, "rewards.ask_correction", campaign)
    found, form = last_or_404(campaign), CorrectionForm(request.POST)
    if form.is_valid():
        try:
            ask_correction(
                settlement=found, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(refusal.code if refusal.code in form.fields else "reason", str(refusal))
        else:
            messages.success(request, _("已申请更正，等总经理答复。"))
            return redirect("settlement", campaign.code)
    return shown(request, campaign, found, asking=form, status=422)


def asked(request, campaign, pk) -> Correction:
    require(request.user, "rewards.decide_correction", campaign)
    return get_object_or_404(Correction, pk=pk, settlement__campaign=campaign)


@require_POST
def grant(request, campaign, pk):
    campaign = seen_campaign(request, campaign)
    correction = asked(request, campaign, pk)
    try:
        grant_correction(correction=correction, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("已同意更正：成绩重新打开，新的结算已生成草稿。"))
    return redirect("settlement", campaign.code)


@require_POST
def refuse(request, campaign, pk):
    campaign = seen_campaign(request, campaign)
    correction, form = asked(request, campaign, pk), RefusalForm(request.POST)
    if form.is_valid():
        try:
            refuse_correction(
                correction=correction,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, _("已答复管理中心：不更正。"))
            return redirect("settlement", campaign.code)
    return shown(request, campaign, last_or_404(campaign), refusing=form, status=422)
