"""Private addresses under which calendars read deadlines."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from organization.models import Project, User


class CalendarFeedQuerySet(models.QuerySet):
    def open(self):
        return self.filter(revoked_at__isnull=True)


class CalendarFeed(models.Model):
    """A calendar of one person: of their own deadlines, or of one project's.

    The address is made from `key` with the installation's secret, so a copy of the database
    gives nobody an address. A revoked one never opens again. `shown` is what its calendar
    showed when it was last read, so that the next one can say what has moved since
    (campaign.feeds.changes).
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    shown = models.JSONField(default=dict, blank=True, editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["person", "project", "pk"]
        verbose_name = _("日历地址")
        verbose_name_plural = _("日历地址")
        constraints = [
            # Coalesce, because SQLite has no NULLS NOT DISTINCT
            models.UniqueConstraint(
                "person",
                Coalesce("project", 0),
                condition=Q(revoked_at__isnull=True),
                name="one_open_feed",
            )
        ]

    def __str__(self):
        return f"{self.person} · {self.project}" if self.project else str(self.person)
