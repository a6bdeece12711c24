"""What people type about surveys and trainings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.models.trainings import projects_having
from inspections.training.trainings import NAME_LENGTH
from organization.models import Project, Specialty
from organization.roles import PROJECT_ROLES, Role
from organization.specialties import every_specialty

TEXT_LIMIT = 2000
ALL, HAVING, SOME = "all", "having", "some"
REACHES = [
    (ALL, _("全部参与项目")),
    (HAVING, _("涉及这个专业的项目")),
    (SOME, _("只邀请选中的")),
]
INVITED = [(role.value, role.label) for role in Role if role in PROJECT_ROLES]


def line(label, limit: int = 120, **more) -> forms.CharField:
    widget = forms.TextInput({"class": "form-control"})
    return forms.CharField(label=label, max_length=limit, widget=widget, **more)


def area(label, rows: int = 3, **more) -> forms.CharField:
    widget = forms.Textarea({"rows": rows, "class": "form-control"})
    return forms.CharField(label=label, max_length=TEXT_LIMIT, widget=widget, **more)


def specialty_field() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        Specialty.objects.none(),
        label=_("专业口"),
        to_field_name="code",
        empty_label=None,
        widget=forms.RadioSelect,
    )


def specialties_of(user):
    """Those that this person may train: all for the center, the own ones for a lead."""
    mine = [each.pk for each in every_specialty() if user.has_perm("inspections.train", each)]
    return Specialty.objects.filter(pk__in=mine)


def offer_specialties(form: forms.Form, user) -> None:
    """The own ones; a single one is chosen already."""
    mine = specialties_of(user)
    form.fields["specialty"].queryset = mine
    if len(mine) == 1:
        form.initial["specialty"] = mine[0].code


class NeedsForm(forms.Form):
    """A survey as it is asked; its topics are lines."""

    specialty = specialty_field()
    title = line(_("标题"))
    about = area(_("说明"), rows=2, required=False)
    topics = area(_("可选的培训内容，一行一项"), rows=6)
    ranked = forms.BooleanField(label=_("请项目按需要程度排序"), required=False)
    closes = forms.DateField(
        label=_("截止日期"),
        widget=forms.DateInput({"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        offer_specialties(self, user)


class AnswerForm(forms.Form):
    """A project's answer: the ticked topics, or their ranks, and an open line."""

    line = area(_("还需要什么（可不填）"), rows=2, required=False)
    project = forms.ModelChoiceField(
        Project.objects.none(), to_field_name="code", widget=forms.HiddenInput
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, projects, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects


class TrainingForm(forms.Form):
    """A training as it is planned or changed."""

    title = line(_("主题"))
    topics = area(_("培训内容，一行一项"), rows=5)
    starts_at = forms.DateTimeField(
        label=_("时间"),
        widget=forms.DateTimeInput(
            {"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M"
        ),
    )
    place = line(_("地点"))
    trainer = line(_("讲师"), NAME_LENGTH)
    roles = forms.MultipleChoiceField(
        label=_("邀请哪些岗位"), choices=INVITED, widget=forms.CheckboxSelectMultiple
    )
    reach = forms.ChoiceField(
        label=_("邀请哪些项目"), choices=REACHES, required=False, widget=forms.RadioSelect
    )
    projects = forms.ModelMultipleChoiceField(
        Project.objects.none(),
        required=False,
        to_field_name="code",
        error_messages={"invalid_choice": _("有的项目不在这次专项工作里，请重新选。")},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.fields["projects"].queryset = campaign.projects.order_by("code")

    def arranged(self, specialty: Specialty) -> dict:
        """What was typed, with the projects that are meant by it."""
        typed = dict(self.cleaned_data)
        everybody, reach = self.fields["projects"].queryset, typed.pop("reach")
        if reach == ALL:
            typed["projects"] = everybody
        elif reach == HAVING:
            typed["projects"] = projects_having(self.campaign, specialty)
        return typed


class NewTrainingForm(TrainingForm):
    specialty = specialty_field()
    field_order = ["specialty"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        offer_specialties(self, user)
