"""Making, renewing and revoking the addresses of calendars."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import CalendarFeed
from organization.errors import Refused
from organization.history import record
from organization.models import Project, User


@transaction.atomic
def make_feed(
    *, person: User, project: Project | None = None, by: User, at: datetime
) -> CalendarFeed:
    """An address for a person's own deadlines, or for those of a project; on record.

    Who has one gets that one again. Raises Refused for a project that the person may not see.
    """
    made = CalendarFeed(person=person, project=project, made_at=at)
    if not person.has_perm("campaign.read_feed", made):
        raise Refused(_("看不到这个项目，不能做它的日历。"), code="no_access")
    User.objects.select_for_update().get(pk=person.pk)  # two presses make one address
    mine = CalendarFeed.objects.open().filter(person=person, project=project).first()
    if mine is None:
        made.save()
        record(on=made, verb="make_feed", by=by, at=at)
    return mine or made


@transaction.atomic
def revoke_feed(*, feed: CalendarFeed, by: User, at: datetime) -> None:
    """The address opens nothing from now on, for good; on record. Refused where it did already."""
    revoked = CalendarFeed.objects.open().filter(pk=feed.pk).update(revoked_at=at)
    if not revoked:
        raise Refused(_("这个日历地址已经停用。"), code="revoked")
    record(on=feed, verb="revoke_feed", by=by, at=at, before="open", after="revoked")


@transaction.atomic
def renew_feed(*, feed: CalendarFeed, by: User, at: datetime) -> CalendarFeed:
    """A new address for the same calendar; the old one opens nothing from now on."""
    revoke_feed(feed=feed, by=by, at=at)
    return make_feed(person=feed.person, project=feed.project, by=by, at=at)
