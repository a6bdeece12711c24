"""The cases of a settlement, one answer for those that are ticked, and what was decided."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from organization.errors import Refused, require
from organization.history import history_of
from rewards.cases import case_counts, decide_cases, of_list
from rewards.cases_form import DecisionForm
from rewards.models import Answer, Settlement
from rewards.views.settlement import last_or_404, seen_campaign

PAGE = 50
FILTERS = {"open": "undecided", "decided": "decided", "all": "live"}
LAST_DECISIONS = 50


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, campaign):
    campaign = seen_campaign(request, campaign)
    settlement = last_or_404(campaign)
    if request.method != "POST":
        return shown(request, settlement, DecisionForm(settlement))
    require(request.user, "rewards.decide_case", campaign)
    form = DecisionForm(settlement, request.POST)
    if form.is_valid() and decided(request, settlement, form):
        return redirect(request.get_full_path())
    return shown(request, settlement, form, status=422)


def decided(request, settlement: Settlement, form: DecisionForm) -> bool:
    values = dict(form.cleaned_data)
    cases = values.pop("case")
    try:
        done = decide_cases(
            settlement=settlement, cases=cases, by=request.user, at=timezone.now(), **values
        )
    except Refused as refusal:
        form.add_error(form.field_of(refusal), str(refusal))
        return False
    count = {"count": len(done)}
    said = ngettext("已记下 %(count)d 个决定。", "已记下 %(count)d 个决定。", len(done)) % count
    messages.success(request, said)
    return True


def shown(request, settlement: Settlement, form: DecisionForm, *, status=200):
    chosen = request.GET.get("show", "open")
    chosen = chosen if chosen in FILTERS else "open"
    rows = of_list(settlement).select_related("decided_by")
    rows = getattr(rows, FILTERS[chosen])().order_by("project__code", "pk")
    context = {
        "campaign": settlement.campaign,
        "settlement": settlement,
        "form": form,
        "chosen": chosen,
        "counts": case_counts(settlement),
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "answers": dict(Answer.choices),
        "history": history_of(settlement).filter(verb="decide_case")[:LAST_DECISIONS],
    }
    return render(request, "rewards/cases.html", context, status=status)
