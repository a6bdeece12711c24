"""An appeal (申诉): a project contests one deduction of a submitted audit sheet (ruling 14)."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.models.sheets import Observation, ScoreSheet
from inspections.words import Outcome
from organization.models import Post, StoredFile, User
from organization.roles import Role
from organization.states import State
from scoring.models import DeductionRule, Item, Requirement

OPEN = State("open", _("待决定"), "send", "wait")
DECIDED = {
    Outcome.KEPT: State("kept", _("扣分不变"), "circle-minus"),
    Outcome.REDUCED: State("reduced", _("已减少扣分"), "circle-check", "ok"),
    Outcome.WITHDRAWN: State("withdrawn", _("已撤销扣分"), "circle-check", "ok"),
}
TAKEN_BACK = State("taken_back", _("项目已收回"), "ban")


class AppealQuerySet(models.QuerySet):
    def in_force(self):
        """All that were not taken back."""
        return self.filter(taken_back_at__isnull=True)

    def undecided(self):
        return self.in_force().filter(decided_at__isnull=True)

    def decidable_by(self, person):
        """Undecided ones whose deduction this person (or an id) did not see as an auditor."""
        own = Appeal.contested.through.objects.filter(
            observation__by=person, appeal__decided_at=None, appeal__taken_back_at=None
        )
        return self.undecided().exclude(pk__in=own.values("appeal"))

    def left_by_center(self):
        """Those of which everybody in the center saw the fault: the executives decide."""
        saw = Observation.objects.filter(contested_by=OuterRef(OuterRef("pk"))).values("by")
        center = Post.objects.current().of(Role.MANAGEMENT_CENTER).filter(user__is_active=True)
        return self.exclude(Exists(center.exclude(user__in=saw)))

    def visible_to(self, user):
        """Company roles see all; a project's own people theirs."""
        if user.sees_company:
            return self
        return self.filter(sheet__project__in=user.project_ids)


class Appeal(models.Model):
    """One contested deduction: what it is about, why, and what was decided.

    `contested` are the observations that stood, of which the dearest cost `stood` points. The
    decision is an event of the sheet's ledger (`entry`), with the decided `points` (None when the
    deduction was withdrawn). `due` is the day until which it is to be decided: the window's last,
    but never the one on which it was made.
    """

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="appeals")
    item = models.ForeignKey(Item, models.PROTECT, verbose_name=_("评分项"))
    requirement = models.ForeignKey(Requirement, models.PROTECT, null=True, blank=True)
    rule = models.ForeignKey(DeductionRule, models.PROTECT, null=True, blank=True)
    contested = models.ManyToManyField(Observation, related_name="contested_by")
    stood = models.DecimalField(_("原扣分"), max_digits=6, decimal_places=2)
    reason = models.TextField(_("申诉理由"))
    files = models.ManyToManyField(StoredFile, related_name="appeals")
    due = models.DateField(_("决定期限"))
    made_at = models.DateTimeField(_("申诉时间"))
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("决定"), max_length=10, choices=Outcome, blank=True)
    points = models.DecimalField(
        _("决定扣分"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    decision = models.TextField(_("决定理由"), blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    entry = models.OneToOneField(
        Observation, models.PROTECT, null=True, blank=True, related_name="decides"
    )
    revision = models.PositiveIntegerField(default=0)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("申诉")
        verbose_name_plural = pgettext_lazy("several", "申诉")
        constraints = [
            # three, because SQLite has no NULLS NOT DISTINCT
            models.UniqueConstraint(
                fields=["sheet", "requirement"],
                condition=Q(taken_back_at=None),
                name="appeal_once",
            ),
            models.UniqueConstraint(
                fields=["sheet", "rule"],
                condition=Q(taken_back_at=None),
                name="appeal_of_rule_once",
            ),
            models.UniqueConstraint(
                fields=["sheet", "item"],
                condition=Q(requirement=None, rule=None, taken_back_at=None),
                name="appeal_of_whole_item_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["sheet"],
                condition=Q(decided_at=None, taken_back_at=None),
                name="appeal_undecided",
            )
        ]

    def __str__(self):
        return f"{self.sheet} · {self.item}"

    def get_absolute_url(self) -> str:
        return reverse("appeal", args=[self.sheet.campaign.code, self.pk])

    @property
    def thing(self) -> str:
        """What reminders and messages call it."""
        return f"appeal:{self.pk}"

    @property
    def project(self):
        return self.sheet.project

    @property
    def is_open(self) -> bool:
        return not (self.decided_at or self.taken_back_at)

    @property
    def words(self) -> str:
        """What was found, by the requirement or the rule; nothing for an item as a whole."""
        about = self.requirement or self.rule
        return about.text if about else ""

    @property
    def costs(self):
        """The points that the deduction costs by the decision; None while there is none."""
        if not self.decided_at:
            return None
        return self.points or 0

    @property
    def costs_now(self):
        return self.costs if self.decided_at else self.stood

    @property
    def changed(self) -> bool:
        """Whether the decision changed what the deduction costs."""
        return self.outcome in (Outcome.REDUCED, Outcome.WITHDRAWN)

    def state(self, *, at: datetime | None = None) -> State:
        if self.taken_back_at:
            return TAKEN_BACK
        return DECIDED[self.outcome] if self.decided_at else OPEN
