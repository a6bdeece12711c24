"""The filing matrix: who has filed what, as a page and as a workbook, and reminding from it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from campaign.access import campaign_or_404
from campaign.matrix import Matrix
from campaign.matrix_excel import XLSX, matrix_workbook
from campaign.matrix_page import MatrixPage
from campaign.reminding import Reminded, remind
from organization.downloads import download
from organization.errors import Refused, require
from organization.replica import may_lag


@may_lag
@require_safe
def matrix(request, campaign):
    held, at = campaign_or_404(request, campaign), timezone.now()
    page = MatrixPage(held, request.user, request.GET, at)
    return render(request, "campaign/matrix.html", {"campaign": held, "shown": page, "at": at})


@may_lag
@require_safe
def excel(request, campaign):
    """Every row that the page's filters leave, in the page's order."""
    held, at = campaign_or_404(request, campaign), timezone.now()
    book = matrix_workbook(MatrixPage(held, request.user, request.GET, at))
    return download(book, f"filing-{held.code}.xlsx", XLSX)


@require_POST
def remind_late(request, campaign):
    """Remind of one row, or of everything overdue that the filters in the address leave."""
    held, at = campaign_or_404(request, campaign), timezone.now()
    require(request.user, "campaign.remind")
    shown = Matrix(held, request.user, request.GET, at)
    subject = request.POST.get("subject", "")
    owed = shown.missing_of(subject) if subject else shown.chosen.overdue(at=at)
    try:
        messages.success(request, told(remind(obligations=owed, by=request.user, at=at)))
    except Refused as refusal:
        messages.error(request, str(refusal))
    query = request.GET.urlencode()
    return redirect(reverse("matrix", args=[held.code]) + (f"?{query}" if query else ""))


def told(reminded: Reminded) -> str:
    people = ngettext("已提醒 %(n)d 人", "已提醒 %(n)d 人", reminded.people)
    count = len(reminded.obligations)
    items = ngettext("%(n)d 项任务", "%(n)d 项任务", count) % {"n": count}
    return _("%(people)s：%(items)s。") % {
        "people": people % {"n": reminded.people},
        "items": items,
    }
