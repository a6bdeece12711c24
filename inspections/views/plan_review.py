"""The center's verdict on a submitted plan or revision: filed, or returned with a reason and
remarks."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inspections.forms.plans import VerdictForm
from inspections.models import ImprovementPlan
from inspections.plan.plan_screen import PlanScreen
from inspections.plan.plans import file_plan, send_back_plan
from inspections.plan.revisions import file_revision
from inspections.plan.versions import Document
from inspections.views.plans import seen, shown
from organization.errors import Refused, move_of, require


@require_POST
def review(request, campaign, project, number=None):
    plan, at = seen(request, campaign, project, number), timezone.now()
    require(request.user, "inspections.review_plan", plan)
    if plan.pk is None:
        return redirect("plan", campaign, project)
    form = VerdictForm(request.POST, lines=plan.lines.all())
    if not form.is_valid():
        if "revision" in form.errors:
            raise BadRequest("a review without the revision that was seen")
        return shown(request, PlanScreen(plan, request.user, at), form, status=422)
    try:
        messages.success(request, decide(request, plan, form, at))
    except Refused as refusal:
        return refused(request, plan, form, refusal, at)
    return redirect("plan", campaign, project)


def decide(request, plan: Document, form: VerdictForm, at) -> str:
    """What was decided, in words."""
    decision = move_of(DECISIONS, request.POST.get("do"))
    revision = form.cleaned_data["revision"]
    return decision(plan, form, by=request.user, at=at, remarks=form.remarks, revision=revision)


def send_back(plan: Document, form: VerdictForm, **move) -> str:
    send_back_plan(plan=plan, reason=form.cleaned_data["reason"], **move)
    return _("方案已退回，项目已收到通知。")


def file(plan: Document, form: VerdictForm, **move) -> str:
    if isinstance(plan, ImprovementPlan):
        file_plan(plan=plan, **move)
        return _("方案已备案，问题已进入整改。")
    file_revision(draft=plan, **move)
    return _("修订已备案，改动已经生效。")


DECISIONS = {"file": file, "return": send_back}


def refused(request, plan: Document, form: VerdictForm, refusal: Refused, at):
    """The page again with everything typed; where nothing can be typed any more, beside it."""
    if refusal.field:
        form.add_error(refusal.field, str(refusal))
    else:
        messages.error(request, refusal)
    return shown(request, PlanScreen(plan, request.user, at), form, status=409)
