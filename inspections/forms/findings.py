"""What people type about a finding: a new one, what was done, a verdict."""

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.finding.causes import TEXT_LIMIT as CAUSE_LIMIT
from inspections.forms.plans import TEXT_LIMIT, PersonField
from inspections.plan.lines import objections, people_of
from inspections.words import RootCause
from organization.models import Specialty, User
from organization.roles import Role


class PicturesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Any number of pictures; whether they are pictures is found out where they are kept."""

    widget = PicturesInput(
        {"accept": "image/jpeg,image/png,image/webp", "class": "form-control", "data-shrink": ""}
    )

    def clean(self, data, initial=None):
        uploads = data if isinstance(data, (list, tuple)) else [data]
        return [super(PicturesField, self).clean(upload) for upload in uploads if upload]


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows, "class": "form-control"})


def cause_field(**options) -> forms.ChoiceField:
    choices = [("", _("选一个原因")), *RootCause.choices]
    widget = forms.Select({"class": "form-select"})
    options = {"label": _("根本原因"), "required": False} | options
    return forms.ChoiceField(choices=choices, widget=widget, **options)


def cause_words() -> forms.CharField:
    widget = forms.TextInput({"class": "form-control"})
    return forms.CharField(
        label=_("具体原因"), max_length=CAUSE_LIMIT, required=False, widget=widget
    )


def day_field(label) -> forms.DateField:
    widget = forms.DateInput({"type": "date", "class": "form-control"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


class RectificationForm(forms.Form):
    """What was done, with pictures; those that are sound are kept even if something is missing."""

    text = forms.CharField(
        label=_("怎么改的"), max_length=TEXT_LIMIT, required=False, widget=text_area(4)
    )
    before = PicturesField(label=_("整改前照片"), required=False)
    after = PicturesField(label=_("整改后照片"), required=False)
    cause = cause_field()
    cause_text = cause_words()
    revision = forms.IntegerField(widget=forms.HiddenInput)


class VerificationForm(forms.Form):
    note = forms.CharField(
        label=_("说明（退回时必填）"), max_length=TEXT_LIMIT, required=False, widget=text_area(3)
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class CauseForm(forms.Form):
    cause = cause_field(required=True)
    cause_text = cause_words()
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ExtensionForm(forms.Form):
    """A later due date is asked for."""

    due = day_field(_("申请延到"))
    reason = forms.CharField(label=_("延期原因"), max_length=TEXT_LIMIT, widget=text_area(3))
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ExtensionDecisionForm(forms.Form):
    """What the center answers; an empty date is the one that was asked for."""

    due = day_field(_("同意延到"))
    reason = forms.CharField(
        label=_("意见（不同意时必填）"), max_length=TEXT_LIMIT, required=False, widget=text_area(3)
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due"].required = False


class NewFindingForm(forms.Form):
    """A finding that the center or a specialty's lead opens directly in one project."""

    problem = forms.CharField(label=_("问题"), max_length=TEXT_LIMIT, widget=text_area(2))
    specialty = forms.ModelChoiceField(
        Specialty.objects.none(), label=_("专业"), widget=forms.RadioSelect, empty_label=None
    )
    responsible = PersonField(User.objects.none(), label=_("责任人"), empty_label=_("选一个人"))
    due = forms.DateField(
        label=_("期限"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    measure = forms.CharField(
        label=_("整改要求"), max_length=TEXT_LIMIT, required=False, widget=text_area(2)
    )
    photos = PicturesField(label=_("现场照片"), required=False)

    def __init__(self, *args, campaign, project, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.campaign, self.project = campaign, project
        field = self.fields["responsible"]
        field.places = {person.pk: words for person, words in people_of(project)}
        field.queryset = User.objects.filter(pk__in=field.places)
        field.widget.attrs["class"] = "form-select"
        self.fields["due"].widget.attrs["class"] = "form-control"
        self.fields["specialty"].queryset = specialties_of(user)

    def clean(self):
        wrong = objections(campaign=self.campaign, project=self.project, changes=self.cleaned_data)
        for field, message in wrong.items():
            self.add_error(field, message)
        return self.cleaned_data


def specialties_of(user: User):
    """The center opens findings of any specialty, a specialty's lead of the own."""
    if user.has_role(Role.MANAGEMENT_CENTER):
        return Specialty.objects.all()
    return Specialty.objects.filter(
        pk__in=[
            post.specialty_id for post in user.current_posts if post.role == Role.SPECIALTY_LEAD
        ]
    )
