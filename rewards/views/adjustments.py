"""A line that the center adds to the settlement, and takes back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organization.errors import Refused, require
from organization.models import User
from rewards.adjustments import adjust, withdraw_adjustment
from rewards.adjustments_form import AdjustmentForm
from rewards.models import Adjustment
from rewards.views.settlement import last_or_404, seen_campaign

MOST_OFFERED = 200


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, campaign):
    """A form for one line; the address may name whose it is (`?project=P01&person=pm01`)."""
    campaign = seen_campaign(request, campaign)
    require(request.user, "rewards.adjust", campaign)
    settlement = last_or_404(campaign)
    asked = {name: request.GET.get(name, "") for name in ("project", "person")}
    form = AdjustmentForm(campaign, request.POST or None, initial=asked)
    if form.is_valid():
        try:
            adjust(settlement=settlement, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(form.field_of(refusal), str(refusal))
        else:
            messages.success(request, _("已加一笔人工调整。"))
            return redirect("settlement", campaign.code)
    context = {"campaign": campaign, "settlement": settlement, "form": form} | offered(form)
    status = 422 if form.is_bound else 200
    return render(request, "rewards/adjust.html", context, status=status)


def offered(form: AdjustmentForm) -> dict:
    """What the boxes suggest: some projects, and the people of the one that is named."""
    projects = form.campaign.projects.order_by("code")
    people = User.objects.filter(posts__project__code=form["project"].value() or "").distinct()
    return {"projects": projects[:MOST_OFFERED], "people": people.order_by("username")}


@require_POST
def withdraw(request, campaign, pk):
    campaign = seen_campaign(request, campaign)
    require(request.user, "rewards.adjust", campaign)
    found = get_object_or_404(Adjustment, pk=pk, settlement__campaign=campaign)
    try:
        withdraw_adjustment(adjustment=found, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("已撤销这笔调整，记录还在。"))
    return redirect("settlement", campaign.code)
