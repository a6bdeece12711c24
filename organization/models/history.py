"""What was done, by whom and from where, and the seals over it."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.models.company import User

LONGEST_STATE = 255  # a state by its code; of a rubric its name and version


class Way(models.TextChoices):
    """By which door a change came in (organization.origin)."""

    PAGE = "page", _("页面")
    API = "api", _("接口")
    ADMIN = "admin", _("系统管理")
    COMMAND = "command", _("命令行")
    TASK = "task", _("定时任务")


class HistoryEntry(models.Model):
    """One change of one object: who, when, from what to what, why. Append-only."""

    at = models.DateTimeField(_("时间"), db_index=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name=_("操作人"))
    by_label = models.CharField(_("代为操作"), max_length=60, blank=True)
    verb = models.CharField(_("动作"), max_length=40)
    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.CharField(max_length=40)
    subject = GenericForeignKey("content_type", "object_id")
    subject_label = models.CharField(_("对象"), max_length=200)
    before = models.CharField(_("原状态"), max_length=LONGEST_STATE, blank=True)
    after = models.CharField(_("新状态"), max_length=LONGEST_STATE, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    detail = models.JSONField(_("细节"), default=dict, blank=True)
    # from where: organization.origin; the last release writes rows without
    way = models.CharField(
        _("途径"), max_length=10, choices=Way, blank=True, default="", db_default=""
    )
    via = models.CharField(_("经由"), max_length=80, blank=True, default="", db_default="")
    address = models.GenericIPAddressField(_("网络地址"), null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["content_type", "object_id"])]
        verbose_name = _("操作记录")
        verbose_name_plural = pgettext_lazy("several", "操作记录")

    def __str__(self):
        return self.subject_label


class SealChain(models.Model):
    """Seals in their order, e.g. all of a campaign's; see organization.seals, its only writer.

    `tip` is the last one's, `head` the seal over how many there are.
    """

    name = models.CharField(max_length=60, unique=True)
    length = models.PositiveIntegerField(default=0)
    tip = models.CharField(max_length=60, blank=True)
    head = models.CharField(max_length=60)

    def __str__(self):
        return self.name


class Seal(models.Model):
    """What a thing said when it was written: canonical JSON, its digest, a seal over both.

    `content` is empty where the thing was sealed anew later.
    """

    chain = models.ForeignKey(SealChain, models.PROTECT, related_name="seals", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    about = models.CharField(max_length=60, blank=True)
    content = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    mac = models.CharField(max_length=60)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["chain", "number"]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="seal_once")]
        indexes = [models.Index(fields=["chain", "kind", "about", "number"], name="seal_of")]

    def __str__(self):
        return f"{self.chain} {self.number}"
