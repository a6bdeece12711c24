"""Audit visits by their day: as something the auditors owe, and in a project's calendar."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaign.feeds.entries import Entry
from campaign.models import Campaign
from campaign.owed import ids_in, owed_rows, thing_named
from campaign.registry import DueSource, Line
from inspections.models import AuditVisit
from organization.clock import local_day
from organization.models import Project


def owed_visits(campaign: Campaign, at: datetime) -> Iterator[QuerySet]:
    """Announced ones that come: one whose day is over is nobody's to do any more.

    They stand in no project, and the others not here at all, so that no group or superior of
    the project hears of them.
    """
    coming = AuditVisit.objects.announced().standing().settled().filter(day__gte=local_day(at))
    coming = coming.filter(finished_at__isnull=True)
    who = AuditVisit.auditors.through.objects.filter(user__is_active=True)
    yield owed_rows(
        who.filter(auditvisit__in=coming.filter(campaign=campaign)),
        thing=thing_named("audit_visit", "auditvisit_id"),
        due="auditvisit__day",
        person="user",
    )


def named_visits(campaign: Campaign, things: Collection[str]) -> dict[str, Line]:
    ids = [int(key) for (key,) in ids_in(things).values()]
    found = AuditVisit.objects.filter(campaign=campaign, pk__in=ids).select_related("project")
    lines = {}
    for visit in found:
        visit.campaign = campaign
        lines[visit.thing] = Line(title_of(visit), visit.get_absolute_url())
    return lines


def title_of(visit: AuditVisit) -> str:
    words = {"method": visit.get_method_display(), "project": visit.project}
    return _("%(method)s：%(project)s") % words


def visit_entries(campaign: Campaign, project: Project, at: datetime) -> list[Entry]:
    """The announced ones, once they are certain (registry.PROJECT_ENTRIES)."""
    found = AuditVisit.objects.announced().standing().settled()
    entries = []
    for visit in found.filter(campaign=campaign, project=project):
        visit.campaign, visit.project = campaign, project
        entries.append(
            Entry(
                thing=visit.thing,
                title=title_of(visit),
                url=visit.get_absolute_url(),
                start=visit.day,
                end=visit.day,
                about=_("检查"),
            )
        )
    return entries


VISITS = DueSource("audit_visit", owed_visits, named_visits)
