"""The schedule of announced visits: drafted, returned once, approved before the inspection."""

from collections.abc import Iterator
from datetime import timedelta

from inspections.audit_visit.changes import change_visit
from inspections.audit_visit.schedule import (
    approve_schedule,
    draft_schedule,
    return_schedule,
    submit_schedule,
)
from inspections.models import AuditVisit
from organization.clock import local_day
from portal.demo.content import texts
from portal.demo.story import Story, Thread

DOUBLES, STRETCH = 25, timedelta(days=11)


def visits(story: Story) -> Iterator[Thread]:
    yield schedule(story)


def schedule(story: Story) -> Thread:
    """Eleven days from the inspection's first, so that there are working days among them."""
    rng, cast, words = story.rng("visits"), story.cast, texts()["story"]["audit_visits"]
    first = local_day(story.calendar.inspection(0))
    per_day = max(2, len(cast.projects) // 10)
    auditors = [cast.auditor, cast.center, *cast.leads.values()]
    asked = {"auditors": auditors, "first": first, "last": first + STRETCH, "per_day": per_day}
    at = yield story.on(first - timedelta(days=9), rng)
    made = draft_schedule(campaign=story.campaign, doubles=0, by=cast.center, at=at, **asked)
    submit_schedule(schedule=made, by=cast.center, at=at + timedelta(minutes=20))
    at = yield story.on(first - timedelta(days=8), rng)
    return_schedule(schedule=made, reason=words["returned"], by=cast.exec, at=at)
    at = yield story.on(first - timedelta(days=7), rng)
    made = draft_schedule(
        campaign=story.campaign, doubles=DOUBLES, seed=2, by=cast.center, at=at, **asked
    )
    submit_schedule(schedule=made, by=cast.center, at=at + timedelta(minutes=20))
    at = yield story.on(first - timedelta(days=6), rng)
    approve_schedule(schedule=made, by=cast.exec, at=at)
    at = yield story.on(first - timedelta(days=2), rng)
    visit = AuditVisit.objects.filter(campaign=story.campaign).order_by("-day", "-pk").first()
    if visit:
        people = list(visit.auditors.all())
        change_visit(
            visit=visit, day=visit.day + timedelta(days=1), auditors=people,
            reason=words["moved"], by=cast.center, at=at,
        )  # fmt: skip
