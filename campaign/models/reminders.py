"""The ledger of what people were told, and their inbox."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models.campaigns import Campaign
from campaign.models.channels import Robot
from campaign.models.letters import Letter
from organization.models import User

# The rule of what happened, which no campaign sets: everything else is a code of its rules.
NOTICE = "notice"


class Channel(models.TextChoices):
    INBOX = "inbox", _("站内信")
    MAIL = "mail", _("邮件")


class Delivery(models.TextChoices):
    """Facts of one reminder's way; `unknown` is a crash between sending and recording."""

    WANTED = "wanted", _("待发送")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("发送失败")
    UNKNOWN = "unknown", _("结果不明")
    CANCELLED = "cancelled", _("已取消")


class ReminderQuerySet(models.QuerySet):
    def wanted(self):
        return self.filter(delivery=Delivery.WANTED)


class Reminder(models.Model):
    """One row per person, thing, rule, occurrence and channel: nobody is told twice."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="reminders", db_index=False)
    person = models.ForeignKey(User, models.CASCADE, related_name="reminders")
    thing = models.CharField(_("事项"), max_length=60, help_text="e.g. obligation:12")
    rule = models.CharField(_("规则"), max_length=20, help_text="e.g. before-3, notice")
    occurrence = models.CharField(_("第几次"), max_length=60, help_text="e.g. the due date")
    channel = models.CharField(_("渠道"), max_length=20, help_text="inbox, mail or robot-12")
    robot = models.ForeignKey(
        Robot, models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    letter = models.ForeignKey(
        Letter, models.SET_NULL, null=True, blank=True, related_name="reminders"
    )
    urgent = models.BooleanField(
        _("紧急"), default=False, help_text="moves money or starts a clock"
    )
    repeat_of = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="repeat"
    )
    title = models.CharField(_("标题"), max_length=200, blank=True)
    body = models.TextField(_("内容"), blank=True)
    url = models.CharField(max_length=200, blank=True)
    due = models.DateField(null=True, blank=True)
    delivery = models.CharField(_("结果"), max_length=10, choices=Delivery, default=Delivery.WANTED)
    wanted_at = models.DateTimeField()
    not_before = models.DateTimeField(
        null=True, blank=True, help_text="quiet hours, the digest's hour; empty is at once"
    )
    claim = models.UUIDField(null=True, blank=True, help_text="the delivery that has taken the row")
    claimed_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["-wanted_at", "-id"]
        verbose_name = _("提醒")
        verbose_name_plural = pgettext_lazy("several", "提醒")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "thing", "rule", "occurrence", "channel"], name="reminded_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["wanted_at"], condition=Q(delivery="wanted"), name="reminder_backlog"
            ),
            models.Index(fields=["thing"], name="reminder_thing"),
            # what a delivery looks for: the next people, what was lost, what is to be repeated
            models.Index(
                fields=["channel", "person"], condition=Q(delivery="wanted"), name="reminder_queue"
            ),
            models.Index(
                fields=["begun_at"], condition=Q(delivery="sending"), name="reminder_begun"
            ),
            # those in somebody's hands alone: nearly all are in nobody's
            models.Index(
                fields=["claim"], condition=Q(claim__isnull=False), name="reminder_claimed"
            ),
            models.Index(
                fields=["begun_at"],
                condition=Q(delivery="unknown", urgent=True),
                name="reminder_unknown",
            ),
            # what the ledger's page looks for: a campaign's newest, days, what did not arrive. An
            # OR, because SQLite does not see that an equality is within an IN
            models.Index(fields=["campaign", "id"], name="reminder_campaign"),
            models.Index(fields=["wanted_at"], name="reminder_days"),
            # the few repeats alone: by an index that is nearly all NULL SQLite would rather not go
            models.Index(
                fields=["repeat_of"],
                condition=Q(repeat_of__isnull=False),
                name="reminder_repeats",
            ),
            models.Index(
                fields=["id"],
                condition=Q(delivery="failed") | Q(delivery="unknown"),
                name="reminder_trouble",
            ),
        ]

    def __str__(self):
        return self.title


class MessageQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at__isnull=True)


class Message(models.Model):
    """One line in a person's inbox; the in-app channel of a reminder or a notice."""

    person = models.ForeignKey(User, models.CASCADE, related_name="messages_received")
    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True)
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("内容"), blank=True)
    url = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    letter = models.OneToOneField(
        Letter, models.SET_NULL, null=True, blank=True, related_name="message"
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-id"]
        indexes = [
            models.Index(
                fields=["person"], condition=Q(read_at__isnull=True), name="message_unread"
            )
        ]
        verbose_name = _("站内信")
        verbose_name_plural = _("站内信")

    def __str__(self):
        return self.title
