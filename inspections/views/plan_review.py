"""The center's verdict on a submitted plan: file it, or return it with a reason and remarks."""

from django.contrib import messages
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inspections.forms.plans import VerdictForm
from inspections.plan_screen import PlanScreen
from inspections.plans import file_plan, send_back_plan
from inspections.views.plans import seen_plan, shown
from organization.errors import Refused, require


@require_POST
def review(request, campaign, project):
    plan, at = seen_plan(request, campaign, project), timezone.now()
    require(request.user, "inspections.review_plan", plan)
    if plan.pk is None:
        return redirect("plan", campaign, project)
    form = VerdictForm(request.POST, lines=plan.findings.all())
    if not form.is_valid():
        if "revision" in form.errors:
            return HttpResponseBadRequest()
        return shown(request, PlanScreen(plan, request.user, at), form, status=422)
    try:
        decide(request, plan, form, at)
    except Refused as refusal:
        return refused(request, plan, form, refusal, at)
    return redirect("plan", campaign, project)


def decide(request, plan, form: VerdictForm, at) -> None:
    move = {
        "plan": plan,
        "by": request.user,
        "at": at,
        "revision": form.cleaned_data["revision"],
    }
    if request.POST.get("do") == "file":
        file_plan(**move)
        messages.success(request, _("方案已备案，问题已进入整改。"))
    else:
        send_back_plan(reason=form.cleaned_data["reason"], remarks=form.remarks, **move)
        messages.success(request, _("方案已退回，项目已收到通知。"))


def refused(request, plan, form: VerdictForm, refusal: Refused, at):
    """The page again with everything typed; where nothing can be typed any more, beside it."""
    if refusal.field:
        form.add_error(refusal.field, str(refusal))
    else:
        messages.error(request, refusal)
    return shown(request, PlanScreen(plan, request.user, at), form, status=409)
