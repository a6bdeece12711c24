"""The two moves beside writing that a project's leaders make: revise a filed plan, give it up."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inspections.forms.plans import ReasonForm
from inspections.plan.plan_screen import PlanScreen
from inspections.plan.revisions import discard_revision, revise_plan
from inspections.views.plans import seen, shown
from organization.errors import Refused, require


@require_POST
def revise(request, campaign, project):
    plan = seen(request, campaign, project)
    require(request.user, "inspections.write_plan", plan)
    if plan.pk is None:
        return redirect("plan", campaign, project)
    return moved(request, plan, lambda **said: revise_plan(plan=plan, **said))


@require_POST
def discard(request, campaign, project, number):
    draft = seen(request, campaign, project, number)
    require(request.user, "inspections.submit_plan", draft)

    def give_up(**said):
        discard_revision(draft=draft, **said)
        messages.success(request, _("已放弃这次修订，现行方案不变。"))
        return draft.plan

    return moved(request, draft, give_up)


def moved(request, plan, move):
    """On to where the move leads; refused, the page again with the reason that was typed."""
    at, form = timezone.now(), ReasonForm(request.POST)
    if not form.is_valid():
        if "revision" in form.errors:
            raise BadRequest("a move without the revision that was seen")
        return shown(request, PlanScreen(plan, request.user, at), reason=form, status=422)
    try:
        return redirect(move(by=request.user, at=at, **form.cleaned_data))
    except Refused as refusal:
        form.add_error("reason", str(refusal))
        return shown(request, PlanScreen(plan, request.user, at), reason=form, status=409)
