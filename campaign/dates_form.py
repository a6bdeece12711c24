"""The dates of a campaign as people type them: two days a phase, one a milestone."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from campaign.models import Milestone, Phase
from campaign.setup import EARLIEST_YEAR, LATEST_YEAR

NOTE_LENGTH = 2000
RANGE = _("日期要在 2000 年和 2100 年之间。")


def day_field() -> forms.DateField:
    return forms.DateField(
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": _("请填写日期。"),
            "invalid": _("请写成 2027-09-25 这样的日期。"),
        },
        validators=[
            MinValueValidator(date(EARLIEST_YEAR, 1, 1), RANGE),
            MaxValueValidator(date(LATEST_YEAR, 12, 31), RANGE),
        ],
    )


class DatesForm(forms.Form):
    """Fields are named as `campaign.dates.Remark.place` names them; `seen` is the dates' mark."""

    reason = forms.CharField(label=_("改日期的理由"), required=False, max_length=NOTE_LENGTH)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, phases: Iterable[Phase], milestones: Iterable[Milestone]):
        super().__init__(data)
        self.phases, self.milestones = list(phases), list(milestones)
        for phase in self.phases:
            self.fields[f"start-{phase.code}"] = day_field()
            self.fields[f"end-{phase.code}"] = day_field()
        for milestone in self.milestones:
            self.fields[f"due-{milestone.code}"] = day_field()

    def clean(self):
        for phase in self.phases:
            start, end = self.day(f"start-{phase.code}"), self.day(f"end-{phase.code}")
            if start and end and end < start:
                self.add_error(f"end-{phase.code}", _("阶段的结束不能早于开始。"))
        return self.cleaned_data

    def day(self, name: str) -> date | None:
        """What was typed, where it is a day."""
        return self.cleaned_data.get(name)

    def phase_days(self) -> dict[str, tuple[date, date]]:
        return {
            each.code: (self.day(f"start-{each.code}"), self.day(f"end-{each.code}"))
            for each in self.phases
        }

    def milestone_days(self) -> dict[str, date]:
        return {each.code: self.day(f"due-{each.code}") for each in self.milestones}

    def gates(self) -> list[str]:
        return self.data.getlist("gate")
