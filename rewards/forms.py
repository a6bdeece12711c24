"""What people type on the settlement page."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SIGNS = str.maketrans(
    {"−": "-", "－": "-", "＋": "+", "¥": "", "￥": "", ",": "", "，": "", " ": ""}
)


class YuanField(forms.CharField):
    """An amount as people type it: +¥10,100 or 10100; gives Decimal yuan."""

    def clean(self, value):
        typed = super().clean(value)
        try:
            amount = Decimal(typed.translate(SIGNS))
        except InvalidOperation:
            raise ValidationError(_("请输入金额，例如 10100。")) from None
        if not amount.is_finite():
            raise ValidationError(_("请输入金额，例如 10100。"))
        return amount


class ApprovalForm(forms.Form):
    total = YuanField(label=_("输入净额以确认"), max_length=20)


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("退回原因"),
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": _("请写明退回原因。")},
    )


class CorrectionForm(forms.Form):
    reason = forms.CharField(
        label=_("更正原因"),
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": _("请写明更正原因。")},
    )
    appeals_until = forms.DateField(label=_("补充申诉到（可不填）"), required=False)


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label=_("不同意的理由"),
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": _("请写明不同意的理由。")},
    )
