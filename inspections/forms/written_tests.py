"""What an auditor takes for the results of a written test: a requirement and an amount."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.audit_visit.observing import About
from inspections.templatetags.sheets import plain
from inspections.written_test.page import TestPage


class TestObservationForm(forms.Form):
    """`about` is the item's code and the requirement's number; no amount means the proposed."""

    __test__ = False

    id = forms.UUIDField(widget=forms.HiddenInput)
    about = forms.ChoiceField(label=_("检查内容"), widget=forms.Select({"class": "form-select"}))
    points = forms.DecimalField(
        label=_("扣分"),
        required=False,
        widget=forms.TextInput({"class": "form-control", "inputmode": "decimal"}),
    )

    def __init__(self, data=None, *, page: TestPage):
        first = page.proposed
        initial = {"id": uuid.uuid4()}
        if first:
            initial |= {"about": name_of(first), "points": plain(page.amount(first))}
        super().__init__(data, initial=initial)
        self.page = page
        self.known = {name_of(each): each for each in page.abouts}
        self.fields["about"].choices = [(name, told(each)) for name, each in self.known.items()]

    def clean(self):
        found = self.cleaned_data
        if found.get("points") is None and "points" not in self.errors and found.get("about"):
            found["points"] = self.page.amount(self.known[found["about"]])
        return found

    def entry(self) -> dict:
        about = self.known[self.cleaned_data["about"]]
        return {
            "id": self.cleaned_data["id"],
            "about": (about.line.item.code, about.requirement.number),
            "points": self.cleaned_data["points"],
        }


def name_of(about: About) -> str:
    return f"{about.line.item.code}:{about.requirement.number}"


def told(about: About) -> str:
    low, high = plain(about.rule.minimum), plain(about.rule.maximum)
    cost = low if low == high else f"{low}–{high}"
    return f"{about.line.item} · {about.requirement} ({cost})"
