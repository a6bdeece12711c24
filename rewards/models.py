"""Reward rules, the settlement and its awards: one line per person, never changed once approved."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models import Campaign
from organization import states
from organization.models import Project, StoredFile, User
from organization.roles import Role

TEAM = "team"
ROLES = dict(Role.choices)


class RewardRule(models.Model):
    """Yuan per person for a band and a role; negative is a penalty. No row = nothing."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="reward_rules")
    band = models.SlugField(_("等级"), max_length=20)
    role = models.CharField(_("角色"), max_length=30, choices=Role)
    amount = models.DecimalField(_("金额（元）"), max_digits=10, decimal_places=2)

    class Meta:
        ordering = ["campaign", "band", "role"]
        verbose_name = _("奖惩标准")
        verbose_name_plural = pgettext_lazy("several", "奖惩标准")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "band", "role"], name="reward_rule_once")
        ]

    def __str__(self):
        return f"{self.band} {ROLES.get(self.role, self.role)} {self.amount}"


class TeamReward(models.Model):
    """Paid to the project's team, on top, from a rounded composite on (ruling 1)."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="team_reward")
    lowest = models.PositiveSmallIntegerField(_("起奖分"))
    amount = models.DecimalField(_("金额（元）"), max_digits=10, decimal_places=2)

    class Meta:
        verbose_name = _("团队奖")
        verbose_name_plural = pgettext_lazy("several", "团队奖")

    def __str__(self):
        return f"≥{self.lowest} {self.amount}"


class SettlementTerms(models.Model):
    """The day on which posts count for a campaign's settlement; none is the day it is drawn up."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="settlement_terms")
    posts_on = models.DateField(_("岗位截止日"), null=True, blank=True)

    class Meta:
        verbose_name = _("岗位截止日")
        verbose_name_plural = _("岗位截止日")

    def __str__(self):
        return str(self.posts_on or "")


class Settlement(models.Model):
    """The list of rewards and penalties, person by person; approved once, then final."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="settlements")
    number = models.PositiveSmallIntegerField(default=1)
    posts_as_of = models.DateTimeField(_("岗位截至"))
    drawn_up_at = models.DateTimeField()
    drawn_up_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    fingerprint = models.CharField(max_length=64, blank=True)
    left_out = models.JSONField(default=list, help_text="codes of provisional projects")
    # an approved one never changes: what was wrong in it is put right by another that names it
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )

    class Meta:
        ordering = ["campaign", "-number"]
        verbose_name = _("奖惩结算")
        verbose_name_plural = pgettext_lazy("several", "奖惩结算")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="settlement_number_once")
        ]

    def __str__(self):
        return f"{self.campaign} #{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether its list may still be changed: a draft, or one that was returned."""
        return not self.submitted_at and not self.approved_at

    def state(self) -> states.State:
        if self.approved_at:
            return states.APPROVED
        if self.submitted_at:
            return states.WAITING_APPROVAL
        return states.RETURNED if self.returned_at else states.DRAFT


class Correction(models.Model):
    """The center asks to correct an approved settlement, the president grants it or refuses.

    Granted, it opens frozen results once more and makes the settlement that names the old one.
    """

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="corrections")
    reason = models.TextField(_("更正原因"))
    appeals_until = models.DateField(_("补充申诉到"), null=True, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    granted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["settlement", "-pk"]
        verbose_name = _("结算更正")
        verbose_name_plural = _("结算更正")
        constraints = [
            models.UniqueConstraint(
                fields=["settlement"],
                condition=models.Q(granted__isnull=True) | models.Q(granted=True),
                name="one_correction",
            )
        ]

    def __str__(self):
        return f"{self.settlement} · {self.reason[:40]}"


class Snapshot(models.Model):
    """Everything that an approved settlement stands on, as canonical JSON; never changed.

    `number` counts the snapshots of the installation, `previous` is the fingerprint of the one
    before. See rewards.snapshots, the only writer.
    """

    settlement = models.OneToOneField(Settlement, models.PROTECT, related_name="snapshot")
    number = models.PositiveIntegerField(unique=True)
    previous = models.CharField(max_length=64, blank=True)
    content = models.TextField()
    fingerprint = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]

    def __str__(self):
        return self.fingerprint


class Award(models.Model):
    """One outcome: a person's (at the highest of their posts in the project) or the team's."""

    settlement = models.ForeignKey(Settlement, models.CASCADE, related_name="awards")
    project = models.ForeignKey(Project, models.PROTECT)
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True)
    role = models.CharField(max_length=30, choices=[*Role.choices, (TEAM, _("团队"))])
    band = models.SlugField(max_length=20)
    composite = models.DecimalField(max_digits=5, decimal_places=2)
    amount = models.DecimalField(_("金额（元）"), max_digits=10, decimal_places=2)
    other_roles = models.JSONField(_("另任"), default=list, blank=True)
    case = models.ForeignKey(
        "rewards.Case", models.PROTECT, null=True, blank=True, related_name="awards"
    )

    class Meta:
        ordering = ["settlement", "project__code", "id"]
        verbose_name = _("奖惩")
        verbose_name_plural = pgettext_lazy("several", "奖惩")
        constraints = [
            models.UniqueConstraint(
                fields=["settlement", "project", "person"],
                condition=models.Q(person__isnull=False),
                name="one_outcome",
            ),
            models.UniqueConstraint(
                fields=["settlement", "project"],
                condition=models.Q(person__isnull=True),
                name="one_team_reward",
            ),
        ]

    def __str__(self):
        return f"{self.person or self.get_role_display()} {self.amount}"

    @property
    def key(self) -> tuple:
        """As rewards.rules.Outcome.key: what makes two lists the same."""
        return (self.project_id, self.person_id, self.role, self.band, self.composite, self.amount)

    @property
    def other_role_words(self) -> list[str]:
        return [str(Role(role).label) for role in self.other_roles]


class CaseKind(models.TextChoices):
    """Why the rules alone can't say who is paid."""

    JOINED = "joined", _("期间到岗")
    LEFT = "left", _("期间离岗")
    VACANT = "vacant", _("空岗")
    NO_POST = "no_post", _("没有岗位")


class Answer(models.TextChoices):
    PAY = "pay", _("按标准计")
    NOTHING = "nothing", _("不计")
    OTHER = "other", _("计给别人")


class CaseQuerySet(models.QuerySet):
    def live(self):
        """Those that the newest drawing-up found; others are history."""
        return self.filter(gone_at__isnull=True)

    def undecided(self):
        return self.live().filter(answer="")

    def decided(self):
        return self.live().exclude(answer="")


class Case(models.Model):
    """Somebody (or a vacant post) that a person has to decide about; never guessed.

    `amount` is what the rule gives for the role and band; `since` and `until` are the days that
    make it a case, `was` the role held before. `key` is the same from one drawing-up to the next,
    so that a decision outlives them as long as the facts do. A person without a post belongs to no
    project: then `to_project` and `to_role` are part of the decision.
    """

    settlement = models.ForeignKey(Settlement, models.CASCADE, related_name="cases")
    key = models.CharField(max_length=120)
    kind = models.CharField(_("情况"), max_length=10, choices=CaseKind)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=30, blank=True, choices=Role)
    department = models.CharField(max_length=60, blank=True)
    was = models.CharField(max_length=30, blank=True, choices=Role)
    band = models.SlugField(max_length=20, blank=True)
    composite = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    gone_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, blank=True, choices=Answer)
    paid_to = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    to_project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="+")
    to_role = models.CharField(max_length=30, blank=True, choices=Role)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["settlement", "project__code", "id"]
        verbose_name = _("待决定情况")
        verbose_name_plural = _("待决定情况")
        constraints = [models.UniqueConstraint(fields=["settlement", "key"], name="case_once")]

    def __str__(self):
        whom = self.person or Role(self.role).label
        return f"{self.project} {whom}" if self.project else str(whom)


class AdjustmentQuerySet(models.QuerySet):
    def standing(self):
        """Those that count; what was taken back stays on record."""
        return self.filter(withdrawn_at__isnull=True)


class Adjustment(models.Model):
    """A line of its own that somebody added with a reason; no computed line is altered by it.

    Signed yuan for a person, or (person None) for a project's team. Outlives a drawing-up anew.
    """

    settlement = models.ForeignKey(Settlement, models.CASCADE, related_name="adjustments")
    project = models.ForeignKey(Project, models.PROTECT, verbose_name=_("项目"))
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("人员")
    )
    amount = models.DecimalField(_("金额（元）"), max_digits=10, decimal_places=2)
    reason = models.TextField(_("原因"))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        ordering = ["settlement", "project__code", "id"]
        verbose_name = _("人工调整")
        verbose_name_plural = _("人工调整")

    def __str__(self):
        return f"{self.person or self.project} {self.amount}"


class NoticeKind(models.TextChoices):
    """Whom a notice is for."""

    PERSON = "person", _("个人通知书")
    PROJECT = "project", _("项目通知书")


class NoticeTemplate(models.Model):
    """The company's own wording of a notice in one language; without a file the default holds."""

    kind = models.CharField(max_length=10, choices=NoticeKind)
    language = models.CharField(max_length=10)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["kind", "language"]
        verbose_name = _("通知书模板")
        verbose_name_plural = _("通知书模板")
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="notice_template_once")
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.language}"
