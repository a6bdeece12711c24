"""A new campaign from an earlier one: the same set-up, moved by whole weeks."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign, Participation
from campaign.registry import CLONE_PARTS
from campaign.seals import begin
from campaign.setup import check_code, check_year, enter_projects, store_new
from organization.copies import again
from organization.errors import Refused
from organization.history import record
from organization.models import User

WEEK = 7


@transaction.atomic
def clone_campaign(*, source: Campaign, code: str, year: int, by, at: datetime) -> Campaign:
    """A draft with everything that `source` was set up with, in another year.

    Every date moves by the same number of whole weeks, so weekdays, order and distances stay.
    Projects that are still active take part again and lack what they lacked; upper apps copy
    their part (registry.CLONE_PARTS). What happened in the source is not copied. Leaves one
    record beside those of the projects. Raises Refused as `create_campaign`, and for a source
    without phases.
    """
    first = source.phases.first()
    if first is None:
        raise Refused(_("这次专项工作没有阶段，不能沿用。"), code="source", field="source")
    check_year(year)
    check_code(code)
    weeks = weeks_between(first.start, years=year - source.year)
    made = store_new(
        Campaign(
            code=code,
            title_zh_hans=source.title_zh_hans,
            title_en=source.title_en,
            year=year,
            rounding=source.rounding,
            appeal_days=source.appeal_days,
            notes_percent=source.notes_percent,
            created_by=by if isinstance(by, User) else None,
            created_at=at,
        )
    )
    copy_dates(source, made, timedelta(weeks=weeks))
    after = made.state().code
    record(
        on=made, verb="clone_campaign", by=by, at=at, after=after, source=source.code, weeks=weeks
    )
    copy_projects(source, made, by=by, at=at)
    for part in CLONE_PARTS:
        part(source, made, at)
    begin(made, at=at)
    return made


def weeks_between(day: date, *, years: int) -> int:
    """The whole number of weeks nearest to the time until the same day in so many years."""
    last = monthrange(day.year + years, day.month)[1]
    same = day.replace(year=day.year + years, day=min(day.day, last))
    return round((same - day).days / WEEK)


def copy_dates(source: Campaign, made: Campaign, shift: timedelta) -> None:
    """Phases and milestones with all that they say, in both languages, on their new days."""
    phases = {phase.pk: again(phase, campaign=made) for phase in source.phases.all()}
    for phase in phases.values():
        phase.start, phase.end = phase.start + shift, phase.end + shift
        phase.save()
    for milestone in source.milestones.all():
        copied = again(milestone, campaign=made, phase=phases[milestone.phase_id])
        copied.due += shift
        copied.save()


def copy_projects(source: Campaign, made: Campaign, *, by, at: datetime) -> None:
    """Those that are still active, with the specialties that they don't have."""
    lacks = {
        part.project_id: list(part.lacks.all())
        for part in source.participations.prefetch_related("lacks")
    }
    active = source.projects.active()
    enter_projects(campaign=made, projects=active, by=by, at=at)
    through = Participation.lacks.through
    through.objects.bulk_create(
        (
            through(participation_id=part.pk, specialty_id=specialty.pk)
            for part in made.participations.all()
            for specialty in lacks[part.project_id]
        ),
        batch_size=1000,
    )
