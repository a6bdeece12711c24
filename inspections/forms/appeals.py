"""What people type about an appeal: why a deduction is contested, and what is decided."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.forms import SeveralFilesField
from inspections.appeal.appeals import TEXT_LIMIT
from inspections.forms.findings import text_area
from inspections.words import Outcome

TOO_LONG = {"max_length": _("最多 %(limit_value)d 个字，请写短一些。")}
REFUSED = {"required": _("请选择怎么决定。"), "invalid_choice": _("请选择怎么决定。")}
NO_NUMBER = {"invalid": _("请填数字，例如 0.5。")}


class AppealForm(forms.Form):
    """Reason and evidence. Without a reason it is not sent: files cannot be filled in again."""

    reason = forms.CharField(
        label=_("为什么不同意这处扣分"),
        max_length=TEXT_LIMIT,
        widget=text_area(5),
        error_messages=TOO_LONG,
    )
    camera = SeveralFilesField(label=_("拍照"), required=False)
    files = SeveralFilesField(label=_("选照片或文件"), required=False)

    @property
    def evidence(self) -> list:
        return [*self.cleaned_data["camera"], *self.cleaned_data["files"]]


class DecisionForm(forms.Form):
    """What comes of an appeal; `points` only where the deduction is reduced."""

    outcome = forms.ChoiceField(
        label=_("怎么决定"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages=REFUSED,
    )
    points = forms.DecimalField(
        label=_("减为扣多少分"),
        required=False,
        error_messages=NO_NUMBER,
        widget=forms.TextInput({"class": "form-control", "inputmode": "decimal"}),
    )
    reason = forms.CharField(
        label=_("理由"), max_length=TEXT_LIMIT, widget=text_area(4), error_messages=TOO_LONG
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
