"""What people type into this app's pages."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.words import EvidenceKind

NOTE_LENGTH = 2000


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Any number of files; its value is a list."""

    widget = SeveralFilesInput

    def clean(self, data, initial=None):
        one = super().clean
        return [one(upload, initial) for upload in data or []]


class WorkForm(forms.Form):
    """An obligation's material and note: everything on one page, so nothing typed is lost."""

    files = SeveralFilesField(label=_("选择文件"), required=False)
    kind = forms.ChoiceField(label=_("类别"), required=False)
    about = forms.DateField(label=_("资料日期"), required=False)
    note = forms.CharField(label=_("说明"), required=False, max_length=NOTE_LENGTH)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, required_kinds=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kind_choices(required_kinds)

    def clean(self):
        if self.cleaned_data.get("files") and not self.cleaned_data.get("kind"):
            self.add_error("kind", _("请选择资料的类别。"))
        return self.cleaned_data


class ReviewForm(forms.Form):
    """A reviewer's word; the reason is needed for a return only, which the domain knows."""

    reason = forms.CharField(label=_("退回理由"), required=False, max_length=NOTE_LENGTH)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    reason = forms.CharField(label=_("退回理由"), required=False, max_length=NOTE_LENGTH)


class PassForm(forms.Form):
    """Why the campaign goes on although a gate is not met."""

    reason = forms.CharField(label=_("放行的理由"), required=False, max_length=NOTE_LENGTH)


class NewCampaignForm(forms.Form):
    """By the plan, or from an earlier campaign with everything that it was set up with."""

    source = forms.ModelChoiceField(
        Campaign.objects, label=_("依据"), to_field_name="code", required=False,
        empty_label=_("公司方案"),
        error_messages={"invalid_choice": _("没有这次专项工作。")},
    )  # fmt: skip
    code = forms.CharField(label=_("编码"), max_length=40)
    year = forms.IntegerField(label=_("年度"))

    @classmethod
    def blank(cls):
        """Next year's campaign is what one usually makes."""
        year = timezone.localdate().year + 1
        return cls(initial={"year": year, "code": str(year)})


def kind_choices(required_kinds) -> list[tuple[str, str]]:
    """The kinds that are asked for first, then the others; a plan is never uploaded."""
    others = [
        kind
        for kind in EvidenceKind
        if kind not in required_kinds and kind != EvidenceKind.IMPROVEMENT_PLAN
    ]
    return [(kind.value, kind.label) for kind in [*map(EvidenceKind, required_kinds), *others]]
