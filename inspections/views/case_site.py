"""A project's answer to a case: not here, with evidence, or found, which opens a finding."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inspections.case.case_page import know_campaign
from inspections.case.cases import answer_found, answer_not_here
from inspections.forms.cases import AnswerForm
from inspections.models import Case, CaseSite
from inspections.views.cases import case_or_404
from inspections.words import Moment, Reply
from organization.clock import local_day
from organization.errors import Conflict, Refused, require
from organization.history import story_of
from organization.models import Project
from organization.prepared import prepared

ANSWERS_SHOWN = 20
DAYS_TO_RECTIFY = 7  # what a due date starts from, for the project to change


@require_http_methods(["GET", "HEAD", "POST"])
def case_site(request, campaign, pk, project):
    site = site_or_404(request, campaign, pk, project)
    at = timezone.now()
    if request.method == "GET" or request.method == "HEAD":
        may = may_answer(request.user, site)
        return shown(request, site, form_of(request, site, at) if may else None, at)
    form = form_of(request, site, at)
    require(request.user, "inspections.answer_case", site)
    status = answered(request, form, at)
    if status:
        return shown(request, site, form, at, status)
    messages.success(request, _("已答复。关闭前还可以改。"))
    return redirect(site)


def site_or_404(request, campaign: str, pk: int, project: str) -> CaseSite:
    case = case_or_404(request, campaign, pk)
    if request.user.sees_company:
        site = next(iter(site_of(case=case.pk, project=project)), None)
    else:
        site = asked(case=case.pk, project=project).visible_to(request.user).first()
    if site is None:
        raise Http404
    site.case = case
    know_campaign(site)
    return site


def asked(*, case, project):
    found = CaseSite.objects.filter(case__pk=case, project__code=project)
    return found.select_related("project", "finding")


site_of = prepared(asked, {"case": Case._meta.pk, "project": Project._meta.get_field("code")})


def may_answer(user, site: CaseSite) -> bool:
    return site.case.is_running and user.has_perm("inspections.answer_case", site)


def form_of(request, site: CaseSite, at) -> AnswerForm:
    return AnswerForm(
        request.POST or None, request.FILES or None, site=site, initial=initial(site, at)
    )


def initial(site: CaseSite, at) -> dict:
    """What the fields start from: the answer that stands, else the problem as it was found."""
    last = site.answers.order_by("-answered_at", "-pk").first()
    return {
        "reply": site.reply,
        "note": last.note if last else "",
        "problem": site.case.finding.problem,
        "due": local_day(at) + timedelta(days=DAYS_TO_RECTIFY),
        "revision": site.revision,
    }


def answered(request, form: AnswerForm, at) -> int:
    """0 when the answer is on record, else the status of the page that says why not."""
    if not form.is_valid():
        return 422
    try:
        put(form, by=request.user, at=at)
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        # whoever sends once more has seen the colleague's answer on this page
        form.data = form.data.copy()
        form.data["revision"] = conflict.theirs.revision
        return 409
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return 422
    except ValidationError as error:
        form.add_error("files", error)
        return 422
    return 0


def put(form: AnswerForm, *, by, at) -> CaseSite:
    data = form.cleaned_data
    answer = {
        "site": form.site,
        "note": data["note"],
        "files": data["evidence"],
        "revision": data["revision"],
        "by": by,
        "at": at,
    }
    if data["reply"] == Reply.NOT_HERE:
        return answer_not_here(**answer)
    names = ("problem", "due", "responsible")
    return answer_found(**answer, **{name: data[name] for name in names})


def shown(request, site: CaseSite, form: AnswerForm | None, at, status=200):
    """Without a form for who does not answer."""
    answers = site.answers.select_related("answered_by").prefetch_related("files")
    answers = Paginator(answers.order_by("-answered_at", "-pk"), ANSWERS_SHOWN)
    context = {
        "campaign": site.case.campaign,
        "case": site.case,
        "site": site,
        "form": form,
        "may_answer": may_answer(request.user, site),
        "state": site.state(at=at),
        "late": site.hours_late(at=at) if site.answered_at else 0,
        "answers": answers.get_page(request.GET.get("page")),
        "pictures": site.case.finding.photos.filter(moment=Moment.BEFORE).select_related("file"),
        "entries": story_of(site),
        "at": at,
    }
    return render(request, "inspections/case_site.html", context, status=status)
