"""Score sheets that are not finished, as something owed (campaign.registry.DUE_SOURCES).

An opened sheet is a thing of its own; projects whose sheet nobody has opened yet are one thing
per specialty. Both are due from the specialty's lead and from the center.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign
from campaign.owed import holders, holding_post, ids_in, owed_rows, thing_named
from campaign.registry import DueSource, Line
from inspections.models import ScoreSheet
from inspections.sheet.progress import Progress, progress
from organization.models import Post
from organization.roles import Role

INSPECTION = "inspect"  # the plan's phase on whose last day the sheets are due (ruling 15)


def due_day(campaign: Campaign) -> date | None:
    """The last day of the inspection phase."""
    phase = campaign.phase_called(INSPECTION)
    return phase.end if phase else None


def auditors_of(specialty: int) -> QuerySet[Post]:
    """Posts that audit a specialty: its leads' and the center's."""
    leads = Q(role=Role.SPECIALTY_LEAD, specialty=specialty)
    posts = Post.objects.current().filter(user__is_active=True)
    return posts.filter(leads | Q(role=Role.MANAGEMENT_CENTER))


def owed_sheets(campaign: Campaign, at: datetime) -> Iterator[QuerySet]:
    last_day = due_day(campaign)
    if last_day is None:
        return
    open_ones = ScoreSheet.objects.audits().unfinished().filter(campaign=campaign)
    columns = {"thing": thing_named("sheet", "pk"), "due": last_day, "project": "project"}
    leads = open_ones.filter(**holding_post("specialty__post", Role.SPECIALTY_LEAD))
    yield owed_rows(leads, person="specialty__post__user", **columns)
    for person in holders(Role.MANAGEMENT_CENTER):
        yield owed_rows(open_ones, person=person, **columns)


def named_sheets(campaign: Campaign, things: Collection[str]) -> dict[str, Line]:
    ids = [int(key) for (key,) in ids_in(things).values()]
    sheets = ScoreSheet.objects.filter(campaign=campaign, pk__in=ids)
    lines = {}
    for sheet in sheets.select_related("project", "specialty"):
        sheet.campaign = campaign
        figures = {"sheet": sheet, "done": sheet.looked_at, "all": sheet.item_count}
        title = _("评完评分表：%(sheet)s（%(done)d / %(all)d 项）") % figures
        lines[f"sheet:{sheet.pk}"] = Line(title, sheet.get_absolute_url())
    return lines


def owed_unopened(campaign: Campaign, at: datetime) -> Iterator[QuerySet]:
    last_day = due_day(campaign)
    if last_day is None:
        return
    for each in progress(campaign):
        if each.unopened:
            yield owed_rows(
                auditors_of(each.specialty.pk),
                thing=f"sheets:{campaign.pk}:{each.specialty.code}",
                due=last_day,
                person="user",
            )


def named_unopened(campaign: Campaign, things: Collection[str]) -> dict[str, Line]:
    address = reverse("sheets", args=[campaign.code])
    lines = {}
    for each in progress(campaign):
        thing = f"sheets:{campaign.pk}:{each.specialty.code}"
        if each.unopened and thing in things:
            query = f"?specialty={each.specialty.code}&state=not_started"
            lines[thing] = Line(unopened_title(each), address + query)
    return lines


def unopened_title(each: Progress) -> str:
    sentence = ngettext(
        "%(specialty)s还有 %(count)d 个项目没有开始评分",
        "%(specialty)s还有 %(count)d 个项目没有开始评分",
        each.unopened,
    )
    return sentence % {"specialty": each.specialty, "count": each.unopened}


SHEETS = DueSource("sheet", owed_sheets, named_sheets)
UNOPENED = DueSource("sheets", owed_unopened, named_unopened)
