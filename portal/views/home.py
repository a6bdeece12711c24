"""My work: the first page of everybody."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from campaign.access import current_campaign
from portal.work import Work
from portal.work.side import own_projects, ranked, until_inspection

PAGE_SIZE = 50
PREVIEW = 5
TABS = {"todo": _("待办"), "waiting": _("等待他人"), "done": _("已完成")}


@require_safe
def home(request):
    at = timezone.now()
    work = Work(request.user, at=at)
    campaign = current_campaign(request, among=work.campaigns.open)
    tab = request.GET.get("tab", "todo")
    tab = tab if tab in TABS else "todo"
    page = Paginator(getattr(work, tab), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page)
    counts = {
        "todo": sum(work.totals.values()),
        "waiting": work.waiting.count(),
        "done": work.done.count(),
    }
    context = {
        "at": at,
        "work": work,
        "campaign": campaign,
        "tab": tab,
        "tabs": [(code, word, counts[code]) for code, word in TABS.items()],
        "page": page,
        "rows": rows,
        "first": rows[0] if tab == "todo" and page.number == 1 and rows else None,
        "groups": work.groups(rows) if tab == "todo" else [],
        "waiting_count": counts["waiting"],
        "waiting": work.waiting[:PREVIEW] if tab != "waiting" else [],
        "projects": own_projects(work) if campaign else [],
        "ranked": ranked(request.user, campaign),
        "until": until_inspection(campaign, at=at),
    }
    return render(request, "portal/home.html", context)
