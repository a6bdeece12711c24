"""Carrying a visit out: its start and end, and what was seen between them.

What belongs to a visit follows from facts that are sealed already: an observation by one of its
auditors, by its method, at its project, seen between its start and its end. So it holds for
what was entered without a network as well, and nobody has to say it twice.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from inspections.models import AuditSchedule, AuditVisit, Observation, ScoreSheet
from inspections.moves import lock, person, require_running
from inspections.words import Method, ObservationKind
from inspections.written_test.ending import require_over
from organization.errors import Refused
from organization.history import record
from organization.models import User


@transaction.atomic
def start_visit(*, visit: AuditVisit, by, at: datetime) -> AuditVisit:
    """Begin a visit on whatever day it is. Refused for whom was not sent, for one that was
    cancelled or begun, an announced one that is not approved, and while another one of theirs
    by the same method is under way at the project.
    """
    hold_all_of(visit)
    hold(visit, by)
    if visit.started_at:
        raise Refused(_("这次检查已经开始。"), code="started")
    approved = AuditSchedule.objects.filter(campaign=visit.campaign, approved_at__isnull=False)
    if visit.method == Method.OPEN and not approved.exists():
        raise Refused(_("检查安排还没有批准，不能开始。"), code="not_approved")
    others = AuditVisit.objects.under_way().filter(project=visit.project, method=visit.method)
    if others.filter(campaign=visit.campaign, auditors__in=visit.auditors.all()).exists():
        raise Refused(_("这个项目还有一次没有结束的检查，先结束那一次。"), code="under_way")
    visit.started_at, visit.started_by = at, person(by)
    return put(visit, "start_audit_visit", by=by, at=at)


@transaction.atomic
def finish_visit(*, visit: AuditVisit, by, at: datetime, reason: str = "") -> AuditVisit:
    """End a visit; from now on its project may know of it, whatever the method was.

    A written test ends once its exam is over; before that it takes a reason.
    """
    hold(visit, by)
    if not visit.started_at:
        raise Refused(_("这次检查还没有开始。"), code="not_started")
    if visit.finished_at:
        raise Refused(_("这次检查已经结束。"), code="finished")
    reason = reason.strip()
    require_over(visit, reason, at=at)
    visit.finished_at, visit.finished_by = at, person(by)
    return put(visit, "finish_audit_visit", by=by, at=at, reason=reason)


def hold_all_of(visit: AuditVisit) -> None:
    """Every visit by its method to its project, so that of two that begin at once one waits."""
    same = AuditVisit.objects.filter(
        campaign=visit.campaign, project=visit.project, method=visit.method
    )
    list(same.select_for_update().order_by("pk").values_list("pk"))


def hold(visit: AuditVisit, by) -> None:
    campaign, project = visit.campaign, visit.project
    require_running(campaign)
    lock(visit)
    visit.campaign, visit.project = campaign, project
    if visit.withdrawn_at:
        raise Refused(_("这次检查已经取消。"), code="withdrawn")
    if person(by) and not visit.auditors.filter(pk=by.pk).exists():
        raise Refused(_("您不是这次检查的检查人。"), code="not_yours")


def put(visit: AuditVisit, verb: str, *, by, at: datetime, reason: str = "") -> AuditVisit:
    visit.revision += 1
    visit.save()
    record(on=visit, verb=verb, by=by, at=at, after=visit.state().code, reason=reason)
    return visit


def sheets_of(visit: AuditVisit, reader: User) -> QuerySet[ScoreSheet]:
    """The project's audit sheets, which the visit feeds, as far as the reader may see them."""
    found = ScoreSheet.objects.audits().visible_to(reader)
    found = found.filter(campaign=visit.campaign, project=visit.project)
    return found.select_related("campaign", "specialty").order_by("specialty__order")


def seen_on(visit: AuditVisit, reader: User) -> QuerySet[Observation]:
    """What was found missing on the visit and stands, on sheets that the reader may see."""
    if not visit.started_at:
        return Observation.objects.none()
    found = Observation.objects.filter(
        sheet__in=sheets_of(visit, reader).order_by(),
        by__in=visit.auditors.all(),
        method=visit.method,
        kind=ObservationKind.MISSING,
        withdrawal=None,
        observed_at__gte=visit.started_at,
    )
    if visit.finished_at:
        found = found.filter(observed_at__lte=visit.finished_at)
    related = ("sheet__campaign", "item", "by")
    return found.select_related(*related).order_by("observed_at", "pk")
