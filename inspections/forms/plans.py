"""What people type on a plan's page: a line, a new problem, a reviewer's verdict."""

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.permissions import specialties_in_charge
from inspections.plan.amending import is_settled
from inspections.plan.lines import FIELDS, objections, people_of
from inspections.words import Source
from organization.long_select import LongSelect
from organization.models import Specialty, User

# The sources that a plan's author chooses from; those of an audit and of a case are the center's.
SOURCES = [choice for choice in Source.choices if choice[0] not in (Source.AUDIT, Source.SPREAD)]
TEXT_LIMIT = 1000  # characters of a problem, a measure, a remark, a reason


class PersonField(forms.ModelChoiceField):
    """A project's people, each with the posts held there; `places` are their words by id."""

    places: dict[int, str] = {}

    def label_from_instance(self, person):
        return f"{person} · {self.places[person.pk]}"


class LineForm(forms.Form):
    """One line of a plan. Each value carries the one it started from, so that only what was
    changed here is saved, and somebody else's change of another field stays."""

    problem = forms.CharField(label=_("问题"), max_length=TEXT_LIMIT)
    measure = forms.CharField(
        label=_("措施"), max_length=TEXT_LIMIT, widget=forms.Textarea({"rows": 2})
    )
    source = forms.ChoiceField(label=_("来源"), choices=SOURCES, widget=forms.RadioSelect)
    specialty = forms.ModelChoiceField(
        Specialty.objects.none(), label=_("专业"), widget=forms.RadioSelect, empty_label=None
    )
    responsible = PersonField(
        User.objects.none(), label=_("责任人"), empty_label=_("选一个人"), widget=LongSelect
    )
    due = forms.DateField(
        label=_("期限"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data=None, *, line, user, **kwargs):
        initial = {name: getattr(line, line.key_of(name)) for name in FIELDS}
        super().__init__(data, initial=initial, prefix=str(line.pk), **kwargs)
        self.line, self.user = line, user
        self.offer_people()
        self.offer_specialties()
        for field in self.fields.values():
            field.required = False  # a draft may lack anything; what it lacks is said beside it
            field.show_hidden_initial = True
        for name in ("problem", "measure", "due"):
            self.fields[name].widget.attrs["class"] = "form-control"
        self.fields["responsible"].widget.attrs["class"] = "form-select"
        if is_settled(line):
            self.fields["problem"].widget.attrs["readonly"] = True

    def offer_people(self):
        field = self.fields["responsible"]
        field.places = {person.pk: words for person, words in people_of(self.line.project)}
        if self.line.responsible_id:  # who has left is still shown, with the error beside it
            field.places.setdefault(self.line.responsible_id, _("已离开"))
        field.queryset = User.objects.filter(pk__in=field.places)

    def offer_specialties(self):
        mine = specialties_in_charge(self.user, self.line.project_id)
        found = Specialty.objects.all()
        self.fields["specialty"].queryset = found if mine is None else found.filter(pk__in=mine)

    def clean(self):
        wrong = objections(
            campaign=self.line.campaign, project=self.line.project, changes=self.cleaned_data
        )
        for field, message in wrong.items():
            self.add_error(field, message)
        return self.cleaned_data

    @property
    def bases(self) -> list[str]:
        """Hidden inputs with the values that this page started from."""
        return [self[name].as_hidden(only_initial=True) for name in FIELDS]

    @property
    def changes(self) -> dict:
        """What was changed and is sound; where two versions met, what the reader took as theirs
        is left out."""
        return {
            name: self.cleaned_data[name]
            for name in self.changed_data
            if name in self.cleaned_data
            and self.data.get(f"take-{self.add_prefix(name)}") != "theirs"
        }


class ReasonForm(forms.Form):
    """Why a filed plan is to be revised, or its revision given up."""

    reason = forms.CharField(
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 3, "class": "form-control"}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class VerdictForm(forms.Form):
    """A reviewer's reason and remarks; both stay typed when something is missing."""

    reason = forms.CharField(
        label=_("退回原因"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 3, "class": "form-control"}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = {f"remark-{line.pk}": line for line in lines}
        for name in self.lines:
            self.fields[name] = forms.CharField(
                label=_("审核意见"),
                max_length=TEXT_LIMIT,
                required=False,
                widget=forms.Textarea({"rows": 2, "class": "form-control"}),
            )

    @property
    def remarks(self) -> dict:
        return {line.pk: self.cleaned_data.get(name, "") for name, line in self.lines.items()}
