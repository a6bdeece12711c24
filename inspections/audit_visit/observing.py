"""Observations that an auditor makes of what a visit brought to light, besides on the sheet itself.

They go through the ledger like any other; what they came from is kept beside them.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.audit_visit.carrying_out import hold
from inspections.models import (
    AuditVisit,
    Observation,
    PostAnswer,
    ScoreSheet,
    VisitObservation,
)
from inspections.sheet.entries import NOTE_LIMIT
from inspections.sheet.observations import observe
from inspections.sheet.outline import Line, Outline, outline
from inspections.sheet.sheets import open_sheet
from organization.errors import Refused
from organization.models import Specialty, User
from scoring import engine
from scoring.models import Requirement

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class About:
    """A requirement of a sheet's rubric with what it costs when it is missing."""

    line: Line
    requirement: Requirement

    @property
    def rule(self) -> engine.Rule:
        return self.line.price

    def amount(self, share: Decimal) -> Decimal:
        """A share of the way from the least to the most that it costs, in tenths."""
        low, high = self.rule.minimum, self.rule.maximum
        wanted = low + (high - low) * share
        return max(low, wanted.quantize(TENTH, ROUND_DOWN))


def about_of(rubric: Outline, item: str, number: int | None) -> About | None:
    """Where a rubric has a requirement that can be noted missing; None where it has not."""
    line = rubric.by_code.get(item)
    if line is None or line.price is None:
        return None
    found = (each for each in line.requirements if each.number == number)
    return next((About(line, each) for each in found), None)


def sheet_of(visit: AuditVisit, specialty: Specialty) -> ScoreSheet | None:
    """The project's audit sheet of a specialty, where somebody has opened it."""
    found = ScoreSheet.objects.audits().filter(project=visit.project, specialty=specialty)
    return found.filter(campaign=visit.campaign).select_related("campaign", "rubric").first()


def require_under_way(visit: AuditVisit, by) -> None:
    """The visit held, under way and this person's; else Refused."""
    hold(visit, by)
    if not visit.started_at:
        raise Refused(_("这次检查还没有开始。"), code="not_started")
    if visit.finished_at:
        raise Refused(_("这次检查已经结束。"), code="finished")


@transaction.atomic
def observe_on(
    *,
    visit: AuditVisit,
    specialty: Specialty,
    about: tuple[str, int | None],
    points: Decimal | None,
    note: str,
    id: UUID,
    by: User,
    at: datetime,
    answer: PostAnswer | None = None,
) -> Observation:
    """Record on the project's sheet that a requirement is missing, by the visit's method.

    `about` are the item's code and the requirement's number; the sheet is opened where there is
    none. The same id again changes nothing. Raises Refused as `observe` does, for a visit that
    is not under way, and where the sheet's rubric has no such requirement.
    """
    require_under_way(visit, by)
    asked = {"campaign": visit.campaign, "project": visit.project, "specialty": specialty}
    sheet = sheet_of(visit, specialty) or open_sheet(**asked, by=by, at=at)
    found = about_of(outline(sheet.rubric_id), *about)
    if found is None:
        raise Refused(_("评分表上没有这条检查内容，请到评分表上记。"), code="no_requirement")
    made = observe(
        sheet=sheet,
        id=id,
        item=found.line.item,
        requirement=found.requirement,
        points=points,
        method=visit.method,
        note=note[:NOTE_LIMIT],
        by=by,
        at=at,
    )
    VisitObservation.objects.get_or_create(
        observation=made, defaults={"visit": visit, "answer": answer}
    )
    return made
