"""Findings in a project's calendar, on the day by which they have to be rectified."""

from datetime import datetime

from django.utils.translation import gettext as _

from campaign.feeds.entries import Entry, note_of
from campaign.models import Campaign
from inspections.models import Finding
from organization.models import Project


def finding_entries(campaign: Campaign, project: Project, at: datetime) -> list[Entry]:
    """All that were opened and not withdrawn, the verified ones too (registry.PROJECT_ENTRIES)."""
    found = Finding.objects.opened().filter(campaign=campaign, project=project, due__isnull=False)
    return [
        Entry(
            thing=f"finding:{each.pk}",
            title=_("问题：%(problem)s") % {"problem": each},
            url=each.get_absolute_url(),
            start=each.due,
            end=each.due,
            about=_("问题"),
            note=note_of(each.state(at=at)),
        )
        for each in found.select_related("campaign")
    ]
