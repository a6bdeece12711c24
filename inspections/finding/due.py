"""Findings to rectify and extensions to decide, as something owed (registry.DUE_SOURCES)."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from campaign.models import Campaign
from campaign.owed import holders, holding_post, ids_in, owed_rows, thing_named
from campaign.registry import DueSource, Line
from inspections.models import Extension, Finding
from organization.models import Post
from organization.roles import PROJECT_LEADERS, Role


def owed_findings(campaign: Campaign, at: datetime) -> Iterator[QuerySet]:
    """From who is responsible while they work in the project, else from who leads it."""
    open_ones = Finding.objects.open().filter(campaign=campaign, due__isnull=False)
    here = Exists(
        Post.objects.current().filter(
            user=OuterRef("responsible"), project=OuterRef("project"), user__is_active=True
        )
    )
    leaders = holding_post("project__posts", *PROJECT_LEADERS)
    for rows, person in (
        (open_ones.filter(here), "responsible"),
        (open_ones.filter(~here, **leaders), "project__posts__user"),
    ):
        thing = thing_named("finding", "pk")
        yield owed_rows(rows, thing=thing, due="due", person=person, project="project")


def named_findings(campaign: Campaign, things: Collection[str]) -> dict[str, Line]:
    found = campaign.findings.filter(pk__in=[key for (key,) in ids_in(things).values()])
    lines = {}
    for finding in found:
        finding.campaign = campaign
        title = _("问题整改：%(problem)s") % {"problem": finding}
        lines[f"finding:{finding.pk}"] = Line(title, finding.get_absolute_url())
    return lines


def owed_extensions(campaign: Campaign, at: datetime) -> Iterator[QuerySet]:
    """A later date that was asked for is decided while the one in force still holds."""
    waiting = Extension.objects.waiting().filter(finding__campaign=campaign)
    for person in holders(Role.MANAGEMENT_CENTER):
        yield owed_rows(
            waiting,
            thing=thing_named("extension", "pk"),
            due=F("due_before"),
            person=person,
            project="finding__project",
        )


def named_extensions(campaign: Campaign, things: Collection[str]) -> dict[str, Line]:
    asked = Extension.objects.filter(pk__in=[int(key) for (key,) in ids_in(things).values()])
    lines = {}
    for extension in asked.filter(finding__campaign=campaign).select_related("finding"):
        finding = extension.finding
        finding.campaign = campaign
        title = _("审批延期：%(problem)s") % {"problem": finding}
        lines[f"extension:{extension.pk}"] = Line(title, finding.get_absolute_url())
    return lines


FINDINGS = DueSource("finding", owed_findings, named_findings)
EXTENSIONS = DueSource("extension", owed_extensions, named_extensions)
