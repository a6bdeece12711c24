"""What people type into this app's pages."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.words import EvidenceKind
from organization.models import Project
from organization.project_choice import ProjectField

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


class ReuseForm(forms.Form):
    """Files on record that shall count here too: as what they were, or as another kind."""

    kind = forms.ChoiceField(label=_("算作"), required=False)

    def __init__(self, *args, required_kinds=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("原来的类别")), *kind_choices(required_kinds)]


class VersionForm(forms.Form):
    """A better version of a file."""

    upload = forms.FileField(label=_("新版文件"))
    about = forms.DateField(label=_("资料日期"), required=False)


class NotesForm(forms.Form):
    """Whose notes are in a file; who may be ticked is read from the page's own list."""

    others = forms.IntegerField(label=_("另有（系统里没有的人）"), min_value=0, max_value=9999)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class VisitForm(forms.Form):
    """A visit to a project; photos go with it."""

    project = ProjectField(label=_("项目"))
    day = forms.DateField(label=_("日期"))
    went = forms.CharField(label=_("到场人员"), max_length=200)
    found = forms.CharField(label=_("发现和协调的问题"), max_length=NOTE_LENGTH)
    files = SeveralFilesField(label=_("照片或资料"), required=False)

    def __init__(self, *args, projects, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].offer(projects, self["project"].value())


class VisitChangeForm(VisitForm):
    """Correcting one; it stays with its project."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, projects=Project.objects.none(), **kwargs)
        del self.fields["project"]


class HeadcountForm(forms.Form):
    headcount = forms.IntegerField(label=_("员工总数"), required=False, min_value=0, max_value=9999)


class NotesPercentForm(forms.Form):
    percent = forms.IntegerField(label=_("覆盖率要求（%）"), required=False)


class ReviewForm(forms.Form):
    """A reviewer's word; the reason is needed for a return only, which the domain knows."""

    reason = forms.CharField(label=_("退回理由"), required=False, max_length=NOTE_LENGTH)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """A project's word about a visit; the reason is needed for an objection only."""

    reason = forms.CharField(label=_("异议"), required=False, max_length=NOTE_LENGTH)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class BulkForm(forms.Form):
    """A reviewer's word about several; the ticks are read by campaign.bulk.picked."""

    move = forms.ChoiceField(choices=[("accept", ""), ("return", "")])
    reason = forms.CharField(label=_("退回理由"), required=False, max_length=NOTE_LENGTH)


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


def renewed(form, revision: int):
    """The same form, about another revision."""
    form.data = form.data.copy()
    form.data["revision"] = revision
    return form
