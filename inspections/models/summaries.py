"""The campaign's summary: chapters of typed words beside figures taken from the facts."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from inspections.models.findings import Finding, FindingPhoto
from organization.models import User


class Summary(models.Model):
    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="summary")
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("工作总结")
        verbose_name_plural = _("工作总结")

    def __str__(self):
        return f"{self.campaign} {_('工作总结')}"

    def get_absolute_url(self) -> str:
        return reverse("summary", args=[self.campaign.code])


class Chapter(models.Model):
    """`text` belongs to people; `facts` are figures of a moment, which are taken anew on demand."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="chapters")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("正文"), blank=True)
    facts = models.JSONField(default=dict)
    facts_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["summary", "position"]
        constraints = [models.UniqueConstraint(fields=["summary", "code"], name="chapter_once")]

    def __str__(self):
        return f"{self.summary} · {self.code}"


class ChosenPair(models.Model):
    """A finding's picture of before and of after, as the summary shows them."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="pairs")
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="+")
    before = models.ForeignKey(FindingPhoto, models.CASCADE, related_name="+")
    after = models.ForeignKey(FindingPhoto, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["summary", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["summary", "finding"], name="pair_once")]

    def __str__(self):
        return str(self.finding)
