"""The ways to people outside the application, and what each person chose."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organization import states
from organization.models import Project, User
from organization.states import State


class ChannelChoice(models.Model):
    """On which channels a person wants nudges; urgent notices come whatever is chosen here.

    Who has no row has chosen nothing: all that there is.
    """

    person = models.OneToOneField(User, models.CASCADE, related_name="channel_choice")
    mail = models.BooleanField(_("邮件"), default=True)
    robots = models.BooleanField(_("工作群机器人"), default=True)

    class Meta:
        verbose_name = _("提醒渠道")
        verbose_name_plural = _("提醒渠道")

    def __str__(self):
        return str(self.person)


class RobotKind(models.TextChoices):
    WECOM = "wecom", _("企业微信")
    DINGTALK = "dingtalk", _("钉钉")
    FEISHU = "feishu", _("飞书")
    OTHER = "other", _("其他通知服务")

    @property
    def most_per_minute(self) -> int:
        """What the service takes from one robot; more makes it silent for minutes."""
        return 20 if self in (RobotKind.WECOM, RobotKind.DINGTALK) else 100

    @property
    def usual_per_minute(self) -> int:
        return 100 if self == RobotKind.FEISHU else 20


class RobotScope(models.TextChoices):
    COMPANY = "company", _("全公司")
    REGION = "region", _("一个区域")
    PROJECT = "project", _("一个项目")


class RobotQuerySet(models.QuerySet):
    def active(self):
        return self.filter(switched_off_at__isnull=True)

    def of_scope(self, scope: str):
        company = Q(project=None, region="")
        found = {
            RobotScope.COMPANY: company,
            RobotScope.REGION: ~Q(region=""),
            RobotScope.PROJECT: Q(project__isnull=False),
        }
        return self.filter(found[scope])


class Robot(models.Model):
    """A group's robot: speaks for a project, for a region, or (neither) for the company.

    `sealed` is the address with its key and signing secret, encrypted (organization.vault);
    it is never shown again. `hint` are its last characters, so that people tell robots apart.
    """

    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类型"), max_length=10, choices=RobotKind)
    sealed = models.TextField()
    hint = models.CharField(max_length=12, blank=True)
    project = models.ForeignKey(
        Project, models.CASCADE, null=True, blank=True, related_name="robots"
    )
    region = models.CharField(_("区域"), max_length=60, blank=True)
    language = models.CharField(_("语言"), max_length=10, blank=True)
    per_minute = models.PositiveSmallIntegerField(_("每分钟最多"), default=20)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    switched_off_at = models.DateTimeField(null=True, blank=True)
    switched_off_reason = models.CharField(max_length=300, blank=True)
    tested_at = models.DateTimeField(null=True, blank=True)
    last_sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = RobotQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("群机器人")
        verbose_name_plural = _("群机器人")
        constraints = [
            models.CheckConstraint(condition=Q(project=None) | Q(region=""), name="robot_one_scope")
        ]

    def __str__(self):
        return self.name

    @property
    def channel(self) -> str:
        """What the ledger calls it."""
        return f"robot-{self.pk}"

    @property
    def is_off(self) -> bool:
        return self.switched_off_at is not None

    @property
    def scope(self) -> RobotScope:
        if self.project_id:
            return RobotScope.PROJECT
        return RobotScope.REGION if self.region else RobotScope.COMPANY

    @property
    def speaks_for(self) -> str:
        """The project's or the region's name, or that it is the whole company."""
        return str(self.project or self.region or RobotScope.COMPANY.label)

    @property
    def trouble(self) -> str:
        """What stood in the way of the last message, in the reader's language if it is ours."""
        return gettext(self.last_error) if self.last_error else ""

    def state(self) -> State:
        if self.is_off:
            return states.SWITCHED_OFF
        if self.last_error:
            return states.FAILING
        return states.WORKING if self.last_sent_at or self.tested_at else states.UNTESTED
