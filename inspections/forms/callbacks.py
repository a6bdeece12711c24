"""What people type about call-backs: a list's file, the campaign's settings, one call."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.callback.calls import LONGEST, Said
from inspections.callback.questionnaire import LONGEST as LONGEST_QUESTION
from inspections.callback.questionnaire import MOST, Asked
from inspections.callback.terms import FIGURES
from inspections.callback.words import CallOutcome, Grade
from inspections.forms.audit_visits import TOO_LONG, WHOLE
from inspections.forms.findings import text_area
from inspections.models import CallbackQuestion, CallbackTerms
from inspections.models.callbacks import Call


class CustomerFileForm(forms.Form):
    file = forms.FileField(label=_("Excel 或 CSV 文件"))


class SetupForm(forms.ModelForm):
    """Figures and questions of a campaign; `MOST` rows, of which empty ones are none."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = CallbackTerms
        fields = FIGURES

    def __init__(self, *args, asked=(), **kwargs):
        super().__init__(*args, **kwargs)
        for name in FIGURES:
            field = self.fields[name]
            field.widget.attrs |= {"class": "form-control", "inputmode": "numeric"}
            field.error_messages |= WHOLE
        for place in range(1, MOST + 1):
            known = asked[place - 1] if place <= len(asked) else Asked("", "")
            self.add_row(place, known)

    def add_row(self, place: int, known: Asked) -> None:
        about = {"zh": _("问题（中文）"), "en": _("问题（英文）"), "requirement": _("检查内容")}
        for name, label in about.items():
            attrs = {"class": "form-control"}
            if name == "requirement":
                attrs |= {"list": "requirements", "autocomplete": "off"}
            self.fields[f"q{place}-{name}"] = forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST_QUESTION,
                initial=getattr(known, name),
                widget=forms.TextInput(attrs),
                error_messages=TOO_LONG,
            )

    def rows(self):
        """The fields of each question, for the page."""
        for place in range(1, MOST + 1):
            yield place, [self[f"q{place}-{name}"] for name in ("zh", "en", "requirement")]

    @property
    def asked(self) -> list[Asked]:
        data = self.cleaned_data
        rows = (
            [data.get(f"q{place}-{name}", "") for name in ("zh", "en", "requirement")]
            for place in range(1, MOST + 1)
        )
        return [Asked(*row) for row in rows if any(row)]

    @property
    def figures(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in FIGURES}


class CallForm(forms.Form):
    """One try. The id is made with the page, so that sending twice is one row."""

    # not kept on the device: a page that is opened anew is another try
    id = forms.UUIDField(widget=forms.HiddenInput({"data-unkept": ""}))
    corrects = forms.UUIDField(widget=forms.HiddenInput, required=False)
    outcome = forms.ChoiceField(
        choices=CallOutcome.choices, error_messages={"required": _("选一个结果。")}
    )
    remark = forms.CharField(
        label=_("备注"), required=False, max_length=LONGEST, widget=text_area(2),
        error_messages=TOO_LONG,
    )  # fmt: skip
    complaint = forms.CharField(
        label=_("投诉内容"), required=False, max_length=LONGEST, widget=text_area(3),
        error_messages=TOO_LONG,
    )  # fmt: skip
    about = forms.ChoiceField(
        label=_("投诉和哪一题有关"), required=False,
        widget=forms.Select({"class": "form-select"}),
    )  # fmt: skip

    def __init__(self, *args, questions: list[CallbackQuestion], call: Call | None = None, **more):
        super().__init__(*args, initial=initial_of(call), **more)
        self.questions = questions
        self.fields["about"].choices = [
            ("", _("都不是，或说不清")), *((str(q.pk), q.text) for q in questions)
        ]  # fmt: skip
        for question in questions:
            self.fields[f"q{question.pk}"] = forms.TypedChoiceField(
                label=question.text,
                choices=Grade.choices,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )

    @classmethod
    def as_typed(cls, questions: list[CallbackQuestion], data) -> "CallForm":
        """What stands in the page so far, not judged yet."""
        form = cls(questions=questions)
        form.initial |= {name: data[name] for name in form.fields if data.get(name)}
        return form

    def asked(self):
        return [self[f"q{question.pk}"] for question in self.questions]

    @property
    def said(self) -> Said:
        data = self.cleaned_data
        answers = {q.pk: data[f"q{q.pk}"] for q in self.questions if data[f"q{q.pk}"]}
        about = int(data["about"]) if data["about"] else None
        return Said(data["outcome"], answers, data["remark"], data["complaint"], about)


def initial_of(call: Call | None) -> dict:
    if call is None:
        return {"id": uuid.uuid4()}
    found = {"id": uuid.uuid4(), "corrects": call.pk, "remark": call.remark}
    found |= {"complaint": call.complaint, "about": call.about_id or ""}
    return found | {f"q{answer.question_id}": answer.grade for answer in call.answers.all()}


class PutForm(forms.Form):
    """A complaint or a low answer on its way to the sheet."""

    matter = forms.CharField(max_length=40)
    place = forms.IntegerField(required=False)
    points = forms.DecimalField(
        required=False, max_digits=6, error_messages={"invalid": _("请填数字，例如 0.5。")}
    )
