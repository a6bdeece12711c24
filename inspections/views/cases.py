"""Cases that the center spreads: all of them, a new one, one with its live count, its end."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaign.access import campaign_or_404
from campaign.models import Campaign
from inspections.case.case_page import CaseList, CasePage
from inspections.case.cases import close_case, remind_case, spread, withdraw_case
from inspections.forms.cases import EndForm, SpreadForm
from inspections.models import Case, Finding
from inspections.project_pick import is_finding, picking
from organization.downloads import download
from organization.errors import Refused, move_of, require
from organization.prepared import prepared
from organization.replica import may_lag
from scoring.exports import XLSX

DEFAULT_HOURS = 24
ENDINGS = {"close": close_case, "withdraw": withdraw_case}


@may_lag
@require_safe
def cases(request, campaign):
    held = campaign_or_404(request, campaign)
    found = CaseList(held, request.user, timezone.now(), request.GET)
    return render(request, "inspections/cases.html", {"campaign": held, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request, campaign, pk):
    """From a finding: what every project has to look for at home."""
    held = campaign_or_404(request, campaign)
    visible = Finding.objects.opened().visible_to(request.user).filter(campaign=held)
    finding = get_object_or_404(visible.with_all().select_related("requirement"), pk=pk)
    require(request.user, "inspections.spread", held)
    initial = {"question": question_of(finding), "hours": DEFAULT_HOURS, "whom": "all"}
    form = SpreadForm(request.POST or None, finding=finding, initial=initial)
    sent = request.method == "POST" and not is_finding(request)
    case = spread_or_none(request, form, finding) if sent else None
    if case:
        messages.success(request, _("已发给各项目，项目负责人收到了通知。"))
        return redirect(case)
    context = {"campaign": held, "finding": finding, "form": form}
    context |= picking(request, held, form)
    return render(request, "inspections/case_new.html", context, status=422 if sent else 200)


def question_of(finding: Finding) -> str:
    words = {"problem": finding.problem}
    return _("查一查本项目有没有同样的问题：%(problem)s") % words


def spread_or_none(request, form: SpreadForm, finding: Finding) -> Case | None:
    if not form.is_valid():
        return None
    try:
        return spread(
            finding=finding,
            question=form.cleaned_data["question"],
            hours=form.cleaned_data["hours"],
            projects=form.chosen,
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
    return None


@require_http_methods(["GET", "HEAD", "POST"])
def case(request, campaign, pk):
    """Who has answered so far; a project's people go straight to their own answer."""
    found = case_or_404(request, campaign, pk)
    if request.method == "POST":
        return move(request, found)
    own = None if request.user.sees_company else list(found.sites.visible_to(request.user)[:2])
    if own and len(own) == 1:
        own[0].case = found
        return redirect(own[0])
    return shown(request, found)


def case_or_404(request, code: str, pk: int) -> Case:
    held = campaign_or_404(request, code)
    if request.user.sees_company:
        found = next(iter(case_of(campaign=held.pk, case=pk)), None)
    else:
        found = with_finding(campaign=held.pk, case=pk).visible_to(request.user).first()
    if found is None:
        raise Http404
    found.campaign = held
    if found.finding.campaign_id == held.pk:
        found.finding.campaign = held
    return found


def with_finding(*, campaign, case):
    related = ("finding__project", "finding__specialty", "finding__requirement", "spread_by")
    found = Case.objects.filter(campaign__pk=campaign, pk=case)
    return found.order_by().select_related(*related)


case_of = prepared(with_finding, {"campaign": Campaign._meta.pk, "case": Case._meta.pk})


def shown(request, found: Case, *, ending: EndForm | None = None, status=200):
    context = about(request, found) | {"ending": ending or EndForm()}
    return render(request, "inspections/case.html", context, status=status)


def about(request, found: Case) -> dict:
    page = CasePage(found, request.user, timezone.now(), request.GET)
    return {"campaign": found.campaign, "case": found, "page": page, "at": page.at}


def move(request, found: Case):
    """Remind, close or withdraw; what was typed stays where it was refused."""
    require(request.user, "inspections.spread", found)
    form = EndForm(request.POST)
    do = request.POST.get("do")
    try:
        if do == "remind":
            return reminded(request, found)
        end = move_of(ENDINGS, do)
        if form.is_valid():
            acting = {"by": request.user, "at": timezone.now()}
            end(case=found, reason=form.cleaned_data["reason"], **acting)
            messages.success(request, _("已记下，各项目能看到原因。"))
            return redirect(found)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
    return shown(request, found, ending=form, status=422)


def reminded(request, found: Case):
    count = remind_case(case=found, by=request.user, at=timezone.now())
    words = ngettext("已催办 %(count)d 个项目。", "已催办 %(count)d 个项目。", count)
    messages.success(request, words % {"count": count})
    return redirect(found)


@may_lag
@require_safe
def live(request, campaign, pk):
    """What refreshes by itself: the count and the rows that the address's filters leave."""
    found = case_or_404(request, campaign, pk)
    return render(request, "inspections/_case_live.html", about(request, found))


@may_lag
@require_safe
def excel(request, campaign, pk):
    found = case_or_404(request, campaign, pk)
    return download(about(request, found)["page"].workbook(), f"case-{found.pk}.xlsx", XLSX)
