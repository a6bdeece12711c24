"""Score sheets that are not finished, as something due (campaign.registry.DUE_SOURCES)."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign
from campaign.registry import Due
from inspections.models import ScoreSheet
from inspections.sheet.progress import Progress, progress
from organization.models import Post
from organization.roles import Role

INSPECTION = "inspect"  # the plan's phase on whose last day the sheets are due (ruling 15)


def due_sheets(campaign: Campaign, at: datetime) -> list[Due]:
    """Unfinished audit sheets, due from their specialty's lead and from the center.

    An opened sheet is a thing of its own; projects whose sheet nobody has opened yet are one
    thing per specialty. Seven queries, whatever the number of sheets.
    """
    last_day = due_day(campaign)
    if last_day is None or not campaign.started_at or campaign.closed_at:
        return []
    people = auditors()
    return [
        *opened(campaign, last_day, people),
        *unopened(campaign, last_day, people),
    ]


def due_day(campaign: Campaign) -> date | None:
    """The last day of the inspection phase."""
    phase = campaign.phases.filter(code=INSPECTION).first()
    return phase.end if phase else None


def auditors() -> dict[int | None, list[int]]:
    """Ids of leads by specialty; those of the center under None."""
    found: dict[int | None, list[int]] = {}
    posts = Post.objects.current().filter(user__is_active=True)
    audit = posts.of(Role.SPECIALTY_LEAD, Role.MANAGEMENT_CENTER)
    for role, specialty, user in audit.values_list("role", "specialty_id", "user_id"):
        place = specialty if role == Role.SPECIALTY_LEAD else None
        found.setdefault(place, []).append(user)
    return found


def answering(people: dict[int | None, list[int]], specialty: int) -> list[int]:
    return sorted({*people.get(specialty, ()), *people.get(None, ())})


def opened(campaign: Campaign, last_day: date, people) -> Iterator[Due]:
    sheets = ScoreSheet.objects.audits().unfinished().filter(campaign=campaign)
    for sheet in sheets.select_related("project", "specialty"):
        sheet.campaign = campaign
        yield Due(
            thing=f"sheet:{sheet.pk}",
            campaign=campaign,
            due=last_day,
            title=partial(opened_title, sheet),
            url=sheet.get_absolute_url(),
            people=answering(people, sheet.specialty_id),
        )


def unopened(campaign: Campaign, last_day: date, people) -> Iterator[Due]:
    address = reverse("sheets", args=[campaign.code])
    for each in progress(campaign):
        if each.unopened:
            yield Due(
                thing=f"sheets:{campaign.pk}:{each.specialty.code}",
                campaign=campaign,
                due=last_day,
                title=partial(unopened_title, each),
                url=f"{address}?specialty={each.specialty.code}&state=not_started",
                people=answering(people, each.specialty.pk),
            )


def unopened_title(each: Progress) -> str:
    sentence = ngettext(
        "%(specialty)s还有 %(count)d 个项目没有开始评分",
        "%(specialty)s还有 %(count)d 个项目没有开始评分",
        each.unopened,
    )
    return sentence % {"specialty": each.specialty, "count": each.unopened}


def opened_title(sheet: ScoreSheet) -> str:
    figures = {"sheet": sheet, "done": sheet.looked_at, "all": sheet.item_count}
    return _("评完评分表：%(sheet)s（%(done)d / %(all)d 项）") % figures
