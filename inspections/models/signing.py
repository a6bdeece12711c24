"""A sheet signed on the screen, or not signed with a reason: kept as it was (ruling 14)."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inspections.models.sheets import ScoreSheet
from organization.models import User
from organization.states import State

SIGNED = State("signed", _("双方已签字"), "signature", "ok")
REFUSED = State("refused", _("项目拒签"), "alert-triangle", "warn")
UNSIGNED = State("unsigned", _("未签字"), "circle-dashed")
SIGNING_STATES = {state.code: state for state in (SIGNED, REFUSED, UNSIGNED)}


class SignOff(models.Model):
    """Auditor and project sign what a sheet says; never changed, never deleted.

    An audit sheet is handed in once, so it is signed once; what an appeal or a late observation
    changes is a later event. `content` is canonical JSON of the sheet and both signatures with
    its `fingerprint` (SHA-256); the other columns say of it what lists need. `manager` is empty
    where the person who signed for the project has no account.
    """

    sheet = models.OneToOneField(
        ScoreSheet, models.PROTECT, related_name="sign_off", verbose_name=_("评分表")
    )
    made_at = models.DateTimeField(_("签字时间"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("检查人"))
    manager = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    manager_name = models.CharField(_("项目签字人"), max_length=60)
    refused = models.BooleanField(_("拒签"), default=False)
    content = models.TextField()
    fingerprint = models.CharField(_("指纹"), max_length=64, unique=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("签字确认")
        verbose_name_plural = _("签字确认")

    def __str__(self):
        return str(self.sheet)

    def get_absolute_url(self):
        return reverse("sheet_signed", args=[self.sheet.campaign.code, self.sheet_id])
