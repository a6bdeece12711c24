"""All plans for those who chase or read them; a project's people go straight to their own."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404
from inspections.plan.plan_overview import Overview, plans_workbook
from organization.downloads import download
from organization.replica import may_lag

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@may_lag
@require_safe
def plans(request, campaign):
    held = campaign_or_404(request, campaign)
    if not request.user.sees_company:
        mine = list(held.projects.visible_to(request.user)[:2])
        if len(mine) == 1:
            return redirect("plan", held.code, mine[0].code)
    overview = Overview(held, request.user, timezone.now(), request.GET)
    context = {
        "campaign": held,
        "overview": overview,
        "page": overview.page(request.GET.get("page")),
        "answer": answer(overview.counts),
    }
    return render(request, "inspections/plans.html", context)


@may_lag
@require_safe
def plans_excel(request, campaign):
    """Exactly what the page's filters leave."""
    held = campaign_or_404(request, campaign)
    content = plans_workbook(Overview(held, request.user, timezone.now(), request.GET))
    name = f"{_('品质提升实施方案')}-{held.code}.xlsx"
    return download(content, name, XLSX)


def answer(counts: dict[str, int]) -> str:
    """First what waits for a review, then who is late, then how many are filed."""
    if counts["waiting"]:
        words = ngettext("%(count)d 份方案等待审核", "%(count)d 份方案等待审核", counts["waiting"])
        return words % {"count": counts["waiting"]}
    if counts["overdue"]:
        words = ngettext("%(count)d 个项目逾期未交", "%(count)d 个项目逾期未交", counts["overdue"])
        return words % {"count": counts["overdue"]}
    return _("%(all)d 个项目，%(filed)d 个已备案") % counts
