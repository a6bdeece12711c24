"""Messages as they leave: what goes to one addressee on one channel at one time."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.models.channels import Robot
from organization.models import User


class LetterKind(models.TextChoices):
    DIGEST = "digest", _("每日提醒")
    NOTICE = "notice", _("事项通知")


class Letter(models.Model):
    """One message to a person or to a robot's group; its rows in the ledger say what came of it.

    A digest is one per addressee, channel and local day, however many deliveries run.
    """

    person = models.ForeignKey(User, models.CASCADE, null=True, related_name="letters")
    robot = models.ForeignKey(Robot, models.CASCADE, null=True, related_name="letters")
    channel = models.CharField(_("渠道"), max_length=20)
    kind = models.CharField(_("种类"), max_length=10, choices=LetterKind)
    day = models.DateField(help_text="the addressee's local day")
    subject = models.CharField(_("标题"), max_length=200, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "channel", "day"],
                condition=Q(kind="digest", robot=None),
                name="digest_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["robot", "day"],
                condition=Q(kind="digest", robot__isnull=False),
                name="group_digest_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(person=None, robot__isnull=False) | Q(person__isnull=False, robot=None),
                name="letter_one_addressee",
            ),
        ]
        indexes = [
            # how many of a robot's left in the last minute
            models.Index(
                fields=["robot", "begun_at"],
                condition=Q(robot__isnull=False),
                name="robot_letters",
            )
        ]

    def __str__(self):
        return self.subject
