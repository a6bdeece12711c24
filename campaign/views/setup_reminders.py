"""When a campaign reminds people: rules and hours, and what the next two weeks make of them."""

from itertools import groupby

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from campaign.reminders.ahead import Stretch, ahead
from campaign.reminders.form import ZONES, RemindersForm
from campaign.reminders.setting import check_open, kept, set_reminders
from campaign.reminders.words import in_short, rule_name
from organization.errors import Conflict, Refused, require


@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "campaign.set_up", held)
    if request.method == "POST":
        return check_or_save(request, held)
    return show(request, RemindersForm(held))


def show(request, form, status=200):
    campaign = form.campaign
    context = {
        "campaign": campaign,
        "form": form,
        "answer": in_short(*kept(campaign)),
        "locked": why_locked(campaign),
        "zones": ZONES,
        "ahead": days_ahead(campaign, form.terms(), at=timezone.now()),
    }
    return render(request, "campaign/setup_reminders.html", context, status=status)


def why_locked(campaign) -> str:
    """Why the reminders can't be changed now; empty when they can."""
    try:
        check_open(campaign)
    except Refused as refusal:
        return str(refusal)
    return ""


def check_or_save(request, campaign):
    """The check shows what the next days would say by what was typed; nothing is kept by it."""
    form = RemindersForm(campaign, request.POST)
    if not form.is_valid():
        return show(request, form, status=422)
    if request.POST.get("do") == "check":
        return show(request, form)
    try:
        set_reminders(
            campaign=campaign,
            rules=form.rules(),
            hours=form.hours(),
            by=request.user,
            at=timezone.now(),
            seen=form.cleaned_data["seen"],
        )
    except Conflict:
        form = RemindersForm(campaign, request.POST)  # beside what is stored now
        form.is_conflict = True
        return show(request, form, status=409)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return show(request, form, status=422)
    messages.success(request, _("提醒设置已保存。"))
    return redirect("setup_reminders", campaign.code)


def days_ahead(campaign, terms, *, at) -> list[tuple]:
    """Day and hour where the campaign is, with the rules' words and what they are of."""
    if campaign.closed_at:
        return []
    things = [Stretch(str(each), each.due) for each in campaign.milestones.all()]
    things += [Stretch(str(each), each.end, each.start) for each in campaign.phases.all()]
    told = ahead(terms, things, at)
    days = []
    for moment, same in groupby(told, key=lambda each: each.moment.astimezone(terms.zone)):
        lines = [(rule_name(each.code), each.title) for each in same]
        days.append((moment.date(), f"{moment:%H:%M}", lines))
    return days
