"""A phase's gate: what is still to be accepted, and the center's word to go on without it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from campaign.forms import PassForm
from campaign.gates import MET, PASSED, gate_of, lacking, pass_gate
from organization.errors import Refused, require

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def gate(request, campaign, phase):
    held = campaign_or_404(request, campaign)
    found = get_object_or_404(held.phases.select_related("campaign"), code=phase)
    require(request.user, "campaign.see_gate", held)
    if request.method == "POST":
        return let_pass(request, found)
    return show(request, found, PassForm())


def show(request, phase, form, status=200):
    at = timezone.now()
    standing, waiting = gate_of(phase, at=at), lacking(phase)
    milestone = request.GET.get("milestone", "")
    narrowed = waiting.filter(milestone__code=milestone) if milestone else waiting
    page = Paginator(narrowed, PAGE_SIZE).get_page(request.GET.get("page"))
    for row in page:
        row.now = row.state(at=at)
    titles = phase.milestones.in_bulk([each.milestone for each in standing.short])
    context = {
        "campaign": phase.campaign,
        "phase": phase,
        "gate": standing,
        "answer": answer(standing),
        "chips": [(titles[each.milestone], each.lacking) for each in standing.short],
        "milestone": milestone,
        "page": page,
        "form": form,
    }
    return render(request, "campaign/gate.html", context, status=status)


def answer(gate) -> str:
    if gate.state == MET:
        return _("要通过的都通过了")
    words = ngettext("还有 %(count)d 项没通过", "还有 %(count)d 项没通过", gate.lacking)
    words %= {"count": gate.lacking}
    return _("已放行，%(what)s") % {"what": words} if gate.state == PASSED else words


def let_pass(request, phase):
    require(request.user, "campaign.pass_gate", phase.campaign)
    form = PassForm(request.POST)
    if not form.is_valid():
        return show(request, phase, form, status=422)
    reason = form.cleaned_data["reason"]
    try:
        pass_gate(phase=phase, reason=reason, by=request.user, at=timezone.now())
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return show(request, phase, form, status=422)
    messages.success(request, _("已放行，理由记在经过里。任务照旧，谁的还是谁的。"))
    return redirect("gate", phase.campaign.code, phase.code)
