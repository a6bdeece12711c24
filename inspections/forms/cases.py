"""What people type about a case that is spread: the question, an answer, a word at its end."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.forms import SeveralFilesField
from inspections.case.cases import MOST_HOURS, TEXT_LIMIT
from inspections.forms.findings import text_area
from inspections.forms.plans import PersonField
from inspections.models import CaseSite, Finding
from inspections.plan.lines import objections, people_of
from inspections.words import Reply
from organization.models import Project, User

TOO_LONG = {"max_length": _("最多 %(limit_value)d 个字，请写短一些。")}
WHOLE = {"invalid": _("请填整数，例如 24。")}


class SpreadForm(forms.Form):
    """What is asked, of whom, and until when."""

    question = forms.CharField(
        label=_("要各项目查什么"),
        max_length=TEXT_LIMIT,
        widget=text_area(3),
        error_messages=TOO_LONG,
    )
    hours = forms.IntegerField(
        label=_("几小时内答复"),
        min_value=1,
        max_value=MOST_HOURS,
        error_messages=WHOLE,
        widget=forms.NumberInput({"class": "form-control", "inputmode": "numeric"}),
    )
    whom = forms.ChoiceField(
        label=_("问哪些项目"),
        choices=[("all", _("全部参加的项目")), ("some", _("只问选中的"))],
        widget=forms.RadioSelect,
    )
    projects = forms.ModelMultipleChoiceField(
        Project.objects.none(),
        label=_("项目"),
        required=False,
        to_field_name="code",
        error_messages={"invalid_choice": _("有的项目不在这次专项工作里，请重新选。")},
    )

    def __init__(self, *args, finding: Finding, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["projects"].queryset = finding.campaign.projects.order_by("code")

    @property
    def chosen(self):
        """None for all of them."""
        return None if self.cleaned_data["whom"] == "all" else self.cleaned_data["projects"]


class EndForm(forms.Form):
    reason = forms.CharField(
        label=_("原因"), max_length=TEXT_LIMIT, widget=text_area(2), error_messages=TOO_LONG
    )


class AnswerForm(forms.Form):
    """A project's answer: one form for both, so that nothing typed is lost by a second thought."""

    reply = forms.ChoiceField(
        label=_("本项目有没有"), choices=Reply.choices, widget=forms.RadioSelect
    )
    camera = SeveralFilesField(label=_("拍照"), required=False)
    files = SeveralFilesField(label=_("选照片或文件"), required=False)
    note = forms.CharField(
        label=_("说明"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=text_area(2),
        error_messages=TOO_LONG,
    )
    problem = forms.CharField(
        label=_("问题"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=text_area(2),
        error_messages=TOO_LONG,
    )
    responsible = PersonField(
        User.objects.none(), label=_("责任人"), required=False, empty_label=_("由项目经理安排")
    )
    due = forms.DateField(
        label=_("期限"),
        required=False,
        widget=forms.DateInput({"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, site: CaseSite, **kwargs):
        super().__init__(*args, **kwargs)
        self.site = site
        field = self.fields["responsible"]
        field.places = {person.pk: words for person, words in people_of(site.project)}
        field.queryset = User.objects.filter(pk__in=field.places)
        field.widget.attrs["class"] = "form-select"

    def clean(self):
        data = self.cleaned_data
        data["evidence"] = [*data.get("camera", ()), *data.get("files", ())]
        if data.get("reply") == Reply.FOUND and not self.site.finding_id:
            self.clean_finding(data)
        return data

    def clean_finding(self, data) -> None:
        """What the finding that is to be opened lacks, or has wrong."""
        for name in ("problem", "due"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("这一项不能空着。"))
        about = {"campaign": self.site.case.campaign, "project": self.site.project}
        for name, message in objections(**about, changes=data).items():
            self.add_error(name, message)
