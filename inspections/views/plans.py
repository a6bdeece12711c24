"""One improvement plan, or a revision of it: read, and written line by line. Saving is in
`plan_writing`."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaign.access import campaign_or_404, project_or_404
from campaign.models import Campaign
from inspections.forms.plans import LineForm, ReasonForm, VerdictForm
from inspections.models import ImprovementPlan, PlanRevision
from inspections.plan.plan_screen import PlanScreen
from inspections.plan.versions import Document
from inspections.views.plan_writing import Writing
from organization.errors import require
from organization.models import Project
from organization.prepared import prepared

PEOPLE = ("submitted_by", "filed_by", "returned_by")


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request, campaign, project, number=None):
    found, at = seen(request, campaign, project, number), timezone.now()
    if request.method == "POST":
        require(request.user, "inspections.write_plan", found)
        return Writing(request, found, at).response()
    screen = PlanScreen(found, request.user, at)
    if screen.may_write:
        open_lines(screen, request.GET.getlist("line"))
        screen.new_source = request.GET.get("source", "")
    return shown(request, screen)


@require_safe
def plan_line(request, campaign, project, pk, number=None):
    """The editor of one line, for the page that stands open."""
    found = seen(request, campaign, project, number)
    screen = PlanScreen(found, request.user, timezone.now())
    row = screen.row_of(pk)
    if row is None or not found.is_editable:
        raise Http404
    require(request.user, "inspections.write_line", row.finding)
    row.form = LineForm(line=row.finding, user=request.user)
    return render(request, "inspections/_plan_line.html", {"row": row, "screen": screen})


def seen(request, campaign: str, project: str, number: int | None = None) -> Document:
    plan = seen_plan(request, campaign, project)
    return plan if number is None else seen_revision(plan, number)


def seen_plan(request, campaign: str, project: str) -> ImprovementPlan:
    """The project's plan; where none was begun, a blank one that is not stored yet."""
    held = campaign_or_404(request, campaign)
    found = project_or_404(held, project)
    if not request.user.has_perm("organization.see_project", found):
        raise Http404
    plan = next(iter(begun_for(campaign=held.pk, project=found.pk)), None)
    plan = plan or ImprovementPlan(campaign=held, project=found)
    plan.campaign, plan.project = held, found
    return plan


def seen_revision(plan: ImprovementPlan, number: int) -> PlanRevision:
    if plan.pk is None:
        raise Http404
    found = next(iter(numbered(plan=plan.pk, number=number)), None)
    if found is None:
        raise Http404
    found.plan = plan
    return found


def with_number(*, plan, number):
    people = (*PEOPLE, "begun_by", "discarded_by")
    found = PlanRevision.objects.filter(plan__pk=plan, number=number)
    return found.select_related(*people).order_by()


def of_project(*, campaign, project):
    found = ImprovementPlan.objects.filter(campaign__pk=campaign, project__pk=project)
    return found.select_related(*PEOPLE).order_by()


begun_for = prepared(of_project, {"campaign": Campaign._meta.pk, "project": Project._meta.pk})
numbered = prepared(
    with_number,
    {"plan": ImprovementPlan._meta.pk, "number": PlanRevision._meta.get_field("number")},
)


def open_lines(screen: PlanScreen, chosen: list[str]) -> None:
    wanted = {UUID(text) for text in chosen if is_uuid(text)}
    for row in screen.rows:
        if row.may_write and row.finding.pk in wanted:
            row.form = LineForm(line=row.finding, user=screen.reader)


def is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def shown(
    request,
    screen: PlanScreen,
    verdict: VerdictForm | None = None,
    reason: ReasonForm | None = None,
    status=200,
):
    initial = {"revision": screen.plan.revision}
    context = {
        "screen": screen,
        "plan": screen.plan,
        "reason": reason or ReasonForm(initial=initial),
    }
    if screen.may_review:
        context["verdict"] = verdict or VerdictForm(lines=screen.lines, initial=initial)
        for row in screen.rows:
            row.remark_field = context["verdict"][f"remark-{row.finding.pk}"]
    return render(request, "inspections/plan.html", context, status=status)
