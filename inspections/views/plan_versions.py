"""A plan's versions: the list with any two compared, and each as it was submitted."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inspections.plan_versions import Versions
from inspections.views.plans import seen_plan


@require_safe
def versions(request, campaign, project):
    kept = Versions(seen_plan(request, campaign, project))
    pair = kept.pair(request.GET.get("old"), request.GET.get("new"))
    rows = kept.rows(pair[1], pair[0]) if pair else []
    context = {
        "kept": kept,
        "pair": pair,
        "rows": [row for row in rows if row.kind != "same"],
        "same": [row for row in rows if row.kind == "same"],
    }
    return render(request, "inspections/plan_versions.html", context)


@require_safe
def version(request, campaign, project, number):
    kept = Versions(seen_plan(request, campaign, project))
    found = kept.numbered(number)
    if found is None:
        raise Http404
    context = {"kept": kept, "version": found, "rows": kept.rows(found)}
    return render(request, "inspections/plan_version.html", context)
