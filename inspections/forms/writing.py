"""Forms that save themselves while somebody types: seminars, their problems, a summary's chapters.

Each value carries the one it started from, so that only what was changed here is saved, and
somebody else's change of another field stays.
"""

from dataclasses import dataclass

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.forms.plans import TEXT_LIMIT
from inspections.models import Chapter, Seminar, SeminarProblem
from organization.models import HistoryEntry, Specialty, User

LONG_TEXT = 20_000  # characters of minutes, of a policy, of a chapter


@dataclass(frozen=True)
class Version:
    """A field that two people wrote differently; `base` says that mine was written on theirs."""

    field: forms.BoundField
    base: str
    theirs: str
    mine: str


class WritingForm(forms.Form):
    """`theirs` is the thing as somebody else saved it meanwhile, `edit` when and who."""

    KIND = ""
    SHORT: frozenset[str] = frozenset()  # fields that don't need the whole line

    def __init__(self, data=None, *, thing: models.Model, **kwargs):
        self.thing, self.key = thing, f"{self.KIND}-{thing.pk}"
        self.theirs: models.Model | None = None
        self.edit: HistoryEntry | None = None
        super().__init__(data, initial=started(thing, self.base_fields), prefix=self.key, **kwargs)
        for name, field in self.fields.items():
            field.required = False  # what lacks is said where it has to be there
            field.show_hidden_initial = True  # drawn with the field
            chosen = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if chosen else "form-control"
            self[name].is_short = name in self.SHORT

    @property
    def revision(self) -> int:
        return (self.theirs or self.thing).revision

    @property
    def changes(self) -> dict:
        """What was changed and is sound, without what the reader took as theirs."""
        return {
            name: self.cleaned_data[name]
            for name in self.changed_data
            if name in self.cleaned_data
            and self.data.get(f"take-{self.add_prefix(name)}") != "theirs"
        }

    @property
    def now(self) -> "WritingForm":
        """The form as it would stand on what the others saved."""
        return type(self)(thing=self.theirs)

    @property
    def versions(self) -> list[Version]:
        """Where mine and theirs differ, in words."""
        now = self.now
        return [
            Version(
                field=self[name],
                base=now[name].as_hidden(only_initial=True),
                theirs=in_words(now[name]),
                mine=in_words(self[name]),
            )
            for name in self.changed_data
            if in_words(now[name]) != in_words(self[name])
        ]


def started(thing: models.Model, fields) -> dict:
    """A relation is started from its key: no query for a person whom nobody looks at."""
    keys = {name: getattr(thing._meta.get_field(name), "attname", name) for name in fields}
    return {name: getattr(thing, key) for name, key in keys.items()}


def in_words(field: forms.BoundField) -> str:
    """A field's value as a person reads it."""
    value = str(field.value() or "")
    if isinstance(field.field, forms.ModelChoiceField):
        return next((str(word) for key, word in field.field.choices if str(key) == value), "")
    return value.replace("\r\n", "\n").strip()


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


def day_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class PeopleField(forms.ModelChoiceField):
    """A few people, asked for once a page; whoever left stays shown where they were chosen."""

    def offer(self, people: list[User], chosen: User | None) -> None:
        shown = list(people)
        if chosen and chosen not in shown:
            shown.append(chosen)
        self.queryset = User.objects.filter(pk__in=[person.pk for person in shown])
        self.choices = [("", "—"), *((person.pk, name_of(person)) for person in shown)]


def name_of(person: User) -> str:
    return str(person) if person.is_active else _("%(person)s（已离开）") % {"person": person}


class SeminarForm(WritingForm):
    KIND, SHORT = "seminar", frozenset({"day", "place", "chair"})

    day = forms.DateField(label=gettext_lazy("日期"), widget=day_input())
    place = forms.CharField(label=gettext_lazy("地点"), max_length=120)
    chair = PeopleField(User.objects.none(), label=gettext_lazy("主持人"))
    attendees = forms.CharField(
        label=gettext_lazy("参加人"), max_length=TEXT_LIMIT, widget=text_area(2)
    )
    minutes = forms.CharField(
        label=gettext_lazy("会议纪要"), max_length=LONG_TEXT, widget=text_area(8)
    )

    def __init__(self, data=None, *, thing: Seminar, people: list[User] = (), **kwargs):
        super().__init__(data, thing=thing, **kwargs)
        self.people = list(people)
        self.fields["chair"].offer(self.people, thing.chair)

    @property
    def now(self):
        return type(self)(thing=self.theirs, people=self.people)


class ProblemForm(WritingForm):
    KIND, SHORT = "problem", frozenset({"responsible", "due"})

    problem = forms.CharField(
        label=gettext_lazy("重点难点问题"), max_length=TEXT_LIMIT, widget=text_area(2)
    )
    solution = forms.CharField(
        label=gettext_lazy("解决方案"), max_length=LONG_TEXT, widget=text_area(4)
    )
    responsible = PeopleField(User.objects.none(), label=gettext_lazy("责任人（可不填）"))
    due = forms.DateField(label=gettext_lazy("期限（可不填）"), widget=day_input())

    def __init__(self, data=None, *, thing: SeminarProblem, people: list[User] = (), **kwargs):
        super().__init__(data, thing=thing, **kwargs)
        self.people = list(people)
        self.fields["responsible"].offer(self.people, thing.responsible)

    @property
    def now(self):
        return type(self)(thing=self.theirs, people=self.people)


class ChapterForm(WritingForm):
    KIND = "chapter"

    text = forms.CharField(label=gettext_lazy("正文"), max_length=LONG_TEXT, widget=text_area(8))

    def __init__(self, data=None, *, thing: Chapter, **kwargs):
        super().__init__(data, thing=thing, **kwargs)


class NewSeminarForm(forms.Form):
    """What has to be known before a seminar can be prepared; the rest is written on its page."""

    specialty = forms.ModelChoiceField(
        Specialty.objects.none(), label=gettext_lazy("专业口"), empty_label=None
    )
    day = forms.DateField(label=gettext_lazy("日期"), widget=day_input())
    place = forms.CharField(label=gettext_lazy("地点"), max_length=120, required=False)

    def __init__(self, *args, specialties, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["specialty"].queryset = specialties
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name == "specialty" else "form-control"
