"""What a device sent for a sheet that was closed by then: kept whole until the center decides."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inspections.models.sheets import ScoreSheet
from organization.models import StoredFile, User
from organization.states import State

WAITING = State("late", _("待处理"), "send", "wait")
ACCEPTED = State("accepted", _("已采纳"), "circle-check", "ok")
REFUSED = State("refused", _("未采纳"), "ban")


class LateQuerySet(models.QuerySet):
    def undecided(self):
        return self.filter(decided_at__isnull=True)

    def decidable_by(self, user):
        """Undecided ones that somebody else entered."""
        return self.undecided().exclude(by=user)

    def visible_to(self, user):
        """Company roles see all, everybody else what they entered themselves."""
        return self if user.sees_company else self.filter(by=user)


class LateObservation(models.Model):
    """An event or a picture that came when its sheet was closed; `event` is all that was sent.

    Append-only but for the decision, which is made once. A picture has its `file` and says of
    which `observation`.
    """

    id = models.UUIDField(primary_key=True)
    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="late_observations")
    event = models.JSONField()
    digest = models.CharField(max_length=64)
    observation = models.UUIDField(null=True, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="late_observations"
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("检查人"))
    device = models.UUIDField()
    observed_at = models.DateTimeField(_("检查时间"))
    received_at = models.DateTimeField(_("收到时间"))
    is_accepted = models.BooleanField(null=True)
    reason = models.TextField(_("理由"), blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = LateQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "pk"]
        verbose_name = _("迟到的记录")
        verbose_name_plural = _("迟到的记录")
        indexes = [
            models.Index(fields=["sheet"], condition=Q(decided_at=None), name="late_undecided")
        ]

    def __str__(self):
        return str(self.sheet)

    def get_absolute_url(self) -> str:
        return reverse("late", args=[self.sheet.campaign.code])

    @property
    def refers_to(self) -> uuid.UUID | None:
        """The observation that it withdraws, replaces or is a picture of."""
        if self.observation:
            return self.observation
        named = self.event.get("observation") or self.event.get("replaces")
        return uuid.UUID(named) if named else None

    def state(self, *, at: datetime | None = None) -> State:
        if self.decided_at is None:
            return WAITING
        return ACCEPTED if self.is_accepted else REFUSED
