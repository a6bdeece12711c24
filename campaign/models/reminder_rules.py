"""When people are reminded: rules and hours, data of each campaign."""

from datetime import time
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import Campaign

COMPANY_ZONE = "Asia/Shanghai"


class RuleKind(models.TextChoices):
    BEFORE = "before", _("到期前")
    ON = "on", _("到期当天")
    AFTER = "after", _("逾期后")
    ESCALATE = "escalate", _("逾期上报")
    PHASE_BEGINS = "phase_begins", _("阶段开始")
    PHASE_ENDS = "phase_ends", _("阶段结束前")


class ReminderRuleQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)


class ReminderRule(models.Model):
    """One occasion on which a campaign reminds; days are calendar days, 0 is the day itself."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="reminder_rules")
    kind = models.CharField(_("时机"), max_length=15, choices=RuleKind)
    days = models.PositiveSmallIntegerField(_("天数"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = ReminderRuleQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "kind", "days"]
        verbose_name = _("提醒规则")
        verbose_name_plural = _("提醒规则")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "kind", "days"], name="reminder_rule_once")
        ]

    def __str__(self):
        return self.code

    @property
    def code(self) -> str:
        """What the ledger keeps of it, e.g. before-7."""
        return f"{self.kind}-{self.days}"


class ReminderSettings(models.Model):
    """The hours in which a campaign speaks to people, in its own zone."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="reminder_settings")
    zone_name = models.CharField(_("时区"), max_length=40, default=COMPANY_ZONE)
    digest_at = models.TimeField(_("每天提醒的时间"), default=time(9))
    quiet_from = models.TimeField(_("免打扰开始"), default=time(21))
    quiet_until = models.TimeField(_("免打扰结束"), default=time(8))
    working_days_only = models.BooleanField(_("只在工作日提醒"), default=True)

    class Meta:
        verbose_name = _("提醒时间")
        verbose_name_plural = _("提醒时间")

    def __str__(self):
        return str(self.campaign)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)
