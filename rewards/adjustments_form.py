"""What people type for a line of their own."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from organization.errors import Refused
from organization.models import User
from rewards.forms import YuanField


class AdjustmentForm(forms.Form):
    """Project and person by their codes, as lists have them; no person is the team."""

    project = forms.CharField(label=gettext_lazy("项目编码"), max_length=40)
    person = forms.CharField(label=gettext_lazy("用户名"), max_length=150, required=False)
    amount = YuanField(label=gettext_lazy("金额（元）"), max_length=20)
    reason = forms.CharField(
        label=gettext_lazy("调整原因"),
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("请写明调整原因。")},
    )

    def __init__(self, campaign: Campaign, *args, **kwargs):
        self.campaign = campaign
        super().__init__(*args, **kwargs)

    def clean_project(self):
        code = self.cleaned_data["project"].strip()
        found = self.campaign.projects.filter(code__iexact=code).first()
        if found is None:
            raise ValidationError(_("没有编码为“%(code)s”的参加项目。") % {"code": code})
        return found

    def clean_person(self):
        username = self.cleaned_data["person"].strip()
        if not username:
            return None
        found = User.objects.filter(username__iexact=username).first()
        if found is None:
            raise ValidationError(_("没有用户名“%(word)s”。") % {"word": username})
        return found

    def field_of(self, refusal: Refused) -> str | None:
        """The field that a refusal is about; None for the form as a whole."""
        return refusal.code if refusal.code in self.fields else None
