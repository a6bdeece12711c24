"""Audit visits as work: one's own that come, and a schedule that an executive has to approve."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.models import AuditSchedule, AuditVisit
from organization import states
from organization.clock import local_day
from organization.models import User
from organization.prepared import Unforeseen, prepared
from organization.roles import Role
from portal.work.campaigns import Campaigns, only_of
from portal.work.rows import Row, waited

MOST_VISITS = 20


def coming_to(*, person, campaigns, today) -> QuerySet[AuditVisit]:
    """Which first, by an index that has all that is asked, then they themselves.

    Somebody may have thousands, another none; the same plan serves both.
    """
    coming = AuditVisit.objects.standing().settled().of_auditor(Unforeseen(person))
    coming = only_of(coming, campaigns).filter(day__gte=today).order_by("day", "pk")
    first = AuditVisit.objects.filter(pk__in=coming.values("pk")[:MOST_VISITS])
    return first.select_related("project").order_by("day", "pk")


next_visits = prepared(
    coming_to,
    {
        "person": User._meta.pk,
        "campaigns": Campaign._meta.pk,
        "today": AuditVisit._meta.get_field("day"),
    },
)


def visits_to_make(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """The next ones that are certain; one query, and none for who makes no visits."""
    if not person.sees_company:
        return
    if not any(each.has_visits for each in campaigns.running.values()):
        return
    today = local_day(at)
    coming = next_visits(person=person.pk, campaigns=[*campaigns.running], today=today)
    for visit in campaigns.of(coming):
        yield Row(
            title=str(visit.project),
            meta=_("检查 · %(method)s") % {"method": visit.get_method_display()},
            state=states.DUE_TODAY if visit.day == today else visit.state(at=at),
            url=visit.get_absolute_url(),
            action=_("打开"),
            due=visit.day,
        )


def schedules_to_approve(person: User, campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """Not one's own."""
    here = [pk for pk, each in campaigns.running.items() if each.schedule_waits]
    waiting = AuditSchedule.objects.filter(campaign__in=here, approved_at=None) if here else ()
    for schedule in campaigns.of(waiting):
        if person.has_perm("inspections.approve_schedule", schedule):
            yield Row(
                title=str(schedule),
                meta=str(schedule.campaign),
                state=schedule.state(at=at),
                url=schedule.get_absolute_url(),
                action=_("审批"),
                since=schedule.submitted_at,
                who=Role.EXECUTIVE.label,
                note=waited(schedule.submitted_at, at),
            )
