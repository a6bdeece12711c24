"""A plan's versions: the list with any two compared, each as it was submitted, as a document."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inspections.models import PlanVersion
from inspections.plan.plan_paper import paper_of
from inspections.plan.plan_versions import Versions
from inspections.views.plans import seen_plan
from organization.downloads import download
from organization.errors import Refused
from organization.papers import FORMATS
from organization.replica import may_lag


@may_lag
@require_safe
def versions(request, campaign, project):
    kept = Versions(seen_plan(request, campaign, project))
    pair = kept.pair(request.GET.get("old"), request.GET.get("new"))
    rows = kept.rows(pair[1], pair[0]) if pair else []
    context = {
        "kept": kept,
        "page": kept.page(request.GET.get("page")),
        "pair": pair,
        "rows": [row for row in rows if row.kind != "same"],
        "same": [row for row in rows if row.kind == "same"],
    }
    return render(request, "inspections/plan_versions.html", context)


@may_lag
@require_safe
def version(request, campaign, project, number):
    kept = Versions(seen_plan(request, campaign, project))
    found = version_or_404(kept, number)
    context = {"kept": kept, "version": found, "rows": kept.rows(found)}
    return render(request, "inspections/plan_version.html", context)


@require_safe
def version_paper(request, campaign, project, number, kind):
    """The version as the document that it is, in the reader's language."""
    kept = Versions(seen_plan(request, campaign, project))
    found = version_or_404(kept, number)
    wanted = FORMATS[kind]
    try:
        data = wanted.make(paper_of(kept, found))
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("plan_version", campaign, project, number)
    words = {"project": kept.project, "number": found.number}
    name = _("品质提升实施方案-%(project)s-第%(number)d版") % words
    return download(data, f"{name}.{wanted.ending}", wanted.mime)


def version_or_404(kept: Versions, number: int) -> PlanVersion:
    found = kept.numbered(number)
    if found is None:
        raise Http404
    return found
