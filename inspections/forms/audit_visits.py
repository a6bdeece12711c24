"""What people type about audit visits: a schedule to be drafted, one visit, a reason."""

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.audit_visit.auditors import possible_auditors
from inspections.audit_visit.schedule import MOST_PER_DAY, REASON_LIMIT
from inspections.forms.findings import text_area
from inspections.words import Method
from organization.models import User
from organization.project_choice import ProjectField
from organization.several import SeveralField

TOO_LONG = {"max_length": _("最多 %(limit_value)d 个字，请写短一些。")}
WHOLE = {"invalid": _("请填整数。")}
NOBODY = {"required": _("至少选一位检查人。")}


def day_field(label, **more) -> forms.DateField:
    widget = forms.DateInput({"type": "date", "class": "form-control"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


def figure(label, least: int, most: int) -> forms.IntegerField:
    widget = forms.NumberInput({"class": "form-control", "inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, widget=widget, error_messages=WHOLE
    )


def auditors_field() -> SeveralField:
    return SeveralField(
        User.objects.none(),
        label=_("检查人"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOBODY,
    )


class ReasonForm(forms.Form):
    """A word on why; whether it is needed is the move's business."""

    reason = forms.CharField(
        label=_("原因"),
        required=False,
        max_length=REASON_LIMIT,
        widget=text_area(2),
        error_messages=TOO_LONG,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DraftForm(forms.Form):
    """What the planner has to keep to."""

    first = day_field(_("第一天"))
    last = day_field(_("最后一天"))
    doubles = figure(_("两人检查的项目占比（%）"), 0, 100)
    per_day = figure(_("每人每天最多检查几个项目"), 1, MOST_PER_DAY)
    seed = figure(_("随机数"), 0, 999_999)
    auditors = auditors_field()
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["auditors"].queryset = possible_auditors()


class VisitForm(ReasonForm):
    """One visit as it is moved, or a new one."""

    project = ProjectField(label=_("项目"), to_field_name="code")
    method = forms.ChoiceField(
        label=_("检查方式"), choices=Method.choices, widget=forms.Select({"class": "form-select"})
    )
    day = day_field(_("日期"))
    auditors = auditors_field()

    def __init__(self, *args, campaign, is_new: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["auditors"].queryset = possible_auditors()
        if is_new:
            self.fields["project"].offer(campaign.projects.all(), self["project"].value())
        else:
            del self.fields["project"], self.fields["method"]
