"""Notes on file: how many people of each project have some, and how many people there are."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from campaign.coverage import Heads, on_file_in, totals_in
from campaign.forms import HeadcountForm, NotesPercentForm
from campaign.models import Campaign, Milestone, Obligation, Participation
from campaign.notes import set_headcount, set_notes_percent
from campaign.words import EvidenceKind, Scope
from organization.errors import Refused, require
from organization.models import Project
from organization.prepared import prepared

PAGE_SIZE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request, campaign):
    campaign = campaign_or_404(request, campaign)
    if request.method != "POST":
        return show(request, campaign)
    if "percent" in request.POST:
        require(request.user, "campaign.set_notes_percent", campaign)
        return ask(request, campaign)
    return count(request, campaign)


def ask(request, campaign):
    """How much the campaign asks of everybody."""
    form = NotesPercentForm(request.POST)
    if form.is_valid():
        known = {"by": request.user, "at": timezone.now()}
        try:
            set_notes_percent(campaign=campaign, **form.cleaned_data, **known)
            messages.success(request, _("已保存。"))
            return redirect(request.get_full_path())
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
    return show(request, campaign, percent=form)


def count(request, campaign):
    """A project's own number of people."""
    visible = taking_part(campaign, request.user)
    part = get_object_or_404(visible, project__code=request.POST.get("project", ""))
    require(request.user, "campaign.set_headcount", part)
    form = HeadcountForm(request.POST)
    if form.is_valid():
        known = {"by": request.user, "at": timezone.now()}
        try:
            set_headcount(participation=part, **form.cleaned_data, **known)
            messages.success(request, _("已保存。"))
            return redirect(request.get_full_path())
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
    return show(request, campaign, headcount=(part.pk, form))


def taking_part(campaign, user):
    found = campaign.participations.select_related("project")
    return found if user.sees_company else found.filter(project__in=user.project_ids)


class Parts(Paginator):
    """Pages of who takes part, as somebody sees it; the first of all, which most look at, and how
    many there are by statements that are put into SQL once.
    """

    def __init__(self, campaign, user, q: str):
        parts = taking_part(campaign, user).order_by("project__code")
        super().__init__(found_by(parts, q) if q else parts, PAGE_SIZE)
        self.campaign, self.is_whole = campaign, user.sees_company and not q
        if self.is_whole:
            self.count = campaign.number_taking_part

    def page(self, number):
        page = super().page(number)
        if self.is_whole and page.number == 1:
            page.object_list = first_parts(campaign=self.campaign.pk)
        for part in page.object_list:
            part.campaign = self.campaign
        return page


def found_by(parts, q: str):
    return parts.filter(
        Q(project__name__icontains=q)
        | Q(project__code__icontains=q)
        | Q(project__region__icontains=q)
    )


def in_front(*, campaign):
    parts = Participation.objects.filter(campaign__pk=campaign).select_related("project")
    return parts.order_by("project__code")[:PAGE_SIZE]


first_parts = prepared(in_front, {"campaign": Campaign._meta.pk})


def show(request, campaign, *, percent=None, headcount=(None, None)):
    """A page of projects: each milestone that asks for notes, and the whole campaign."""
    q = request.GET.get("q", "").strip()[:100]
    pages = Parts(campaign, request.user, q)
    page = pages.get_page(request.GET.get("page"))
    milestones = asking(campaign)
    fill(page, campaign, milestones)
    for row in page:
        row.form = headcount[1] if row.pk == headcount[0] else None
    context = {
        "campaign": campaign,
        "milestones": milestones,
        "page": page,
        "q": q,
        "answer": answer(campaign, page),
        "percent": percent or NotesPercentForm(initial={"percent": campaign.notes_percent}),
    }
    return render(request, "campaign/notes.html", context)


def answer(campaign, page) -> str:
    """One project's own figure, else how many projects the list has."""
    rows = list(page)
    if len(rows) == 1 and page.paginator.count == 1:
        total = rows[0].total
        words = {"covered": total.covered, "all": total.headcount}
        return _("%(covered)d / %(all)d 人有笔记") % words
    words = {"number": len(rows), "whole": sum(row.total.is_complete for row in rows)}
    if page.has_other_pages():
        return _("本页 %(number)d 个项目，%(whole)d 个全员有笔记") % words
    return _("%(number)d 个项目，%(whole)d 个全员有笔记") % words


def asking(campaign) -> list:
    """Milestones of projects that ask for notes."""
    found = of_projects(campaign=campaign.pk)
    return [each for each in found if EvidenceKind.NOTES in each.evidence]


def owed_by_projects(*, campaign):
    found = Milestone.objects.filter(campaign__pk=campaign, scope=Scope.PROJECT)
    return found.order_by("order")


def owed_at(*, campaign, projects):
    owed = Obligation.objects.filter(campaign__pk=campaign, project__pk__in=projects).order_by()
    return owed.values_list("pk", "project", "milestone")


of_projects = prepared(owed_by_projects, {"campaign": Campaign._meta.pk})
owed_of = prepared(owed_at, {"campaign": Campaign._meta.pk, "projects": Project._meta.pk})


def fill(page, campaign, milestones) -> None:
    """Give each row its cells, in a fixed number of queries."""
    projects = [row.project_id for row in page]
    owed = owed_of(campaign=campaign.pk, projects=projects)
    place = {pk: project for pk, project, _milestone in owed}
    by_place = {(project, milestone): pk for pk, project, milestone in owed}
    there, heads = on_file_in(campaign.pk, projects), Heads.of(campaign.pk, projects)
    totals = totals_in(projects, place, there, heads)
    address = reverse("obligation", args=[campaign.code, 0]).removesuffix("0/")
    labels = [(each.pk, Truncator(each.title).chars(14)) for each in milestones]
    for row in page:
        row.total = totals[row.project_id]
        row.cells = []
        for milestone, label in labels:
            pk = by_place.get((row.project_id, milestone))
            covered = heads.covered(row.project_id, there.people[pk], there.others[pk])
            row.cells.append((label, pk and f"{address}{pk}/", covered))
