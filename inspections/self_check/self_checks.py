"""A project checks itself before the inspection: opened again, due, and what is left of it.

A handed-in self-check may be opened again until scoring opens, that is until the inspection has
begun: a project that finds more while it rectifies should not have to stay with its first guess,
and one that has seen how the inspection judges must not put its own figure right afterwards. The
next hand-in replaces the score; observations stay append-only, and every figure that was handed
in stays in the sheet's history.
"""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign, Participation, Phase
from inspections.models import ScoreSheet
from inspections.sheet.ledger import locked_ledger
from organization.clock import local_day
from organization.errors import Refused
from organization.history import record
from organization.models import Project
from scoring.models import CampaignResults, Rubric
from scoring.opening import require_open_results

VERBS = {"self_check_reopened": gettext_lazy("重新自查")}
PHASE = "self_check"  # the plan's phase on whose last day the self-check is due


@transaction.atomic
def reopen_self_check(*, sheet: ScoreSheet, by, at: datetime) -> ScoreSheet:
    """Open a handed-in self-check for another round; until then its score counts nowhere.

    Raises Refused when it is open, when it is no self-check, once the inspection has begun, and
    when the campaign is closed. Leaves one record with the figure that was handed in.
    """
    ledger = locked_ledger(sheet)
    check_reopening(sheet)
    sheet.submitted_at = sheet.submitted_by = None
    ledger.keep("submitted_at", "submitted_by")
    ledger.record_score(finished_at=None, objections_until=None, at=at)
    kept, possible = str(sheet.kept), str(sheet.possible)
    record(on=sheet, verb="self_check_reopened", by=by, at=at, kept=kept, possible=possible)
    return sheet


def check_reopening(sheet: ScoreSheet) -> None:
    if not sheet.is_self_check:
        raise Refused(_("检查组的评分表提交后不能重开。"), "audit")
    if not sheet.submitted_at:
        raise Refused(_("这张自查表还没有提交，可以接着评。"), "open")
    if sheet.campaign.closed_at:
        raise Refused(_("专项工作已经结束，不能重新自查。"), "closed")
    require_open_results(sheet.campaign)
    if has_begun(sheet.campaign):
        raise Refused(_("检查验收已经开始，自查得分不能再改。"), "inspected")


def has_begun(campaign: Campaign) -> bool:
    """Whether the inspection has: since its first audit sheet was opened."""
    results = CampaignResults.objects.filter(campaign=campaign)
    return results.filter(opened_at__isnull=False).exists()


# --- what is left ----------------------------------------------------------------------------


def running_phase(campaign: Campaign, at: datetime) -> Phase | None:
    """The self-check's phase if it goes on now."""
    if not campaign.started_at or campaign.closed_at:
        return None
    return campaign.phases.on(local_day(at)).filter(code=PHASE).first()


def left_to_check(campaign: Campaign, projects=None) -> dict[Project, list[int]]:
    """Ids of the specialties on which a project has not handed in its self-check, by project.

    Only those that it has, and for which there is a published rubric; four queries.
    """
    rubrics = Rubric.objects.current().filter(campaign=campaign).order_by("specialty__order")
    asked = list(rubrics.values_list("specialty_id", flat=True))
    done = set(
        ScoreSheet.objects.self_checks()
        .submitted()
        .filter(campaign=campaign)
        .values_list("project_id", "specialty_id")
    )
    parts = Participation.objects.filter(campaign=campaign).order_by("project__code")
    if projects is not None:
        parts = parts.filter(project__in=projects)
    left = {}
    for part in parts.select_related("project").prefetch_related("lacks"):
        without = {each.pk for each in part.lacks.all()}
        own = [pk for pk in asked if pk not in without and (part.project_id, pk) not in done]
        if own:
            left[part.project] = own
    return left


def address(campaign: Campaign, project: Project) -> str:
    return reverse("self_check", args=[campaign.code, project.code])
