"""Single visits, moved, given to others, added or cancelled by hand.

An announced one freely while the schedule is written; after its approval with a reason, which
stays on record, and the people concerned are told. Not while it waits for its approval. Visits
by other methods need no schedule, and only their auditors are told of them.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign
from campaign.telling import tell_each
from inspections.audit_visit.auditors import MOST_AUDITORS, check_auditors, names_of
from inspections.audit_visit.schedule import STANDS, checked_reason, leaders_of, news_of
from inspections.edits import require_day_inside
from inspections.models import AuditSchedule, AuditVisit
from inspections.moves import lock, person, require_part
from inspections.words import Method
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import Project, User


@transaction.atomic
def add_visit(
    *,
    campaign: Campaign,
    project: Project,
    day: date,
    auditors: Collection[User],
    by,
    at: datetime,
    method: str = Method.OPEN,
    reason: str = "",
) -> AuditVisit:
    """One more visit. Refused for a day before the campaign, the same visit again, and for
    people who may not go there; an announced one without a schedule and while that waits.
    """
    certain, reason = open_schedule(campaign, method, reason)
    require_part(campaign, project)
    check_visit(campaign, project, method, day, auditors)
    visit = AuditVisit.objects.create(
        campaign=campaign, project=project, method=method, day=day,
        by_hand=True, planned_at=at, planned_by=person(by),
    )  # fmt: skip
    visit.auditors.set(auditors)
    facts = {"new": facts_of(day, auditors)}
    record(on=visit, verb="add_audit_visit", by=by, at=at, reason=reason, **facts)
    if certain:
        tell_concerned(visit, auditors, "added", reason, at=at)
    return visit


@transaction.atomic
def change_visit(
    *,
    visit: AuditVisit,
    day: date,
    auditors: Collection[User],
    by,
    at: datetime,
    reason: str = "",
    revision: int | None = None,
) -> AuditVisit:
    """Another day or other people. Raises what `add_visit` raises, Conflict for a stale page."""
    certain, reason = hold(visit, reason, revision)
    check_visit(visit.campaign, visit.project, visit.method, day, auditors, but=visit)
    before = list(visit.auditors.all())
    if (visit.day, set(before)) == (day, set(auditors)):
        return visit
    old = facts_of(visit.day, before)
    visit.day = day
    visit.revision += 1
    visit.save(update_fields=["day", "revision"])
    visit.auditors.set(auditors)
    facts = {"old": old, "new": facts_of(day, auditors)}
    record(on=visit, verb="change_audit_visit", by=by, at=at, reason=reason, **facts)
    if certain:
        tell_concerned(visit, {*before, *auditors}, "changed", reason, at=at)
    return visit


@transaction.atomic
def remove_visit(
    *, visit: AuditVisit, by, at: datetime, reason: str = "", revision: int | None = None
) -> AuditVisit:
    """Cancel a visit; it stays on record as cancelled."""
    certain, reason = hold(visit, reason, revision)
    visit.withdrawn_at, visit.withdrawn_by, visit.reason = at, person(by), reason
    visit.revision += 1
    visit.save()
    record(on=visit, verb="remove_audit_visit", by=by, at=at, after="withdrawn", reason=reason)
    if certain:
        tell_concerned(visit, visit.auditors.all(), "removed", reason, at=at)
    return visit


def open_schedule(campaign: Campaign, method: str, reason: str) -> tuple[bool, str]:
    """Whether a visit is certain as soon as it is written down. An announced one is once the
    schedule is approved, which asks for a reason; Refused while that waits.
    """
    if method != Method.OPEN:
        return True, reason.strip()
    found = AuditSchedule.objects.select_for_update().filter(campaign=campaign).first()
    if found is None:
        raise Refused(_("还没有检查安排，先编排一份。"), code="no_schedule")
    if found.is_waiting:
        raise Refused(STANDS["waiting_approval"], code="waiting_approval")
    if found.approved_at:
        return True, checked_reason(reason)
    return False, reason.strip()


def hold(visit: AuditVisit, reason: str, revision: int | None) -> tuple[bool, str]:
    campaign, project = visit.campaign, visit.project
    require_part(campaign, project)
    lock(visit)
    visit.campaign, visit.project = campaign, project
    if revision not in (None, visit.revision):
        raise Conflict(_("这次检查刚被改过，请看过再改。"), theirs=visit)
    if visit.withdrawn_at:
        raise Refused(_("这次检查已经取消。"), code="withdrawn")
    if visit.started_at:
        raise Refused(_("这次检查已经开始，不能再调整。"), code="started")
    return open_schedule(campaign, visit.method, reason)


def check_visit(
    campaign: Campaign,
    project: Project,
    method: str,
    day: date,
    auditors: Collection[User],
    but: AuditVisit | None = None,
) -> None:
    require_day_inside(campaign, day, "day")
    check_auditors(auditors, [project])
    if len(auditors) > MOST_AUDITORS:
        message = _("一次检查最多 %(most)d 人。") % {"most": MOST_AUDITORS}
        raise Refused(message, code="many", field="auditors")
    same = AuditVisit.objects.standing().filter(method=method)
    same = same.filter(campaign=campaign, project=project, day=day)
    if same.exclude(pk=but.pk if but else None).exists():
        message = _("%(project)s这一天已经安排了检查。") % {"project": project}
        raise Refused(message, code="same", field="day")


def facts_of(day: date, people: Iterable[User]) -> dict:
    return {"day": day.isoformat(), "auditors": names_of(people)}


def tell_concerned(visit: AuditVisit, people: Iterable[User], what: str, reason: str, *, at):
    """The auditors, before and now, and of an announced one the project's leaders."""
    is_open = visit.method == Method.OPEN
    leaders = leaders_of([visit.project_id])[visit.project_id] if is_open else []
    tell_each([news_of(visit, dict.fromkeys([*people, *leaders]), what, reason)], at=at)
